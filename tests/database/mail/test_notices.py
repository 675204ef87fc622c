"""Notices at the moment of sending: only what is still true, and after a death nothing but the condolence (M3)."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.actions import events
from app.actions.events import EventOrder
from app.database import session
from app.mail.delivery import DeliveryCounts
from app.mail.outbox import Message
from app.models import Prisoner
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import DetentionStatus, EventType, MatchState, OutgoingState, VettingState
from tests.database.mail.letters import NOTICES, change, queue_for, told_of
from tests.database.mail.post import NOON, deliver, row, settings
from tests.factories import make_coordinator, make_match, make_prisoner
from tests.smtp_peer import SmtpPeer

MANY = 12


def test_m3_a_death_at_the_first_of_many_mails_stops_all_others_but_the_condolence(app: Flask, peer: SmtpPeer) -> None:
    """Every sponsor has a notice of the transfer waiting; the prisoner dies while the first is handed over."""
    prisoner = make_prisoner(letter_writer_seats=MANY, detention_status=DetentionStatus.IN_TRANSFER)
    by = viewer_of(make_coordinator(caseload=[prisoner]))
    matches = [make_match(prisoner=prisoner, state=MatchState.ACTIVE) for _ in range(MANY)]
    for match in matches:
        queue_for(Message.IN_TRANSFER, match.sponsor.account_id, match.id)
    prisoner_id, told = prisoner.id, iter((True,))

    def die() -> None:
        if next(told, False):
            with app.app_context(), clock.at(NOON), transaction():
                died = EventOrder(prisoner_id=prisoner_id, type=EventType.DEATH, day=NOON.date(), source="family")
                events.record(died, by=by)

    peer.script.taken = die

    with settings(app, mail_timeout_seconds=60):  # so that it may take its time on a busy machine
        assert deliver(timedelta(minutes=1)) == DeliveryCounts(sent=1 + MANY)
    subjects = [mail.message["Subject"] for mail in peer.mails]
    assert subjects == ["There is news for you"] + ["A message from us"] * MANY
    assert session().get_one(Prisoner, prisoner_id).detention_status is DetentionStatus.DIED_IN_CUSTODY


@pytest.mark.parametrize("notice", NOTICES)
def test_whoever_takes_a_pause_or_is_on_hold_is_told_all_the_same(app: Flask, peer: SmtpPeer, notice: Message) -> None:
    match = told_of(notice)
    queue_for(notice, match.sponsor.account_id, match.id)
    change(match.sponsor, paused_at=NOON, paused_by=match.sponsor.account_id, held=True)
    change(match.prisoner, held=True)

    assert deliver() == DeliveryCounts(sent=1)


STOPS: dict[str, tuple[str, dict[str, Any], str]] = {
    "disabled": ("account", {"disabled_at": NOON}, "account_disabled"),
    "address changed": ("account", {"email_confirmed_at": None}, "address_unconfirmed"),
    "turned away": ("sponsor", {"vetting_state": VettingState.REJECTED}, "vetting_changed"),
    "match changed": ("match", {"state": MatchState.PROPOSED}, "match_changed"),
}


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("event", STOPS)
def test_m3_a_notice_goes_to_nobody_whom_it_no_longer_concerns(
    app: Flask, peer: SmtpPeer, event: str, notice: Message
) -> None:
    side, changes, reason = STOPS[event]
    match = told_of(notice)
    mail_id = queue_for(notice, match.sponsor.account_id, match.id)
    change({"account": match.sponsor.account, "sponsor": match.sponsor, "match": match}[side], **changes)

    assert deliver() == DeliveryCounts(suppressed=1)
    assert (row(mail_id).state, row(mail_id).reason) == (OutgoingState.SUPPRESSED, reason)
    assert peer.tried == 0


NOT_AFTER_A_DEATH = sorted(set(NOTICES) - {Message.CONDOLENCE, Message.OFFER_WITHDRAWN})


@pytest.mark.parametrize("notice", NOT_AFTER_A_DEATH)
def test_m3_no_notice_but_a_condolence_goes_once_somebody_has_died(app: Flask, peer: SmtpPeer, notice: Message) -> None:
    match = told_of(notice)
    mail_id = queue_for(notice, match.sponsor.account_id, match.id)
    change(match.prisoner, detention_status=DetentionStatus.DIED_IN_CUSTODY)

    assert deliver() == DeliveryCounts(suppressed=1)
    assert row(mail_id).reason == "event_overtaken"
