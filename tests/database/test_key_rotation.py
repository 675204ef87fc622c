"""`flask keys rotate`: everything sealed anew, counted, and the older key let go (P2)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from app.actions import seal_keys
from app.database import session
from app.extensions import db
from app.models import AuditEvent, SealKey, SecondFactor
from app.transaction import transaction
from config import MissingSetting
from tests.conftest import SEAL_KEYS
from tests.factories import SEED, make_account, make_second_factor, writing

NEWER = (("newer", b"a newer key for tests 0123456789"),)
BOTH = NEWER + SEAL_KEYS


@pytest.fixture
def planted(app: Flask) -> Iterator[list[str]]:
    """Accounts whose seeds stand under the older key, in a database that knows it; the site has both keys now."""
    settings = app.config["VESTKA"]
    with writing():
        ids = [make_second_factor(make_account()).account_id for _ in range(5)]
        seal_keys.begin()
    app.config["VESTKA"] = replace(settings, seal_keys=BOTH)
    yield ids
    app.config["VESTKA"] = settings


def rotate(app: Flask, *options: str) -> Any:
    session().rollback()
    return app.test_cli_runner().invoke(args=["keys", "rotate", *options])


def start(app: Flask, keys: tuple[tuple[str, bytes], ...]) -> None:
    """Another program of the site, with these keys."""
    with create_app(replace(app.config["VESTKA"], seal_keys=keys)).app_context():
        db.engine.dispose()


def test_p2_a_rotation_seals_everything_under_the_first_key_in_small_transactions(
    app: Flask, planted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal_keys, "BATCH", 2)

    answer = json.loads(rotate(app, "--json").stdout)

    assert answer["sealed_anew"]["second_factor.seed_sealed"] == 5
    assert (answer["current"], answer["removable"], answer["broken"]) == ("newer", ["tests"], [])
    app.config["VESTKA"] = replace(app.config["VESTKA"], seal_keys=NEWER)
    assert [session().get_one(SecondFactor, one).seed for one in planted] == [SEED] * 5


def test_p2_once_nothing_stands_under_the_older_key_the_program_starts_without_it(
    app: Flask, planted: list[str]
) -> None:
    with pytest.raises(MissingSetting):
        start(app, NEWER)

    said = rotate(app).stdout

    assert "'tests' any more" in said
    start(app, NEWER)
    session().rollback()
    assert list(session().scalars(select(SealKey.id))) == ["newer"]
    [event] = session().scalars(select(AuditEvent).where(AuditEvent.entity == "seal_key"))
    assert (event.action, event.entity_id) == ("retire_key", "tests")


def test_p2_a_second_rotation_finds_nothing_to_do(app: Flask, planted: list[str]) -> None:
    rotate(app)

    again = rotate(app, "--json")

    assert again.exit_code == 0
    assert set(json.loads(again.stdout)["sealed_anew"].values()) == {0}


def test_p2_a_value_that_does_not_open_is_named_kept_and_holds_up_no_other(app: Flask, planted: list[str]) -> None:
    moved = session().get_one(SecondFactor, planted[0]).seed_sealed
    with transaction():
        session().execute(update(SecondFactor).where(SecondFactor.account_id == planted[1]).values(seed_sealed=moved))

    answer = rotate(app, "--json")

    assert (answer.exit_code, planted[1] in answer.stderr, SEED in answer.output) == (1, True, False)
    assert json.loads(answer.stdout)["broken"] == [f"second_factor.seed_sealed {planted[1]}"]
    assert json.loads(answer.stdout)["standing_under"] == {"tests": 1}
    assert session().get_one(SecondFactor, planted[1]).seed_sealed == moved
    assert session().get_one(SealKey, "tests").id == "tests"
