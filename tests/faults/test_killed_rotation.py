"""P2: a rotation killed in the middle loses nothing, and the next one ends it."""

import signal
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions.seal_keys import renewable
from app.database import session
from app.models import Account, Base, SecondFactor
from tests.conftest import SEAL_KEYS, written
from tests.factories import make_account, make_second_factor, writing
from tests.faults.commands import environment, start
from tests.smtp_peer import SmtpPeer

NEWER = (("newer", b"a newer key for tests 0123456789"),)
IN_A_BATCH = 3
"""As `dying_rotation` seals them anew."""

pytestmark = pytest.mark.slow


def under(key_id: str, table: type[Base], name: str) -> int:
    session().rollback()
    sealed = session().scalars(select(table.__table__.c[f"{name}_sealed"]))
    return len([one for one in sealed if one.startswith(f"s1.{key_id}.")])


@pytest.mark.parametrize(("table", "name"), [(SecondFactor, "seed"), (Account, "email")], ids=["seeds", "addresses"])
def test_p2_a_rotation_killed_in_the_middle_is_ended_by_the_next_while_readers_read(
    app: Flask, table: type[Base], name: str
) -> None:
    with writing():
        ids = [make_second_factor(make_account()).account_id for _ in range(10)]
    before = [getattr(session().get_one(table, one), name) for one in ids]
    keys = NEWER + SEAL_KEYS
    with SmtpPeer() as peer:
        both = environment(app, peer, VESTKA_SEAL_KEYS=written(keys))
        killed = start(["tests.faults.dying_rotation", str(batches_before(table) + 2)], both)
        killed.communicate(timeout=180)
        left = (under("newer", table, name), under("tests", table, name))
        app.config["VESTKA"] = replace(app.config["VESTKA"], seal_keys=keys)
        read = [getattr(session().get_one(table, one), name) for one in ids]
        session().rollback()
        again = start(["flask", "--app", "wsgi", "keys", "rotate"], both)
        said, _ = again.communicate(timeout=180)

    app.config["VESTKA"] = replace(app.config["VESTKA"], seal_keys=SEAL_KEYS)
    assert (killed.returncode, left) == (-signal.SIGKILL, (3, 7))
    assert read == before
    assert (again.returncode, under("newer", table, name), under("tests", table, name)) == (0, 10, 0)
    assert "'tests' any more" in said


def batches_before(table: type[Base]) -> int:
    """The transactions that the columns before the table's take: they stand in the order of their classes' names."""
    columns = [one.__table__.c[value.column] for one, value in renewable() if one.__name__ < table.__name__]
    return sum(-(-(session().scalar(select(func.count(column))) or 0) // IN_A_BATCH) + 1 for column in columns)
