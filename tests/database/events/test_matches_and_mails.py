"""What an event does to matches in the database, and to mails about them (M3)."""

import itertools
from typing import Any

import pytest
from flask import Flask

from app.actions import events
from app.actions.events import EventOrder
from app.database import session
from app.models import OutgoingMail
from app.permissions import Viewer
from app.transaction import transaction
from app.vocabulary import EndReason, EventType, MatchState, OutgoingState, VettingState
from tests.database.events.recording import DAY, NOON, mails, notices, queue, record, trail
from tests.factories import fresh, make_match, make_prisoner, make_sponsor

OVER = {EventType.RELEASE: EndReason.RELEASED, EventType.DEATH: EndReason.DIED}
STOPPED = ("offer", "suppressed", "event_recorded")


@pytest.mark.parametrize(("event", "state"), list(itertools.product(OVER, MatchState)))
def test_an_end_of_detention_moves_every_match_as_its_state_asks(
    app: Flask, coordinator: Viewer, event: EventType, state: MatchState
) -> None:
    prisoner = make_prisoner()
    match, elsewhere = make_match(prisoner=prisoner, state=state), make_match(state=MatchState.ACTIVE)

    record(prisoner, event, by=coordinator)

    over = {MatchState.ACTIVE: MatchState.ENDED, MatchState.PAUSED: MatchState.ENDED}
    gone = {MatchState.PROPOSED: MatchState.WITHDRAWN, MatchState.APPROVED: MatchState.WITHDRAWN}
    assert fresh(match).state is (over | gone).get(state, state)
    if state in over:
        assert (match.end_reason, match.ended_at) == (OVER[event], NOON)
    assert fresh(elsewhere).state is MatchState.ACTIVE


@pytest.mark.parametrize("state", MatchState)
def test_a_transfer_moves_no_match(app: Flask, coordinator: Viewer, state: MatchState) -> None:
    """Z4: whoever's match a coordinator lets rest is not told of the new place."""
    match = make_match(state=state)

    record(match.prisoner, EventType.TRANSFER, by=coordinator)

    assert fresh(match).state is state
    assert notices() == (["in_transfer"] if state is MatchState.ACTIVE else [])


@pytest.mark.parametrize("event", OVER)
def test_each_match_that_moved_stands_in_the_trail_after_the_event(
    app: Flask, coordinator: Viewer, event: EventType
) -> None:
    prisoner = make_prisoner()
    for state in (MatchState.ACTIVE, MatchState.APPROVED):
        make_match(prisoner=prisoner, state=state)

    record(prisoner, event, by=coordinator)

    (first, *others) = trail()
    assert first[:2] == (f"record_{event}", "prisoner")
    assert sorted(others) == [
        ("end", "match", ["end_reason", "ended_at", "state"]), ("withdraw", "match", ["state"]),
    ]  # fmt: skip


@pytest.mark.parametrize("state", [OutgoingState.QUEUED, OutgoingState.WAITING])
@pytest.mark.parametrize(("event", "notice"), [(EventType.RELEASE, "released"), (EventType.DEATH, "condolence")])
def test_m3_what_has_not_gone_is_stopped_and_only_the_notice_follows(
    app: Flask, coordinator: Viewer, event: EventType, notice: str, state: OutgoingState
) -> None:
    match = make_match(state=MatchState.ACTIVE)
    mail_id = queue(match)
    with transaction():
        session().get_one(OutgoingMail, mail_id).state = state

    effects = record(match.prisoner, event, by=coordinator).effects

    assert mails(match) == [STOPPED, (notice, "queued", None)]
    assert (effects.ended, effects.told, effects.mails_stopped) == (1, 1, 1)


@pytest.mark.parametrize(
    ("went", "told"),
    [
        ({"state": OutgoingState.QUEUED}, []),
        ({"state": OutgoingState.SENT, "sent_at": NOON}, ["offer_withdrawn"]),
        ({"state": OutgoingState.SENDING, "lease_until": NOON}, ["offer_withdrawn"]),
        ({"state": OutgoingState.IN_DOUBT}, ["offer_withdrawn"]),
    ],
    ids=["waits", "went", "goes now", "in doubt"],
)
def test_a_sponsor_who_may_have_heard_of_the_offer_is_told_that_it_no_longer_holds(
    app: Flask, coordinator: Viewer, went: dict[str, Any], told: list[str]
) -> None:
    match = make_match(state=MatchState.APPROVED)
    mail_id = queue(match)
    with transaction():
        for name, value in went.items():
            setattr(session().get_one(OutgoingMail, mail_id), name, value)

    record(match.prisoner, EventType.DEATH, by=coordinator)

    assert fresh(match).state is MatchState.WITHDRAWN
    assert notices() == told


def test_an_offer_outlives_a_transfer(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.APPROVED)
    queue(match)

    record(match.prisoner, EventType.TRANSFER, by=coordinator)

    assert mails(match) == [("offer", "queued", None)]


def test_a_second_transfer_takes_the_place_of_the_first_notice(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.ACTIVE)
    place = match.prisoner.facility_id

    record(match.prisoner, EventType.TRANSFER, by=coordinator)
    record(match.prisoner, EventType.TRANSFER, by=coordinator, after=1, facility_id=place)

    assert mails(match) == [("in_transfer", "suppressed", "event_recorded"), ("moved", "queued", None)]


