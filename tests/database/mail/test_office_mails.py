"""Mails that go to an office in the sponsor's place: one recipient, once, and only while it acts for them (M7)."""

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import bounces, offices, reminder_answers
from app.bounces import Fate, Report
from app.database import session
from app.errors import NotFound
from app.mail.outbox import Message
from app.models import Account, AuditEvent, Office, Sponsor
from app.queries import mailed_links, suppressions
from app.queries.accounts import viewer_of
from app.reminder_words import ReminderAnswer
from app.transaction import transaction
from app.vocabulary import OutgoingState, SuppressionReason
from tests.database.mail.letters import change, moment_of, queue_for, somebody_for, text_of
from tests.database.mail.post import NOON, deliver, row, settings
from tests.factories import make_account, make_office_of, make_sponsor, make_suppressed_address
from tests.smtp_peer import SmtpPeer

COLLEAGUE = "colleague@example.org"


def reading_office(account_id: str) -> Office:
    """An office to which the sponsor with this account has their mails go."""
    sponsor = session().scalars(select(Sponsor).where(Sponsor.account_id == account_id)).one()
    return make_office_of(sponsor, account=make_account(email=COLLEAGUE), gets_mails=True)


def recipients(peer: SmtpPeer, message: Message) -> list[str]:
    """Who got what is due at the message's moment."""
    deliver(moment_of(message) - NOON)
    return [address for mail in peer.mails for address in mail.recipients]


@pytest.mark.parametrize("message", [Message.OFFER, Message.MOVED, Message.LETTER_DUE])
def test_m7_offers_news_and_reminders_go_to_the_office_alone(app: Flask, peer: SmtpPeer, message: Message) -> None:
    account_id, match_id = somebody_for(message)
    office = reading_office(account_id)
    mail_id = queue_for(message, account_id, match_id)

    assert recipients(peer, message) == [COLLEAGUE]

    assert (row(mail_id).account_id, row(mail_id).reader_id) == (account_id, office.account_id)


@pytest.mark.parametrize("message", [Message.PASSWORD_CHANGED, Message.SPONSOR_VETTED, Message.OFFICE_JOINED])
def test_what_concerns_the_sponsor_in_person_goes_to_them(app: Flask, peer: SmtpPeer, message: Message) -> None:
    account_id, match_id = somebody_for(Message.SPONSOR_VETTED)
    reading_office(account_id)
    queue_for(message, account_id, match_id)

    assert recipients(peer, message) == [session().get_one(Account, account_id).email]


def test_m3_an_office_that_was_removed_meanwhile_gets_nothing(app: Flask, peer: SmtpPeer) -> None:
    account_id, match_id = somebody_for(Message.OFFER)
    office = reading_office(account_id)
    queue_for(Message.OFFER, account_id, match_id)
    with transaction():
        offices.remove(office.id, by=viewer_of(session().get_one(Account, account_id)))

    assert recipients(peer, Message.OFFER) == [session().get_one(Account, account_id).email]


def test_a_mailbox_that_refuses_gives_the_mails_back_to_the_sponsor(app: Flask, peer: SmtpPeer) -> None:
    account_id, match_id = somebody_for(Message.OFFER)
    reading_office(account_id)
    make_suppressed_address(COLLEAGUE)
    queue_for(Message.OFFER, account_id, match_id)

    assert recipients(peer, Message.OFFER) == [session().get_one(Account, account_id).email]


def test_an_office_in_reach_of_a_state_gets_the_mail_that_says_nothing(app: Flask, peer: SmtpPeer) -> None:
    account_id, match_id = somebody_for(Message.OFFER)
    office = reading_office(account_id)
    change(session().get_one(Account, office.account_id), email="office@example.by")
    queue_for(Message.OFFER, account_id, match_id)

    deliver()

    assert peer.mails[-1].recipients == ("office@example.by",)
    assert "/matches/" not in text_of(peer.mails[-1])


def test_a_link_in_an_offices_reminder_acts_as_the_office_while_that_acts(app: Flask, peer: SmtpPeer) -> None:
    """Z4: what lies in a mailbox does not outlive the log-in."""
    account_id, match_id = somebody_for(Message.LETTER_DUE)
    office = reading_office(account_id)
    office_account = office.account_id
    mail_id = queue_for(Message.LETTER_DUE, account_id, match_id)
    deliver()
    link = mailed_links.answer_token(row(mail_id))

    with clock.at(NOON), transaction():
        reminder_answers.answer(link, ReminderAnswer.SENT)
    [by] = session().scalars(select(AuditEvent.by_account_id).where(AuditEvent.action == "letter_sent"))
    with transaction():
        offices.remove(office.id, by=viewer_of(session().get_one(Account, account_id)))

    assert by == office_account
    with clock.at(NOON), pytest.raises(NotFound), transaction():
        reminder_answers.answer(link, ReminderAnswer.PAUSE)


def test_m8_what_the_offices_mailbox_returns_is_the_offices(app: Flask, peer: SmtpPeer) -> None:
    account_id, match_id = somebody_for(Message.OFFER)
    reading_office(account_id)
    mail_id = queue_for(Message.OFFER, account_id, match_id)
    with settings(app, mail_bounces="bounces@example.org"):
        deliver()
        report = Report(fate=Fate.FAILED, status="5.1.1", sent_to=peer.mails[-1].sender)
        with transaction():
            assert bounces.take(report=report, by=None) is bounces.Verdict.BOUNCED

    assert row(mail_id).state is OutgoingState.FAILED
    assert suppressions.reason_for(COLLEAGUE) is SuppressionReason.BOUNCED
    assert suppressions.reason_for(session().get_one(Account, account_id).email_key) is None


def test_a7_an_invitation_that_was_taken_back_is_not_mailed(app: Flask, peer: SmtpPeer) -> None:
    sponsor = make_sponsor()
    with clock.at(NOON), transaction():
        office = offices.invite(COLLEAGUE, password_hash="x", by=viewer_of(sponsor.account))
        offices.remove(office.id, by=viewer_of(sponsor.account))

    assert recipients(peer, Message.OFFICE_INVITED) == []
