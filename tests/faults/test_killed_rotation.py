"""P2: a rotation killed in the middle loses nothing, and the next one ends it."""

import signal
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions.seal_keys import renewable
from app.database import session
from app.models import SecondFactor
from tests.conftest import SEAL_KEYS, written
from tests.factories import SEED, make_account, make_second_factor, writing
from tests.faults.commands import environment, start
from tests.smtp_peer import SmtpPeer

NEWER = (("newer", b"a newer key for tests 0123456789"),)

pytestmark = pytest.mark.slow


def under(key_id: str) -> int:
    session().rollback()
    return len([one for one in session().scalars(select(SecondFactor.seed_sealed)) if one.startswith(f"s1.{key_id}.")])


def test_p2_a_rotation_killed_in_the_middle_is_ended_by_the_next_while_readers_read(app: Flask) -> None:
    with writing():
        ids = [make_second_factor(make_account()).account_id for _ in range(10)]
    keys = NEWER + SEAL_KEYS
    with SmtpPeer() as peer:
        both = environment(app, peer, VESTKA_SEAL_KEYS=written(keys))
        # The tables stand in the order of their classes' names; empty ones take one transaction each.
        killed = start(["tests.faults.dying_rotation", str(batches_before("SecondFactor") + 2)], both)
        killed.communicate(timeout=180)
        left = (under("newer"), under("tests"))
        app.config["VESTKA"] = replace(app.config["VESTKA"], seal_keys=keys)
        read = [session().get_one(SecondFactor, one).seed for one in ids]
        session().rollback()
        again = start(["flask", "--app", "wsgi", "keys", "rotate"], both)
        said, _ = again.communicate(timeout=180)

    app.config["VESTKA"] = replace(app.config["VESTKA"], seal_keys=SEAL_KEYS)
    assert (killed.returncode, left) == (-signal.SIGKILL, (3, 7))
    assert read == [SEED] * 10
    assert (again.returncode, under("newer"), under("tests")) == (0, 10, 0)
    assert "'tests' any more" in said


def batches_before(table: str) -> int:
    return len([one for one, _ in renewable() if one.__name__ < table])
