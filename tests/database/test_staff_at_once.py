"""Two administrators at the same moment, in two processes: one of them stays (Z7), and nobody is left alone."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from multiprocessing.pool import Pool

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.actions import caseloads, privacy, staff
from app.actions.caseloads import Held
from app.database import session
from app.errors import VestkaError
from app.extensions import db
from app.models import Account, StaffGrant
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.queries.caseloads import coordinators_of
from app.transaction import transaction
from app.vocabulary import MatchState, StaffRole
from config import Settings
from tests.factories import make_administrator, make_coordinator, make_match, make_prisoner

ROUNDS = 4
BELARUS = Held(country="BY", facility_id=None)
ADMINISTRATOR, COORDINATOR = StaffRole.ADMINISTRATOR, StaffRole.COORDINATOR
Job = tuple[str, str, str]

_app: list[Flask] = []


def open_application(settings: Settings) -> None:
    """What each process does once."""
    _app.append(create_app(settings))


def act(job: Job) -> str:
    """Have one administrator take role or prisoners from the other account, close or erase it; say what came of it."""
    how, acting, other = job
    with _app[0].app_context():
        try:
            if how == "erase":
                email = session().get_one(Account, other).email
                with transaction():
                    privacy.erase(email=email, by=None)
            else:
                _appoint(how, by=viewer_of(session().get_one(Account, acting)), account_id=other)
        except VestkaError as failure:
            return type(failure).__name__
    return "done"


def _appoint(how: str, *, by: Viewer, account_id: str) -> None:
    with transaction():
        if how == "roles":
            seen = frozenset({ADMINISTRATOR})
            staff.change_roles(account_id=account_id, roles=[COORDINATOR], seen=seen, by=by)
        elif how == "take":
            caseloads.take(account_id=account_id, whom=BELARUS, by=by)
        else:
            staff.close(account_id=account_id, reason="x", hand_over_to=None, by=by)


@pytest.fixture(scope="module")
def two_processes(migrated_app: Flask) -> Iterator[Pool]:
    """Two processes, each with an application of its own on the test's database."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(2, initializer=open_application, initargs=(migrated_app.config["VESTKA"],)) as pool:
        yield pool
        pool.close()
        pool.join()


def administrators() -> int:
    db.session.rollback()
    query = (
        select(Account.id)
        .join(StaffGrant, StaffGrant.account_id == Account.id)
        .where(StaffGrant.role == ADMINISTRATOR, Account.disabled_at.is_(None))
    )
    return len(session().scalars(query).all())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ways", "refused"),
    [
        (("roles", "roles"), "NotAllowed"),
        (("close", "close"), "NotAllowed"),
        (("roles", "close"), "NotAllowed"),
        (("erase", "erase"), "HasDuties"),
    ],
    ids=["roles", "closing", "roles and closing", "erasing"],
)
def test_z7_of_two_who_remove_each_other_at_once_one_stays_an_administrator(
    app: Flask, two_processes: Pool, ways: tuple[str, str], refused: str
) -> None:
    for _round in range(ROUNDS):
        one, other = make_administrator(), make_administrator()
        _retire_all_but(one.id, other.id)

        answers = two_processes.map(act, [(ways[0], one.id, other.id), (ways[1], other.id, one.id)], chunksize=1)

        assert Counter(answers) == {"done": 1, refused: 1}
        assert administrators() == 1


@pytest.mark.slow
def test_of_two_who_take_the_same_prisoner_in_a_match_from_the_last_two_one_is_refused(
    app: Flask, two_processes: Pool
) -> None:
    one, other = make_administrator(), make_administrator()
    for _round in range(2 * ROUNDS):
        prisoner = make_match(prisoner=make_prisoner(country="BY"), state=MatchState.ACTIVE).prisoner
        here, there = make_coordinator(caseload=[prisoner]), make_coordinator(caseload=[prisoner])
        jobs = [("take", one.id, here.id), ("take", other.id, there.id)]
        session().rollback()

        answers = two_processes.map(act, jobs, chunksize=1)

        assert Counter(answers) == {"done": 1, "HasDuties": 1}
        session().rollback()
        assert len(coordinators_of(prisoner.id)) == 1


def _retire_all_but(*ids: str) -> None:
    """Take the role from whoever the round before left."""
    with transaction():
        for grant in session().scalars(select(StaffGrant).where(StaffGrant.account_id.not_in(ids))):
            session().delete(grant)
