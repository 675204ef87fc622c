"""The seal keys of a database: a wrong or missing one stops the start (P1, P2)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.database import session
from app.extensions import db
from app.models import SealKey
from app.transaction import transaction
from config import MissingSetting
from tests.conftest import SEAL_KEYS
from tests.factories import SEED, make_coordinator

Keys = tuple[tuple[str, bytes], ...]
NEWER: Keys = (("newer", b"a newer key for tests 0123456789"),)
SAME_NAME: Keys = (("tests", b"another key for tests 0123456789"),)


@pytest.fixture
def started(app: Flask) -> Iterator[Flask]:
    """The application, whose database has been used with SEAL_KEYS."""
    start(app, SEAL_KEYS)
    yield app
    with transaction():
        session().query(SealKey).delete()


def start(app: Flask, keys: Keys) -> Flask:
    """Another program of the site, with these keys."""
    another = create_app(replace(app.config["VESTKA"], seal_keys=keys))
    with another.app_context():
        db.engine.dispose()
    return another


def known() -> list[str]:
    session().rollback()
    return sorted(session().scalars(select(SealKey.id)))


def test_p2_the_keys_in_use_are_written_down_at_the_start(started: Flask) -> None:
    assert known() == ["tests"]

    start(started, SEAL_KEYS)
    start(started, NEWER + SEAL_KEYS)

    assert known() == ["newer", "tests"]


@pytest.mark.parametrize("keys", [NEWER, SAME_NAME, ()], ids=["missing", "other bytes", "none at all"])
def test_p2_a_wrong_or_missing_key_refuses_to_start(started: Flask, keys: Keys) -> None:
    with pytest.raises(MissingSetting, match="VESTKA_SEAL_KEYS"):
        start(started, keys)

    assert known() == ["tests"]


def test_p1_nothing_sealed_stands_in_the_rows(started: Flask) -> None:
    make_coordinator()

    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM second_factor").all()

    assert SEED not in str(rows)
