"""What a coordinator does with a match that goes on, and with a vetting that was decided."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import matches, sponsors
from app.actions.matches import COORDINATORS_REASONS
from app.clock import now
from app.database import session
from app.errors import BadInput, Conflict, InvalidTransition, NotAllowed, NotFound, StaleRecord
from app.mail import outbox
from app.models import AuditEvent, Match, OutgoingMail, Sponsor
from app.permissions import Viewer
from app.queries import desk, handed_back
from app.queries import matches as match_queries
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import EndReason, MatchState, OutgoingState, StaffRole, VettingState
from tests.factories import (
    fresh,
    make_account,
    make_administrator,
    make_coordinator,
    make_match,
    make_prisoner,
    make_sponsor,
)

Verb = Callable[..., Match]


@pytest.fixture
def coordinator(app: Flask) -> Viewer:
    return viewer_of(make_coordinator(roles=list(StaffRole)))


def do(verb: Verb, match: Match, by: Viewer, **changes: Any) -> Match:
    values: dict[str, Any] = {"seen_version": fresh(match).version, "note": "Agreed on the telephone."}
    if verb is matches.end:
        values["reason"] = EndReason.COORDINATOR
    if verb is not matches.go_on:
        values["telling"] = False
    with transaction():
        return verb(match_id=match.id, by=by, **values | changes)


def test_a_match_rests_goes_on_and_ends_each_with_a_note_in_the_trail(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.ACTIVE)

    do(matches.pause, match, coordinator, note="On leave.")
    assert (fresh(match).state, match.coordinator_note) == (MatchState.PAUSED, "On leave.")
    do(matches.go_on, match, coordinator, note="Back.")
    assert fresh(match).state is MatchState.ACTIVE
    do(matches.end, match, coordinator, reason=EndReason.CONSENT_WITHDRAWN, note="The family asked.")

    assert (fresh(match).state, match.end_reason) == (MatchState.ENDED, EndReason.CONSENT_WITHDRAWN)
    assert match_queries.carried_by(match.sponsor_id) == 0
    events = session().scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    assert [event.action for event in events] == ["pause", "go_on", "end"]
    assert all(event.by_account_id == coordinator.account_id for event in events)


def test_z4_a_match_that_rests_is_not_there_for_its_sponsor_and_its_mails_stop(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.ACTIVE)
    sponsor = viewer_of(match.sponsor.account)
    with transaction():
        outbox.enqueue(
            message=outbox.Message.LETTER_DUE, occasion="o", account_id=sponsor.account_id, match_id=match.id
        )

    do(matches.pause, match, coordinator)

    assert match_queries.own(sponsor, match.id) is None
    assert match_queries.of_sponsor(sponsor) == []
    assert match_queries.taken_up(sponsor).resting == 1
    assert session().scalars(select(OutgoingMail.state)).all() == [OutgoingState.SUPPRESSED]
    assert match_queries.carried_by(match.sponsor_id) == 1


TOLD = [(matches.pause, "match_rests"), (matches.end, "match_ended")]


def mails_about(match: Match) -> list[tuple[str, OutgoingState]]:
    query = select(OutgoingMail.message, OutgoingMail.state).where(OutgoingMail.match_id == match.id)
    return [(message, state) for message, state in session().execute(query.order_by(OutgoingMail.created_at))]


@pytest.mark.parametrize(("verb", "message"), TOLD)
def test_the_sponsor_is_told_once_that_a_match_rests_or_ended_unless_the_coordinator_says_not_to(
    app: Flask, coordinator: Viewer, verb: Verb, message: str
) -> None:
    told, untold = (make_match(state=MatchState.ACTIVE) for _ in range(2))

    do(verb, told, coordinator, telling=True)
    do(verb, untold, coordinator, telling=False)

    assert mails_about(told) == [(message, OutgoingState.QUEUED)]
    assert mails_about(untold) == []


def test_what_a_coordinator_thought_better_of_is_not_mailed_and_the_next_time_is(
    app: Flask, coordinator: Viewer
) -> None:
    """A match may rest more than once, and each time is an occasion of its own."""
    match = make_match(state=MatchState.ACTIVE)

    do(matches.pause, match, coordinator, telling=True)
    do(matches.go_on, match, coordinator)
    do(matches.pause, match, coordinator, telling=True)
    do(matches.end, match, coordinator, telling=True)

    states = [state for _message, state in mails_about(match)]
    assert states == [OutgoingState.SUPPRESSED, OutgoingState.SUPPRESSED, OutgoingState.QUEUED]


@pytest.mark.parametrize(("verb", "_message"), TOLD)
def test_nobody_is_told_of_what_was_refused(app: Flask, coordinator: Viewer, verb: Verb, _message: str) -> None:
    match = make_match(state=MatchState.ACTIVE)

    with pytest.raises(StaleRecord):
        do(verb, match, coordinator, seen_version=0, telling=True)

    assert mails_about(match) == []


@pytest.mark.parametrize("state", sorted(set(MatchState) - {MatchState.ACTIVE, MatchState.PAUSED}))
@pytest.mark.parametrize("verb", [matches.pause, matches.go_on, matches.end])
def test_only_what_both_took_up_can_rest_go_on_or_end(
    app: Flask, coordinator: Viewer, verb: Verb, state: MatchState
) -> None:
    match = make_match(state=state)

    with pytest.raises(InvalidTransition):
        do(verb, match, coordinator)
    assert fresh(match).state is state


@pytest.mark.parametrize("verb", [matches.pause, matches.end])
def test_it_needs_a_note_the_page_as_it_was_and_a_coordinator_of_both_sides(
    app: Flask, coordinator: Viewer, verb: Verb
) -> None:
    """Z5, Z7: somebody else's, or one's own, is not touched."""
    match = make_match(state=MatchState.ACTIVE)
    own = make_match(sponsor=make_sponsor(account=make_coordinator(roles=list(StaffRole))), state=MatchState.ACTIVE)

    with pytest.raises(BadInput):
        do(verb, match, coordinator, note="  ")
    with pytest.raises(StaleRecord):
        do(verb, match, coordinator, seen_version=0)
    with pytest.raises(NotFound):
        do(verb, match, viewer_of(make_coordinator(regions=["FR"], caseload=[match.prisoner])))
    with pytest.raises(NotFound):
        do(verb, match, viewer_of(make_coordinator()))
    for nobody in (viewer_of(make_administrator()), viewer_of(match.sponsor.account)):
        with pytest.raises(NotAllowed):
            do(verb, match, nobody)
    with pytest.raises(NotAllowed):
        do(verb, own, viewer_of(own.sponsor.account))
    assert fresh(match).state is MatchState.ACTIVE


@pytest.mark.parametrize("reason", sorted(set(EndReason) - set(COORDINATORS_REASONS)))
def test_a_release_or_a_death_is_not_given_as_a_reason_by_hand(
    app: Flask, coordinator: Viewer, reason: EndReason
) -> None:
    match = make_match(state=MatchState.ACTIVE)

    with pytest.raises(BadInput):
        do(matches.end, match, coordinator, reason=reason)
    assert fresh(match).state is MatchState.ACTIVE


def reopen(sponsor: Sponsor, by: Viewer, *, seen: int | None = None) -> Sponsor:
    version = fresh(sponsor).version if seen is None else seen
    with transaction():
        return sponsors.reopen(sponsor_id=sponsor.id, by=by, seen_version=version)


@pytest.mark.parametrize("state", [VettingState.REJECTED, VettingState.VETTED])
def test_a_vetting_is_opened_again_and_decided_anew(app: Flask, coordinator: Viewer, state: VettingState) -> None:
    sponsor = make_sponsor(vetting_state=state, vetting_reason="No answer from the office.")

    reopen(sponsor, coordinator)
    stored = fresh(sponsor)
    assert (stored.vetting_state, stored.vetted_at, stored.vetted_by) == (VettingState.PENDING, None, None)
    assert stored.vetting_reason == "No answer from the office."

    with transaction():
        sponsors.vet(
            sponsor_id=sponsor.id,
            by=coordinator,
            seen_version=stored.version,
            decision=VettingState.VETTED,
            reason="They called back.",
            translation_offered=False,
        )
    assert fresh(sponsor).vetting_state is VettingState.VETTED
    actions = select(AuditEvent.action).order_by(AuditEvent.number)
    assert list(session().scalars(actions)) == ["reopen", "vetted"]


def test_a_vetting_is_opened_again_by_whoever_may_vet_and_only_where_there_is_one(
    app: Flask, coordinator: Viewer
) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.REJECTED)
    account = make_coordinator()
    own = make_sponsor(account=account, vetting_state=VettingState.REJECTED)
    left = make_sponsor(account=make_account(disabled_at=now()), vetting_state=VettingState.REJECTED)

    with pytest.raises(InvalidTransition):
        reopen(make_sponsor(vetting_state=VettingState.PENDING), coordinator)
    with pytest.raises(StaleRecord):
        reopen(sponsor, coordinator, seen=0)
    with pytest.raises(NotAllowed):
        reopen(own, viewer_of(account))
    with pytest.raises(NotAllowed):
        reopen(sponsor, viewer_of(make_administrator()))
    with pytest.raises(NotFound):
        reopen(sponsor, viewer_of(make_coordinator(regions=["FR"])))
    with pytest.raises(Conflict):
        reopen(left, coordinator)
    assert fresh(sponsor).vetting_state is VettingState.REJECTED


def _ended(**changes: Any) -> Match:
    return make_match(state=MatchState.ENDED, **{"end_reason": EndReason.SPONSOR_LEFT} | changes)


def test_whoever_was_handed_back_stands_on_the_desk_until_somebody_is_offered_to_them(app: Flask) -> None:
    gone = _ended()
    other, released = _ended(end_reason=EndReason.COORDINATOR), _ended()
    with transaction():
        session().get_one(Match, released.id).prisoner.detention_status = "released"
    by = viewer_of(make_coordinator(roles=["coordinator", "programme"]))

    found = handed_back.newest(by)
    assert [match.id for match in found] == [gone.id]
    assert desk.today(by).handed_back == 1
    assert other.id not in found

    make_match(prisoner=gone.prisoner)
    assert desk.today(by).handed_back == 1
    make_match(prisoner=gone.prisoner, state=MatchState.APPROVED)
    assert desk.today(by).handed_back == 0


def test_z5_what_was_handed_back_to_others_is_not_counted(app: Flask) -> None:
    _ended(sponsor=make_sponsor(country="FR"), prisoner=make_prisoner())

    assert desk.today(viewer_of(make_coordinator(regions=["DE"], roles=["coordinator", "programme"]))).handed_back == 0
    assert desk.today(viewer_of(make_coordinator())).handed_back == 0
