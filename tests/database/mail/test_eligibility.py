"""Whether a mail still concerns its recipient is asked at the moment of sending (M3)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import session
from app.mail.delivery import DeliveryCounts
from app.mail.outbox import Message
from app.models import Conflict, Match, Sponsor
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MatchState, OutgoingState, Publicity, VettingState
from tests.database.mail.letters import approved_match, change, queue_for, somebody_for
from tests.database.mail.post import NOON, deliver, row
from tests.factories import make_account, make_match, make_prisoner
from tests.smtp_peer import SmtpPeer


def keep_apart(match: Match) -> None:
    with transaction():
        session().add(
            Conflict(
                sponsor_id=match.sponsor_id,
                prisoner_id=match.prisoner_id,
                recorded_at=NOON,
                recorded_by=match.decided_by,
            )
        )


STOPS = {
    "released": (lambda match: change(match.prisoner, detention_status=DetentionStatus.RELEASED), "not_detained"),
    "died": (lambda match: change(match.prisoner, detention_status=DetentionStatus.DIED_IN_CUSTODY), "not_detained"),
    "case on hold": (lambda match: change(match.prisoner, held=True), "held"),
    "sponsor on hold": (lambda match: change(match.sponsor, held=True), "held"),
    "paused": (
        lambda match: change(match.sponsor, paused_at=NOON, paused_by=match.sponsor.account_id),
        "not_available",
    ),
    "no longer vetted": (lambda match: change(match.sponsor, vetting_state=VettingState.PENDING), "not_vetted"),
    "address changed": (lambda match: change(match.sponsor.account, email_confirmed_at=None), "address_unverified"),
    "disabled": (lambda match: change(match.sponsor.account, disabled_at=NOON), "account_disabled"),
    "known to coordinators only": (
        lambda match: change(match.prisoner, publicity=Publicity.COORDINATORS_ONLY),
        "publicity",
    ),
    "capacity gone": (lambda match: change(match.sponsor, capacity=0), "no_capacity"),
    "conflict mapped": (lambda match: keep_apart(match), "conflict"),
    "taken back": (lambda match: change(match, state=MatchState.PROPOSED), "match_changed"),
    "answered": (lambda match: change(match, state=MatchState.ACTIVE), "match_changed"),
    "lapsed": (lambda match: change(match, state=MatchState.LAPSED), "match_changed"),
}


@pytest.mark.parametrize("event", STOPS)
def test_an_offer_that_no_longer_stands_is_suppressed(app: Flask, peer: SmtpPeer, event: str) -> None:
    """M3: eligibility is checked again at sending."""
    happen, reason = STOPS[event]
    match = approved_match()
    mail_id = queue_for(Message.OFFER, match.sponsor.account_id, match.id)
    happen(match)

    assert deliver() == DeliveryCounts(suppressed=1)
    assert (row(mail_id).state, row(mail_id).reason) == (OutgoingState.SUPPRESSED, reason)
    assert peer.tried == 0


def test_an_event_in_the_middle_of_a_batch_stops_the_offers_that_follow(app: Flask, peer: SmtpPeer) -> None:
    """M3: at mail 1 of 12 the prisoner dies; no offer of that prisoner goes after it."""
    prisoner = make_prisoner(letter_writer_seats=20)
    for _ in range(12):
        match = make_match(prisoner=prisoner, state=MatchState.APPROVED)
        queue_for(Message.OFFER, match.sponsor.account_id, match.id)

    def die() -> None:
        with app.app_context():
            change(session().get_one(type(prisoner), prisoner.id), detention_status=DetentionStatus.DIED_IN_CUSTODY)

    peer.script.taken = die

    assert deliver() == DeliveryCounts(sent=1, suppressed=11)
    assert len(peer.mails) == 1


def test_a_retry_asks_again_whether_the_mail_may_go(app: Flask, peer: SmtpPeer) -> None:
    """M3."""
    match = approved_match()
    queue_for(Message.OFFER, match.sponsor.account_id, match.id)
    peer.script.rcpt = "451 later"
    assert deliver() == DeliveryCounts(waiting=1)
    peer.script.rcpt = None
    change(match.sponsor, paused_at=NOON, paused_by=match.sponsor.account_id)

    assert deliver(timedelta(hours=1)) == DeliveryCounts(suppressed=1)
    assert peer.mails == []


@pytest.mark.parametrize(
    ("message", "changed"),
    [(Message.SPONSOR_VETTED, VettingState.REJECTED), (Message.SPONSOR_REJECTED, VettingState.PENDING)],
)
def test_a_decision_that_was_changed_is_not_mailed(
    app: Flask, peer: SmtpPeer, message: Message, changed: VettingState
) -> None:
    account_id, _match_id = somebody_for(message)
    mail_id = queue_for(message, account_id)
    change(session().scalars(select(Sponsor)).one(), vetting_state=changed)

    assert deliver() == DeliveryCounts(suppressed=1)
    assert row(mail_id).reason == "vetting_changed"


def test_a_confirmed_address_is_not_asked_again(app: Flask, peer: SmtpPeer) -> None:
    account = make_account(email_confirmed_at=None)
    mail_id = queue_for(Message.CONFIRM_ADDRESS, account.id)
    change(account, email_confirmed_at=NOON)

    assert deliver() == DeliveryCounts(suppressed=1)
    assert row(mail_id).reason == "already_confirmed"
