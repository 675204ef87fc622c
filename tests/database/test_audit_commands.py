"""`flask audit verify`: an unbroken trail passes, and the first event that is not what was written is named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.models import AuditEvent, AuditHead
from app.transaction import transaction
from tests.database.cli.runner import answer, refusal, run


@pytest.fixture
def trail(app: Flask) -> Flask:
    """A trail of five events."""
    for number in range(1, 6):
        with transaction():
            audit.record(
                action=AuditAction.VETTED,
                by=None,
                entity=AuditEntity.SPONSOR,
                entity_id=f"s{number}",
                fields=["vetting_state"],
            )
    return app


def _change() -> None:
    session().execute(update(AuditEvent).where(AuditEvent.number == 3).values(entity_id="other"))


def _remove() -> None:
    session().execute(delete(AuditEvent).where(AuditEvent.number == 3))


def _cut_off() -> None:
    session().execute(delete(AuditEvent).where(AuditEvent.number >= 3))


def _forge_head() -> None:
    _cut_off()
    digest = session().scalar(select(AuditEvent.digest).where(AuditEvent.number == 2))
    session().execute(update(AuditHead).values(number=2, digest=digest))


def test_an_unbroken_trail_passes(trail: Flask) -> None:
    result = run(trail, "audit", "verify")

    assert (result.exit_code, result.stdout) == (0, "5 events, unbroken.\n")
    assert answer(trail, "audit", "verify")["head"]["number"] == 5


def test_an_empty_trail_passes(app: Flask) -> None:
    assert answer(app, "audit", "verify") == {"events": 0, "head": {"number": 0, "digest": ""}}


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_change, "Error: Event 3 is not what was written."),
        (_remove, "Error: Event 3 is missing."),
        (_cut_off, "Error: Event 3 is missing."),
    ],
)
def test_the_first_broken_event_is_named(trail: Flask, tamper: Callable[[], None], said: str) -> None:
    with transaction():
        tamper()

    assert refusal(trail, "audit", "verify") == (1, said)


def test_events_cut_off_together_with_the_head_are_missed_by_whoever_noted_it(trail: Flask, tmp_path: Path) -> None:
    noted = tmp_path / "head.json"
    noted.write_text(json.dumps(answer(trail, "audit", "verify")))
    with transaction():
        _forge_head()

    assert run(trail, "audit", "verify").exit_code == 0
    assert refusal(trail, "audit", "verify", "--head", noted) == (1, "Error: Event 3 is missing.")


def test_a_noted_head_that_the_trail_has_outgrown_passes(trail: Flask, tmp_path: Path) -> None:
    noted = tmp_path / "head.json"
    noted.write_text(json.dumps(answer(trail, "audit", "verify")))
    with transaction():
        audit.record(action=AuditAction.VETTED, by=None, entity=AuditEntity.SPONSOR, entity_id="s6")

    assert run(trail, "audit", "verify", "--head", noted).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"[]", b'{"head": {"number": "5", "digest": ""}}', b"\xff"])
def test_a_file_that_is_no_head_is_refused(trail: Flask, tmp_path: Path, content: bytes) -> None:
    noted = tmp_path / "head.json"
    noted.write_bytes(content)

    status, line = refusal(trail, "audit", "verify", "--head", noted)

    assert (status, line.startswith("Error: head.json: is not what")) == (2, True)