def test_a_death_after_a_release_takes_back_the_thanks(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.ACTIVE)
    record(match.prisoner, EventType.RELEASE, by=coordinator)

    record(match.prisoner, EventType.DEATH, by=coordinator, after=1)

    assert mails(match) == [("released", "suppressed", "event_recorded"), ("condolence", "queued", None)]
    assert fresh(match).end_reason is EndReason.DIED


def test_a_return_gives_back_the_match_that_the_release_ended(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()
    match = make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    left = make_match(prisoner=prisoner, state=MatchState.ENDED)
    record(prisoner, EventType.RELEASE, by=coordinator)

    effects = record(prisoner, EventType.RETURN, by=coordinator, after=2).effects

    assert (fresh(match).state, match.end_reason, match.ended_at) == (MatchState.ACTIVE, None, None)
    assert fresh(left).state is MatchState.ENDED
    assert mails(match) == [("released", "suppressed", "event_recorded"), ("returned", "queued", None)]
    assert (effects.begun_again, effects.told) == (1, 1)


def test_only_the_last_release_is_undone_by_a_return(app: Flask, coordinator: Viewer) -> None:
    prisoner, sponsor = make_prisoner(), make_sponsor(capacity=1)
    match = make_match(prisoner=prisoner, sponsor=sponsor, state=MatchState.ACTIVE)
    record(prisoner, EventType.RELEASE, by=coordinator)
    full = make_match(sponsor=sponsor, state=MatchState.ACTIVE)
    record(prisoner, EventType.RETURN, by=coordinator, after=1)
    with transaction():
        full.state, full.ended_at, full.end_reason = MatchState.ENDED, NOON, EndReason.COORDINATOR

    record(prisoner, EventType.RELEASE, by=coordinator, after=2)
    record(prisoner, EventType.RETURN, by=coordinator, after=3)

    assert fresh(match).state is MatchState.ENDED


@pytest.mark.parametrize(
    ("side", "changes"),
    [
        ("sponsor", {"capacity": 0}),
        ("sponsor", {"vetting_state": VettingState.PENDING}),
        ("sponsor", {"paused_at": NOON}),
        ("prisoner", {"letter_writer_seats": 0}),
        ("prisoner", {"held": True}),
        ("account", {"disabled_at": NOON}),
    ],
)
def test_c3_a_match_whose_pair_is_no_longer_possible_stays_ended(
    app: Flask, coordinator: Viewer, side: str, changes: dict[str, Any]
) -> None:
    match = make_match(state=MatchState.ACTIVE)
    record(match.prisoner, EventType.RELEASE, by=coordinator)
    if "paused_at" in changes:
        changes = changes | {"paused_by": coordinator.account_id}
    with transaction(), session().no_autoflush:
        sides = {"sponsor": match.sponsor, "prisoner": match.prisoner, "account": match.sponsor.account}
        for name, value in changes.items():
            setattr(sides[side], name, value)

    record(match.prisoner, EventType.RETURN, by=coordinator, after=1)

    assert (fresh(match).state, match.end_reason) == (MatchState.ENDED, EndReason.RELEASED)
    assert notices() == []


def test_a_match_whose_pair_is_proposed_anew_stays_ended(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.ACTIVE)
    record(match.prisoner, EventType.RELEASE, by=coordinator)
    proposed = make_match(prisoner=match.prisoner, sponsor=match.sponsor)

    record(match.prisoner, EventType.RETURN, by=coordinator, after=1)

    assert (fresh(match).state, fresh(proposed).state) == (MatchState.ENDED, MatchState.PROPOSED)


def test_c2_the_last_seat_goes_to_whoever_stood_there_longest(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner()
    older = make_match(prisoner=prisoner, state=MatchState.ACTIVE, proposed_at=NOON.replace(year=2024))
    newer = make_match(prisoner=prisoner, state=MatchState.ACTIVE, proposed_at=NOON.replace(year=2025))
    record(prisoner, EventType.RELEASE, by=coordinator)
    with transaction():
        fresh_prisoner = session().get_one(type(prisoner), prisoner.id)
        fresh_prisoner.letter_writer_seats = 1

    record(prisoner, EventType.RETURN, by=coordinator, after=1)

    assert (fresh(older).state, fresh(newer).state) == (MatchState.ACTIVE, MatchState.ENDED)


@pytest.mark.parametrize("event", [EventType.RELEASE, EventType.DEATH, EventType.TRANSFER])
def test_what_is_shown_beforehand_is_what_happens(app: Flask, coordinator: Viewer, event: EventType) -> None:
    prisoner = make_prisoner()
    made = [make_match(prisoner=prisoner, state=state) for state in MatchState]
    queue(made[2])
    before = [match.state for match in made]
    order = EventOrder(prisoner_id=prisoner.id, type=event, day=DAY, source="a colleague")
    shown = events.preview(order, by=coordinator)
    numbers = (shown.ended, shown.withdrawn, shown.told, shown.mails_stopped)

    assert [fresh(match).state for match in made] == before
    done = record(prisoner, event, by=coordinator).effects

    assert numbers == (done.ended, done.withdrawn, done.told, done.mails_stopped)
