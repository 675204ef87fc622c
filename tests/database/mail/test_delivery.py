"""Delivery of what is due: each mail once, to its one recipient, and none held up by another (M2, M7)."""

from datetime import timedelta

import pytest
from flask import Flask
from structlog.testing import capture_logs

from app import clock
from app.database import session
from app.mail import delivery, messages
from app.mail.building import Envelope
from app.mail.connection import MailConnection
from app.mail.delivery import DeliveryCounts
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outbox import Message
from app.mail.outcomes import Outcome, Result
from app.models import OutgoingMail
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.database.mail.post import NOON, deliver, message_id, queue, row
from tests.smtp_peer import SmtpPeer

MINUTE = timedelta(minutes=1)


def test_every_mail_goes_once_each_to_its_own_recipient_over_one_connection(app: Flask, peer: SmtpPeer) -> None:
    """M7: one recipient per message, a text part always, nobody typed it."""
    ids = queue(5)

    counts = deliver()

    assert counts == DeliveryCounts(sent=5)
    assert [mail.id for mail in peer.mails] == [message_id(mail_id) for mail_id in ids]
    assert [mail.recipients for mail in peer.mails] == [(row(mail_id).account.email,) for mail_id in ids]
    assert {mail.message["From"].addresses[0].addr_spec for mail in peer.mails} == {app.config["VESTKA"].mail_from}
    for mail in peer.mails:
        assert [part.get_content_type() for part in mail.message.iter_parts()] == ["text/plain", "text/html"]
        assert mail.message["Auto-Submitted"] == "auto-generated"
        assert mail.message["Date"].datetime == NOON
    assert peer.connections == 1


def test_a_mail_that_went_is_recorded_with_its_time_and_never_goes_again(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue()

    deliver()
    again = deliver(timedelta(days=300))

    assert again == DeliveryCounts()
    assert (row(mail_id).state, row(mail_id).sent_at, row(mail_id).attempts) == (OutgoingState.SENT, NOON, 1)
    assert peer.taken() == {message_id(mail_id): 1}


def test_a_held_mail_goes_when_it_falls_due_and_not_before(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue(due_at=NOON + MINUTE)

    assert deliver(MINUTE - timedelta(seconds=1)) == DeliveryCounts()
    assert deliver(MINUTE) == DeliveryCounts(sent=1)
    assert peer.taken() == {message_id(mail_id): 1}


def test_a_limit_is_kept_and_the_oldest_go_first(app: Flask, peer: SmtpPeer) -> None:
    ids = queue(3)

    assert deliver(limit=2) == DeliveryCounts(sent=2)
    assert list(peer.taken()) == [message_id(mail_id) for mail_id in ids[:2]]


def _unwritable(_draft: Draft) -> Rendered:
    raise LookupError("somebody@example.org")


def test_a_poison_message_fails_with_a_reason_and_never_blocks_the_rest(
    app: Flask, peer: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """M2, P3: what the failure says may be personal, so only its kind is kept."""
    [broken, unknown, bad_address, good] = queue(4)
    with transaction():
        session().get_one(OutgoingMail, unknown).message = "no_such_message"
        session().get_one(OutgoingMail, broken).message = Message.OFFER
        session().get_one(OutgoingMail, bad_address).account.email = "canary\r\nBcc: eve@example.org"

    monkeypatch.setitem(messages.KINDS, Message.OFFER, messages.Kind(lambda _mail: None, _unwritable))
    with capture_logs() as logged:
        counts = deliver()

    assert counts == DeliveryCounts(failed=3, sent=1)
    assert [row(mail_id).reason for mail_id in (broken, unknown, bad_address)] == [
        "unsendable:LookupError",
        "unsendable:ValueError",
        "broken_header",
    ]
    assert peer.taken() == {message_id(good): 1}
    assert "mail_unsendable" in str(logged)
    assert "example.org" not in str(logged)


def test_a_worker_told_to_stop_finishes_the_mail_in_hand(app: Flask, peer: SmtpPeer) -> None:
    ids = queue(3)

    with clock.at(NOON):
        counts = delivery.deliver_due(stopping=lambda: len(peer.mails) == 2)

    assert counts == DeliveryCounts(sent=2)
    assert row(ids[2]).state is OutgoingState.QUEUED


def test_a_line_that_is_only_a_dot_does_not_end_the_mail(app: Flask, peer: SmtpPeer) -> None:
    envelope = Envelope("a@example.org", "b@example.org", b"Message-ID: <1@x>\r\n\r\nbefore\r\n.\r\n..after\r\n")

    with MailConnection() as connection:
        result = connection.hand_over(envelope)

    assert result == Result(Outcome.DELIVERED)
    assert peer.mails[0].message.get_content().splitlines() == ["before", ".", "..after"]
