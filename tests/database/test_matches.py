"""Deciding on proposals and answering offers, as verbs: scope, versions, rules asked again, one mail."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import matches
from app.database import session
from app.errors import BadInput, Conflict, InvalidTransition, NotAllowed, NotEligible, NotFound, StaleRecord
from app.models import AuditEvent, Match, OutgoingMail
from app.permissions import Viewer
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import (
    DeclineReason,
    DetentionStatus,
    MatchState,
    OutgoingState,
    Publicity,
    RefusalReason,
    StaffRole,
    VettingState,
)
from tests.conftest import make_settings
from tests.factories import fresh, make_administrator, make_coordinator, make_match, make_prisoner, make_sponsor

BOTH = (StaffRole.COORDINATOR, StaffRole.PROGRAMME)


@pytest.fixture
def coordinator(app: Flask) -> Viewer:
    return viewer_of(make_coordinator(roles=BOTH))


def sponsor_of(match: Match) -> Viewer:
    return viewer_of(match.sponsor.account)


def approve(match: Match, by: Viewer, seen: int | None = None) -> Match:
    version = fresh(match).version if seen is None else seen
    with transaction():
        return matches.approve(match_id=match.id, by=by, seen_version=version)


def accept(match: Match, by: Viewer) -> Match:
    with transaction():
        return matches.accept(match_id=match.id, by=by)


def offers() -> list[OutgoingMail]:
    return list(session().scalars(select(OutgoingMail).where(OutgoingMail.message == "offer")))


def audited() -> list[str]:
    return list(session().scalars(select(AuditEvent.action).order_by(AuditEvent.number)))


def test_approving_offers_the_match_by_one_mail_and_is_audited(app: Flask, coordinator: Viewer) -> None:
    match = make_match()

    approve(match, coordinator)

    stored = fresh(match)
    assert (stored.state, stored.decided_by) == (MatchState.APPROVED, coordinator.account_id)
    assert [(mail.account_id, mail.match_id) for mail in offers()] == [(match.sponsor.account_id, match.id)]
    assert audited() == ["approve"]


def test_c1_the_second_of_two_approvals_is_a_conflict_and_mails_nothing(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    seen = match.version
    approve(match, coordinator)

    with pytest.raises(StaleRecord):
        approve(match, viewer_of(make_coordinator(roles=BOTH)), seen)

    assert len(offers()) == 1
    assert audited() == ["approve"]


def test_approving_what_is_no_proposal_is_no_move(app: Flask, coordinator: Viewer) -> None:
    match = make_match(state=MatchState.ACTIVE)

    with pytest.raises(InvalidTransition):
        approve(match, coordinator)


@pytest.mark.parametrize(
    ("side", "changes", "rule"),
    [
        ("prisoner", {"detention_status": DetentionStatus.RELEASED}, "not_detained"),
        ("prisoner", {"detention_status": DetentionStatus.DIED_IN_CUSTODY}, "not_detained"),
        ("prisoner", {"publicity": Publicity.COORDINATORS_ONLY}, "publicity"),
        ("prisoner", {"letter_writer_seats": 0}, "no_seat"),
        ("prisoner", {"held": True}, "held"),
        ("sponsor", {"vetting_state": VettingState.PENDING}, "not_vetted"),
        ("sponsor", {"capacity": 0}, "no_capacity"),
        ("sponsor", {"country": "BY"}, "lives_where_detained"),
    ],
)
def test_c3_every_hard_rule_is_asked_again_at_approval(
    app: Flask, coordinator: Viewer, side: str, changes: dict[str, object], rule: str
) -> None:
    people = {"prisoner": make_prisoner(), "sponsor": make_sponsor()}
    match = make_match(**people)
    with transaction():
        for name, value in changes.items():
            setattr(people[side], name, value)

    with pytest.raises(NotEligible) as refusal:
        approve(match, coordinator)

    assert refusal.value.rule == rule
    assert fresh(match).state is MatchState.PROPOSED
    assert offers() == []


def test_c3_an_offer_is_not_taken_up_once_the_prisoner_is_free(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    approve(match, coordinator)
    with transaction():
        fresh(match).prisoner.detention_status = DetentionStatus.RELEASED

    with pytest.raises(NotEligible):
        accept(match, sponsor_of(match))

    assert fresh(match).state is MatchState.APPROVED


def test_the_last_place_goes_to_one_of_two_offers(app: Flask, coordinator: Viewer) -> None:
    sponsor = make_sponsor(capacity=1)
    first, second = make_match(sponsor=sponsor), make_match(sponsor=sponsor)
    approve(first, coordinator)

    with pytest.raises(NotEligible) as refusal:
        approve(second, coordinator)

    assert refusal.value.rule == "no_capacity"


def test_z5_a_match_outside_region_or_caseload_is_not_there(app: Flask) -> None:
    match = make_match(sponsor=make_sponsor(country="DE"))
    elsewhere = viewer_of(make_coordinator(roles=BOTH, regions=["FR"]))
    other_caseload = viewer_of(make_coordinator(regions=["DE"], caseload=[make_prisoner()]))
    own = viewer_of(make_coordinator(regions=["DE"], caseload=[match.prisoner]))

    for foreign in (elsewhere, other_caseload):
        with pytest.raises(NotFound):
            approve(match, foreign)
    approve(match, own)

    assert fresh(match).state is MatchState.APPROVED


def test_z7_nobody_decides_on_their_own_match(app: Flask) -> None:
    account = make_coordinator(roles=BOTH)
    match = make_match(sponsor=make_sponsor(account=account))

    with pytest.raises(NotAllowed):
        approve(match, viewer_of(account))


def test_an_administrator_does_not_decide(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        approve(make_match(), viewer_of(make_administrator()))


def test_declining_keeps_its_reason_and_another_reason_needs_words(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    version = match.version

    with pytest.raises(BadInput), transaction():
        matches.decline(match_id=match.id, by=coordinator, seen_version=version, reason=DeclineReason.OTHER)
    with transaction():
        matches.decline(match_id=match.id, by=coordinator, seen_version=version, reason=DeclineReason.SAFETY)

    assert (fresh(match).state, match.decline_reason) == (MatchState.DECLINED, DeclineReason.SAFETY)
    assert offers() == []


def test_an_approval_is_taken_back_while_its_mail_is_held_and_may_be_approved_again(
    app: Flask, coordinator: Viewer
) -> None:
    match = make_match()
    approve(match, coordinator)

    with transaction():
        matches.take_back(match_id=match.id, by=coordinator)

    assert fresh(match).state is MatchState.PROPOSED
    assert (match.decided_at, match.decided_by) == (None, None)
    assert [mail.state for mail in offers()] == [OutgoingState.SUPPRESSED]
    approve(match, coordinator)
    assert sorted(mail.state for mail in offers()) == [OutgoingState.QUEUED, OutgoingState.SUPPRESSED]


def test_an_approval_whose_mail_went_cannot_be_taken_back(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    approve(match, coordinator)
    with transaction():
        (mail,) = offers()
        mail.state, mail.sent_at = OutgoingState.SENT, clock.now()

    with pytest.raises(InvalidTransition), transaction():
        matches.take_back(match_id=match.id, by=coordinator)

    assert fresh(match).state is MatchState.APPROVED


def test_the_offer_is_held_for_as_long_as_the_settings_say(
    app: Flask, coordinator: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = make_settings(app.config["VESTKA"].instance_dir, "sqlite://", offer_hold_seconds=60)
    monkeypatch.setitem(app.config, "VESTKA", held)
    moment = clock.now()

    with clock.at(moment):
        approve(make_match(), coordinator)

    assert [mail.due_at for mail in offers()] == [moment + timedelta(seconds=60)]


def test_the_sponsor_accepts_and_the_match_is_active(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    approve(match, coordinator)

    accept(match, sponsor_of(match))

    assert fresh(match).state is MatchState.ACTIVE
    assert audited() == ["approve", "accept"]


def test_the_sponsor_refuses_with_a_reason_and_the_seat_is_open_again(app: Flask, coordinator: Viewer) -> None:
    prisoner = make_prisoner(letter_writer_seats=1)
    match, other = make_match(prisoner=prisoner), make_match(prisoner=prisoner)
    approve(match, coordinator)

    with transaction():
        matches.refuse(match_id=match.id, by=sponsor_of(match), reason=RefusalReason.LANGUAGE, note="Too hard")
    approve(other, coordinator)

    assert (fresh(match).state, match.refusal_reason) == (MatchState.REFUSED, RefusalReason.LANGUAGE)
    assert fresh(other).state is MatchState.APPROVED


def test_z2_another_sponsors_offer_is_not_there(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    approve(match, coordinator)

    with pytest.raises(NotFound):
        accept(match, viewer_of(make_sponsor().account))


def test_a_proposal_is_not_there_for_its_own_sponsor(app: Flask) -> None:
    match = make_match()

    with pytest.raises(NotFound):
        accept(match, sponsor_of(match))


def test_an_offer_is_answered_once(app: Flask, coordinator: Viewer) -> None:
    match = make_match()
    approve(match, coordinator)
    accept(match, sponsor_of(match))

    with pytest.raises(Conflict):
        accept(match, sponsor_of(match))
