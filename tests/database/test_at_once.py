"""Many decide at the same moment, from several processes: never more than there are places (C1, C2)."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from app import create_app
from app.actions import matches
from app.database import session
from app.errors import VestkaError
from app.extensions import db
from app.models import Account, AuditEvent, Match, OutgoingMail
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import LIVE_STATES, StaffRole
from config import Settings
from tests.factories import make_coordinator, make_match, make_prisoner, make_sponsor

PROCESSES, THREADS, ROUNDS = 3, 4, 4
PLACES = 3

_app: list[Flask] = []


def open_application(settings: Settings) -> None:
    """What each process does once."""
    _app.append(create_app(settings))


def approve(job: tuple[str, str]) -> str:
    """Approve one match in a context of its own; return what came of it."""
    match_id, account_id = job
    app = _app[0] if _app else current_app
    with app.app_context():
        by = viewer_of(session().get_one(Account, account_id))
        try:
            with transaction():
                matches.approve(match_id=match_id, by=by, seen_version=1)
        except VestkaError as failure:
            return type(failure).__name__
    return "approved"


def approve_several(jobs: list[tuple[str, str]]) -> list[str]:
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(approve, jobs))


@pytest.fixture(scope="module")
def processes(migrated_app: Flask) -> Iterator[Pool]:
    """A pool of processes, each with an application of its own on the test's database."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES, initializer=open_application, initargs=(migrated_app.config["VESTKA"],)) as pool:
        yield pool
        pool.close()
        pool.join()


@pytest.fixture
def coordinator(app: Flask) -> Viewer:
    return viewer_of(make_coordinator(roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME]))


def all_at_once(pool: Pool, jobs: list[tuple[str, str]]) -> Counter[str]:
    shares = [jobs[start::PROCESSES] for start in range(PROCESSES)]
    answers = pool.map(approve_several, shares, chunksize=1)
    db.session.rollback()
    return Counter(answer for share in answers for answer in share)


def live(**narrowed: str) -> int:
    query = select(func.count()).select_from(Match).where(Match.state.in_(LIVE_STATES)).filter_by(**narrowed)
    return session().scalar(query) or 0


@pytest.mark.slow
def test_c2_exactly_the_places_there_are_get_filled(coordinator: Viewer, processes: Pool) -> None:
    for _round in range(ROUNDS):
        sponsor = make_sponsor(capacity=PLACES)
        proposals = [make_match(sponsor=sponsor).id for _ in range(PROCESSES * THREADS)]

        answers = all_at_once(processes, [(match_id, coordinator.account_id) for match_id in proposals])

        assert answers == {"approved": PLACES, "NotEligible": PROCESSES * THREADS - PLACES}
        assert live(sponsor_id=sponsor.id) == PLACES


@pytest.mark.slow
def test_c2_exactly_the_seats_there_are_get_filled(coordinator: Viewer, processes: Pool) -> None:
    prisoner = make_prisoner(letter_writer_seats=PLACES)
    proposals = [make_match(prisoner=prisoner).id for _ in range(PROCESSES * THREADS)]

    answers = all_at_once(processes, [(match_id, coordinator.account_id) for match_id in proposals])

    assert answers["approved"] == live(prisoner_id=prisoner.id) == PLACES


@pytest.mark.slow
def test_c1_of_many_who_approve_one_match_one_succeeds_and_one_mail_goes(coordinator: Viewer, processes: Pool) -> None:
    match = make_match()

    answers = all_at_once(processes, [(match.id, coordinator.account_id)] * (PROCESSES * THREADS))

    assert answers == {"approved": 1, "StaleRecord": PROCESSES * THREADS - 1}
    assert session().scalar(select(func.count()).select_from(OutgoingMail)) == 1
    assert list(session().scalars(select(AuditEvent.action))) == ["approve"]
