"""C3: an event beside a decision or an answer at the same moment, and beside itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import events, matches
from app.actions.events import EventOrder
from app.database import session
from app.errors import VestkaError
from app.models import PrisonerEvent
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import EventType, MatchState
from tests.database.events.recording import DAY, notices
from tests.factories import fresh, make_match, make_prisoner

ROUNDS = 6


def together(app: Flask, *acts: Callable[[], Any]) -> list[str]:
    """Do all at the same moment, each in a transaction of its own; what came of each."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    act()
            except VestkaError as failure:
                return type(failure).__name__
            return "done"

    session().rollback()
    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def release(prisoner_id: str, by: Viewer) -> None:
    events.record(EventOrder(prisoner_id=prisoner_id, type=EventType.RELEASE, day=DAY, source="a colleague"), by=by)


@pytest.mark.slow
def test_c3_whoever_is_released_while_a_proposal_is_approved_is_offered_to_nobody(
    app: Flask, coordinator: Viewer
) -> None:
    for _round in range(ROUNDS):
        match = make_match()
        match_id, prisoner_id = match.id, match.prisoner_id

        came = together(
            app,
            lambda key=match_id: matches.approve(match_id=key, by=coordinator, seen_version=1),
            lambda key=prisoner_id: release(key, coordinator),
        )

        assert came[1] == "done"
        assert fresh(match).state is MatchState.WITHDRAWN
    assert notices() == []


@pytest.mark.slow
def test_c3_whoever_is_released_while_an_offer_is_accepted_has_no_active_match(app: Flask, coordinator: Viewer) -> None:
    for _round in range(ROUNDS):
        match = make_match(state=MatchState.APPROVED)
        match_id, prisoner_id, by = match.id, match.prisoner_id, viewer_of(match.sponsor.account)

        came = together(
            app,
            lambda key=match_id, who=by: matches.accept(match_id=key, by=who),
            lambda key=prisoner_id: release(key, coordinator),
        )

        accepted = came[0] == "done"
        assert fresh(match).state is (MatchState.ENDED if accepted else MatchState.WITHDRAWN)


@pytest.mark.slow
def test_c4_an_event_that_several_record_at_once_is_recorded_once(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()
    make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    key = prisoner.id

    came = together(app, *[lambda: release(key, coordinator)] * 4)

    assert sorted(came) == ["Conflict", "Conflict", "Conflict", "done"]
    assert session().scalar(select(func.count()).select_from(PrisonerEvent)) == 1
    assert notices() == ["released"]


@pytest.mark.slow
def test_a_sponsor_of_several_does_not_lock_their_events_against_each_other(app: Flask, coordinator: Viewer) -> None:
    for _round in range(ROUNDS):
        first, second = make_match(state=MatchState.ACTIVE), make_match(state=MatchState.ACTIVE)
        crossed = [
            make_match(prisoner=first.prisoner, sponsor=second.sponsor, state=MatchState.ACTIVE),
            make_match(prisoner=second.prisoner, sponsor=first.sponsor, state=MatchState.ACTIVE),
        ]

        keys = (first.prisoner_id, second.prisoner_id)
        came = together(app, *[lambda key=key: release(key, coordinator) for key in keys])

        assert came == ["done", "done"]
        assert {fresh(match).state for match in (first, second, *crossed)} == {MatchState.ENDED}
