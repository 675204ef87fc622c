"""What becomes of a proposal: the card decides, but what befalls the prisoner or the sponsor wins over it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from app.actions.consequences import Notice, status_after
from app.demo.countries import COUNTRIES
from app.demo.dice import Dice
from app.demo.history import Calendar
from app.demo.letters import writable_spans
from app.demo.lives import Card, Proposal, Step, steps_of
from app.demo.people import InventedEvent
from app.demo.prisoners import invent_prisoner
from app.demo.sponsors import vetted_member
from app.transitions import MATCH_MOVES, check_move
from app.vocabulary import (
    LIVE_STATES,
    DetentionStatus,
    EndReason,
    EventType,
    FacilityKind,
    LanguageLevel,
    MatchState,
    SponsorRole,
    SupportKind,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RUN = NOW - timedelta(days=400)
DAY = timedelta(days=1)


def _event(kind: EventType, after: timedelta, *, facility: int | None = None) -> InventedEvent:
    """What happened so long after the run."""
    at = RUN + after
    status = status_after(kind, before=DetentionStatus.CONVICTED, place=FacilityKind.PRETRIAL, sentenced=True)
    return InventedEvent(
        id=f"{kind}", at=at, type=kind, happened_on=at.date(), source="a lawyer", status=status, facility=facility
    )


def _proposal(
    *events: InventedEvent, died_after: timedelta | None = None, paused_after: timedelta | None = None
) -> Proposal:
    """A proposal to a steady volunteer; the prisoner dies, or the sponsor pauses, so long after the run."""
    prisoner = invent_prisoner(0, seed=1, calendar=Calendar(NOW))
    death = [_event(EventType.DEATH, died_after)] if died_after else []
    sponsor = vetted_member(
        0, seed=1, country=COUNTRIES[0], role=SponsorRole.VOLUNTEER, kind=SupportKind.LETTER_WRITER, at=RUN
    )
    return Proposal(
        proposed_at=RUN,
        next_run=RUN + timedelta(days=130),
        offer_held_for=timedelta(minutes=1),
        prisoner=replace(prisoner, events=(*events, *death)),
        sponsor=replace(sponsor, paused_at=RUN + paused_after if paused_after else None),
    )


def _states(steps: tuple[Step, ...]) -> list[MatchState]:
    return [step.values["state"] for step in steps if step.values]


def _notices(steps: tuple[Step, ...]) -> list[Notice | None]:
    return [step.notice for step in steps if step.notice]


@pytest.mark.parametrize(
    ("card", "states"),
    [
        (Card.TAKEN_UP, [MatchState.APPROVED, MatchState.ACTIVE]),
        (Card.GIVEN_UP, [MatchState.APPROVED, MatchState.ACTIVE, MatchState.ENDED]),
        (Card.UNANSWERED, [MatchState.APPROVED]),
        (Card.LAPSED, [MatchState.APPROVED, MatchState.LAPSED]),
        (Card.REFUSED, [MatchState.APPROVED, MatchState.REFUSED]),
        (Card.DECLINED, [MatchState.DECLINED]),
        (Card.WITHDRAWN, [MatchState.WITHDRAWN]),
        (Card.UNDECIDED, []),
    ],
)
def test_a_card_leads_to_its_states(card: Card, states: list[MatchState]) -> None:
    assert _states(steps_of(card, _proposal(), Dice(1))) == states


@pytest.mark.parametrize("card", Card)
@pytest.mark.parametrize("days", [1, 4, 9, 40, 200])
def test_every_life_moves_as_the_transition_table_allows_and_in_time(card: Card, days: int) -> None:
    span = timedelta(days=days)
    for number in range(20):
        steps = steps_of(card, _proposal(died_after=span, paused_after=span / 2), Dice(number))
        states = [MatchState.PROPOSED, *_states(steps)]

        for before, after in pairwise(states):
            check_move(MATCH_MOVES, before, after)
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert all(step.at <= RUN + span for step in steps)
        assert states[-1] not in LIVE_STATES


def test_whoever_left_before_the_decision_is_offered_to_nobody() -> None:
    steps = steps_of(Card.TAKEN_UP, _proposal(died_after=timedelta(hours=2)), Dice(1))

    assert _states(steps) == [MatchState.WITHDRAWN]


def test_a_match_ends_when_the_prisoner_dies() -> None:
    *_, last = steps_of(Card.TAKEN_UP, _proposal(died_after=timedelta(days=90)), Dice(1))

    assert (last.values["end_reason"], last.at) == (EndReason.DIED, RUN + timedelta(days=90))
    assert last.notice is Notice.CONDOLENCE


def test_a_match_goes_on_when_the_prisoner_is_held_again() -> None:
    release, back = _event(EventType.RELEASE, DAY * 40), _event(EventType.RETURN, DAY * 60, facility=12)

    steps = steps_of(Card.TAKEN_UP, _proposal(release, back), Dice(1))

    assert _states(steps) == [MatchState.APPROVED, MatchState.ACTIVE, MatchState.ENDED, MatchState.ACTIVE]
    assert _notices(steps) == [Notice.RELEASED, Notice.RETURNED]
    assert steps[-1].values == {"state": MatchState.ACTIVE, "ended_at": None, "end_reason": None}
    assert {step.event for step in steps[2:]} == {release, back}


def test_whoever_asked_for_a_rest_meanwhile_is_not_taken_back() -> None:
    away = _event(EventType.RELEASE, DAY * 40), _event(EventType.RETURN, DAY * 60, facility=12)

    steps = steps_of(Card.TAKEN_UP, _proposal(*away, paused_after=DAY * 50), Dice(1))

    assert _states(steps)[-1] is MatchState.ENDED
    assert _notices(steps) == [Notice.RELEASED]


def test_whoever_writes_no_language_that_the_new_place_passes_is_not_taken_back() -> None:
    away = _event(EventType.RELEASE, DAY * 40), _event(EventType.RETURN, DAY * 60, facility=12)
    proposal = _proposal(*away)
    german_only = replace(proposal.sponsor, languages={"de": LanguageLevel.FLUENT}, translation_offered=False)

    steps = steps_of(Card.TAKEN_UP, replace(proposal, sponsor=german_only), Dice(1))

    assert _states(steps)[-1] is MatchState.ENDED


@pytest.mark.parametrize(("place", "notice"), [(3, Notice.MOVED), (None, Notice.IN_TRANSFER)])
def test_a_transfer_is_told_and_ends_nothing(place: int | None, notice: Notice) -> None:
    steps = steps_of(Card.TAKEN_UP, _proposal(_event(EventType.TRANSFER, DAY * 40, facility=place)), Dice(1))

    assert _states(steps) == [MatchState.APPROVED, MatchState.ACTIVE]
    assert _notices(steps) == [notice]


@pytest.mark.parametrize(("minutes", "notices"), [(0.5, []), (2, [Notice.OFFER_WITHDRAWN])])
def test_an_offer_is_called_off_only_where_it_had_gone(minutes: float, notices: list[Notice]) -> None:
    approved_at = steps_of(Card.UNANSWERED, _proposal(), Dice(1))[0].at
    release = _event(EventType.RELEASE, approved_at - RUN + timedelta(minutes=minutes))

    steps = steps_of(Card.UNANSWERED, _proposal(release), Dice(1))

    assert (_states(steps), _notices(steps)) == ([MatchState.APPROVED, MatchState.WITHDRAWN], notices)


def test_letters_rest_while_nobody_knows_where_to_send_them() -> None:
    to_nowhere, arrived = _event(EventType.TRANSFER, DAY * 20), _event(EventType.TRANSFER, DAY * 30, facility=3)
    moved, released = _event(EventType.TRANSFER, DAY * 50, facility=4), _event(EventType.RELEASE, DAY * 90)
    nowhere = replace(to_nowhere, status=DetentionStatus.IN_TRANSFER)
    prisoner = _proposal(nowhere, arrived, moved, released).prisoner
    begin = RUN.date()

    spans = writable_spans(replace(prisoner, custody=replace(prisoner.custody, facility=1)), (begin, None))

    days = [(start - begin, end and end - begin) for start, end in spans]
    assert days == [(DAY * 0, DAY * 20), (DAY * 30, DAY * 90)]


def test_a_coordinator_lets_a_match_rest_whose_sponsor_takes_a_pause() -> None:
    *_, last = steps_of(Card.TAKEN_UP, _proposal(paused_after=timedelta(days=60)), Dice(1))

    assert (last.values["state"], last.by_sponsor) == (MatchState.PAUSED, False)
    assert last.values["coordinator_note"]
