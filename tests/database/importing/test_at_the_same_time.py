"""Imports and decisions about their rows that run beside each other, and beside coordinators' work."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import quarantine
from app.database import locked, session
from app.errors import Conflict
from app.models import AuditEvent, Match, Prisoner
from app.permissions import Viewer
from app.queries import quarantine as queries
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import MatchState
from tests.database.importing.lists import LATER, import_rows, outcomes, row
from tests.database.importing.waiting import counted, waiting
from tests.factories import fresh, make_coordinator, make_match

AT_ONCE = 4


@pytest.mark.slow
def test_one_list_imported_several_times_at_once_is_imported_once(app: Flask) -> None:
    without_ids = [row(number, id="", url="") for number in range(1, 6)]
    barrier = Barrier(AT_ONCE)

    def run(_number: int) -> dict[str, int]:
        with app.app_context():
            barrier.wait()
            return outcomes(import_rows(*without_ids))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(run, range(AT_ONCE)))

    assert sorted(found, key=str) == [{"new": 5}] + [{"unchanged": 5}] * (AT_ONCE - 1)
    assert len(session().scalars(select(Prisoner.id)).all()) == 5


@pytest.mark.slow
def test_an_import_waits_for_who_holds_a_record_and_overwrites_nothing(app: Flask) -> None:
    import_rows(row(1))
    match = make_match(prisoner=session().scalars(select(Prisoner)).one())
    session().rollback()
    holding = Barrier(2)

    def approve() -> None:
        with app.app_context(), transaction():
            session().scalars(locked(select(Prisoner))).all()
            holding.wait()
            found = session().scalars(locked(select(Match))).one()
            found.state, found.decided_at, found.decided_by = MatchState.APPROVED, found.proposed_at, office

    office = fresh(match).sponsor.vetted_by
    session().rollback()
    with ThreadPoolExecutor(1) as pool:
        approval = pool.submit(approve)
        holding.wait()
        diff = import_rows(row(1, status="former", release_date="2026-11-10"), as_of=LATER)
        approval.result()

    assert outcomes(diff) == {"changed": 1}
    assert fresh(match).state is MatchState.WITHDRAWN
    assert match.decided_by == office


def clash() -> list[dict[str, str]]:
    return [row(1), row(2, url=row(1)["url"])]


@pytest.mark.slow
def test_one_clash_imported_several_times_at_once_waits_once(app: Flask) -> None:
    barrier = Barrier(AT_ONCE)

    def run(_number: int) -> None:
        with app.app_context():
            barrier.wait()
            import_rows(*clash())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, range(AT_ONCE)))

    assert [one.row_number for one in waiting()] == [1, 2]


@pytest.mark.slow
def test_c1_of_many_who_decide_about_one_row_one_succeeds(app: Flask) -> None:
    import_rows(*clash())
    one = waiting()[0]
    row_id, version, seen = one.id, one.version, quarantine.digest_of(queries.possible(one))
    deciders = [viewer_of(make_coordinator(roles=["programme"])) for _ in range(AT_ONCE)]
    barrier = Barrier(AT_ONCE)

    def decide(by: Viewer) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    quarantine.new_person(row_id, by=by, seen_version=version, seen_people=seen)
            except Conflict as refusal:
                return type(refusal).__name__
            return "decided"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = sorted(pool.map(decide, deciders))

    assert answers == ["InvalidTransition"] * (AT_ONCE - 1) + ["decided"]
    assert counted(Prisoner) == 1
    decisions = select(AuditEvent.action).where(AuditEvent.entity == "quarantined_row")
    assert sorted(session().scalars(decisions)) == ["decide_new_person", "quarantine", "quarantine"]


@pytest.mark.slow
def test_c1_two_rows_of_a_clash_are_not_made_two_people_by_two_who_saw_neither(app: Flask) -> None:
    import_rows(*clash())
    rows = [(one.id, one.version, quarantine.digest_of(queries.possible(one))) for one in waiting()]
    deciders = [viewer_of(make_coordinator(roles=["programme"])) for _ in rows]
    barrier = Barrier(len(rows))

    def decide(number: int) -> str:
        row_id, version, seen = rows[number]
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    quarantine.new_person(row_id, by=deciders[number], seen_version=version, seen_people=seen)
            except Conflict as refusal:
                return type(refusal).__name__
            return "decided"

    with ThreadPoolExecutor(len(rows)) as pool:
        answers = sorted(pool.map(decide, range(len(rows))))

    assert answers == ["StaleRecord", "decided"]
    assert (counted(Prisoner), len(waiting())) == (1, 1)
