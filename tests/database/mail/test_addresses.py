"""Mails about a change of address: each to the mailbox it is for, and no trouble of one counted against the other."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import session
from app.mail.messages import why_not
from app.mail.outbox import Message
from app.mail.outcomes import Refusal
from app.models import AddressChange, OutgoingMail, TokenPurpose
from app.queries.accounts import mailed_token
from app.vocabulary import OutgoingState
from tests.database.mail.letters import change, queue_for, send_one, text_of
from tests.database.mail.post import NOON
from tests.factories import make_account, writing
from tests.factories.writing import add
from tests.smtp_peer import SmtpPeer


def only_change() -> AddressChange:
    return session().scalars(select(AddressChange)).one()


def test_a7_the_link_goes_to_the_new_mailbox_and_is_bound_to_it(app: Flask, peer: SmtpPeer) -> None:
    mail = send_one(peer, Message.CONFIRM_NEW_ADDRESS)

    wanted = only_change()
    assert mail.recipients == (wanted.new_email,)
    token = next(word for word in text_of(mail).split() if "/address/" in word).rpartition("/")[2]
    with clock.at(NOON):
        found = mailed_token(token, TokenPurpose.CHANGE_ADDRESS)
        assert found is not None
        assert found.email_key == wanted.new_email_key


def test_the_old_mailbox_is_told_without_the_new_address(app: Flask, peer: SmtpPeer) -> None:
    mail = send_one(peer, Message.ADDRESS_CHANGED)

    wanted = only_change()
    assert mail.recipients == (wanted.old_email,)
    assert wanted.new_email not in mail.message.as_string()


@pytest.mark.parametrize(
    ("message", "moved", "reason"),
    [
        (Message.CONFIRM_NEW_ADDRESS, False, None),  # said of the new mailbox
        (Message.PASSWORD_CHANGED, False, "address_refused"),
        (Message.PASSWORD_CHANGED, True, None),  # said of the mailbox before
    ],
)
def test_m2_a_refused_mailbox_gets_nothing_more_and_the_one_after_it_does(
    app: Flask, message: Message, moved: bool, reason: str | None
) -> None:
    account = make_account()
    refused, later = queue_for(message, account.id), queue_for(Message.SECOND_FACTOR_CHANGED, account.id)
    change(session().get_one(OutgoingMail, refused), state=OutgoingState.FAILED, reason=Refusal.RECIPIENT)
    if moved:
        addresses = {"old_email": "a@example.org", "new_email": "b@example.org", "new_email_key": "b@example.org"}
        with writing():
            add(
                AddressChange(account_id=account.id, asked_at=NOON, confirmed_at=NOON + timedelta(hours=1), **addresses)
            )

    assert why_not(session().get_one(OutgoingMail, later)) == reason
