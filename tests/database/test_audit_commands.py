"""`flask audit …`: an unbroken trail passes, and the first event that is not what was written is named (P4)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.models import Alert, AuditEvent, AuditHead
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


@pytest.fixture
def kept(trail: Flask, tmp_path: Path) -> Path:
    """A file with the signed lines of two days."""
    path = tmp_path / "heads.txt"
    first = run(trail, "audit", "head").stdout
    with transaction():
        audit.record(action=AuditAction.VETTED, by=None, entity=AuditEntity.SPONSOR, entity_id="s6")
    path.write_text(f"{first}\n{run(trail, 'audit', 'head').stdout}")
    return path


def _rewrite_everything() -> None:
    """What only somebody who has the site's secret can do: another past, with a chain that holds."""
    before = ""
    for event in session().scalars(select(AuditEvent).order_by(AuditEvent.number)):
        event.entity_id = "somebody else"
        event.digest = before = audit.link_digest(event, before)
    session().scalars(select(AuditHead)).one().digest = before


def test_p4_signed_lines_that_the_trail_still_holds_pass(trail: Flask, kept: Path) -> None:
    assert run(trail, "audit", "verify", "--head", kept).exit_code == 0


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (_rewrite_everything, "Error: Event 5 is not the one that was noted."),
        (_forge_head, "Error: Event 3 is missing."),
    ],
)
def test_p4_a_chain_written_anew_and_a_truncated_tail_are_found_by_a_line_kept_outside(
    trail: Flask, kept: Path, tamper: Callable[[], None], said: str
) -> None:
    with transaction():
        tamper()

    assert run(trail, "audit", "verify").exit_code == 0
    assert refusal(trail, "audit", "verify", "--head", kept) == (1, said)


def test_p4_a_line_that_this_site_did_not_sign_is_refused(trail: Flask, kept: Path) -> None:
    first, _, *rest = kept.read_text().splitlines()
    kept.write_text("\n".join([first, rest[0].replace("head 6", "head 7")]))

    status, line = refusal(trail, "audit", "verify", "--head", kept)

    assert (status, line) == (2, "Error: heads.txt: line 2: this site has not signed it")


_SPOILT_ON_SQLITE = (
    "UPDATE audit_event SET fields = '[\"vetting' WHERE number = 3",
    "UPDATE audit_event SET fields = 'null' WHERE number = 3",
    "UPDATE audit_event SET at = 'yesterday' WHERE number = 3",
    "UPDATE audit_event SET at = x'ff00' WHERE number = 3",
    "UPDATE audit_event SET action = CAST(x'fffe' AS TEXT) WHERE number = 3",
    "UPDATE audit_event SET digest = 7 WHERE number = 3",
)
_SPOILT_ON_POSTGRESQL = (
    "UPDATE audit_event SET fields = '7' WHERE number = 3",
    "UPDATE audit_event SET at = 'infinity' WHERE number = 3",
    "UPDATE audit_event SET at = '0044-03-15 BC' WHERE number = 3",
)


def test_p4_a_spoilt_row_is_named_and_not_a_traceback_and_administrators_are_alerted(
    trail: Flask, database_url: str
) -> None:
    spoilt = _SPOILT_ON_SQLITE if database_url.startswith("sqlite") else _SPOILT_ON_POSTGRESQL
    for statement in spoilt:
        with transaction():
            session().execute(text(statement))

        assert refusal(trail, "audit", "verify") == (1, "Error: Event 3 is not what was written."), statement

    session().rollback()
    assert [(alert.kind, alert.about) for alert in session().scalars(select(Alert))] == [("trail_broken", "3")]
    assert session().scalar(select(AuditHead.number)) == 5


def test_p4_a_head_that_is_gone_is_named(trail: Flask) -> None:
    with transaction():
        session().execute(delete(AuditHead))

    assert refusal(trail, "audit", "verify") == (1, "Error: The head of the trail is missing.")
    assert refusal(trail, "audit", "head") == (1, "Error: The head of the trail is missing.")


def test_p4_a_head_that_was_changed_is_named(trail: Flask) -> None:
    with transaction():
        session().execute(update(AuditHead).values(digest="0" * 64))

    assert refusal(trail, "audit", "verify") == (1, "Error: The head of the trail is not what was written.")
