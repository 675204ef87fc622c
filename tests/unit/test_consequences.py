"""What follows from every event for a match in every state: the whole table."""

import itertools

import pytest

from app.actions.consequences import Consequence, Notice, Standing, follow
from app.transitions import MATCH_MOVES, check_move
from app.vocabulary import EndReason, EventType, MatchState

PLACE = "aaaabbbbccccdddd"

ENDED = {
    EventType.RELEASE: (MatchState.ENDED, EndReason.RELEASED, Notice.RELEASED),
    EventType.DEATH: (MatchState.ENDED, EndReason.DIED, Notice.CONDOLENCE),
}
WITHDRAWN = (MatchState.WITHDRAWN, None, None)


def expected(event: EventType, state: MatchState) -> tuple[MatchState, EndReason | None, Notice | None] | None:
    """What becomes of a match whose offer went to nobody and which no release ended."""
    if event in ENDED:
        if state in (MatchState.ACTIVE, MatchState.PAUSED):
            return ENDED[event]
        return WITHDRAWN if state in (MatchState.PROPOSED, MatchState.APPROVED) else None
    if event is EventType.TRANSFER and state is MatchState.ACTIVE:
        return (state, None, Notice.MOVED)
    return None


def said(consequence: Consequence | None) -> tuple[MatchState, EndReason | None, Notice | None] | None:
    return (consequence.after, consequence.end_reason, consequence.notice) if consequence else None


@pytest.mark.parametrize(("event", "state"), list(itertools.product(EventType, MatchState)))
def test_each_event_means_this_for_each_state(event: EventType, state: MatchState) -> None:
    consequence = follow(event, Standing(state=state), facility_id=PLACE)

    assert said(consequence) == expected(event, state)


@pytest.mark.parametrize(
    ("event", "state", "flags"),
    list(itertools.product(EventType, MatchState, itertools.product((False, True), repeat=2))),
)
def test_no_consequence_takes_a_move_that_the_field_does_not_know(
    event: EventType, state: MatchState, flags: tuple[bool, bool]
) -> None:
    ended = state is MatchState.ENDED
    standing = Standing(state=state, offer_gone=flags[0], ended_by_release=ended, fits_again=ended and flags[1])

    consequence = follow(event, standing, facility_id=None)

    if consequence is not None and consequence.after is not state:
        check_move(MATCH_MOVES, state, consequence.after)


@pytest.mark.parametrize("event", [EventType.RELEASE, EventType.DEATH])
@pytest.mark.parametrize(("gone", "notice"), [(False, None), (True, Notice.OFFER_WITHDRAWN)])
def test_an_offer_is_taken_back_with_a_word_only_where_it_was_heard(
    event: EventType, gone: bool, notice: Notice | None
) -> None:
    consequence = follow(event, Standing(state=MatchState.APPROVED, offer_gone=gone), facility_id=None)

    assert said(consequence) == (MatchState.WITHDRAWN, None, notice)


def test_where_nobody_knows_the_new_place_the_sponsor_is_asked_to_wait() -> None:
    consequence = follow(EventType.TRANSFER, Standing(state=MatchState.ACTIVE), facility_id=None)

    assert said(consequence) == (MatchState.ACTIVE, None, Notice.IN_TRANSFER)


@pytest.mark.parametrize(
    ("fits", "expected"),
    [
        (True, (MatchState.ACTIVE, None, Notice.RETURNED)),
        (False, (MatchState.ENDED, EndReason.RELEASED, None)),
    ],
)
def test_a_return_gives_back_what_the_release_ended_where_there_is_room(
    fits: bool, expected: tuple[MatchState, EndReason | None, Notice | None]
) -> None:
    standing = Standing(state=MatchState.ENDED, ended_by_release=True, fits_again=fits)

    assert said(follow(EventType.RETURN, standing, facility_id=None)) == expected


def test_whoever_was_told_of_a_release_is_told_of_a_death_that_follows() -> None:
    standing = Standing(state=MatchState.ENDED, ended_by_release=True)

    assert said(follow(EventType.DEATH, standing, facility_id=None)) == ENDED[EventType.DEATH]
