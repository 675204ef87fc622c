"""Mails about a change of address: each to the mailbox it is for, and no trouble of one counted against the other."""

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import session
from app.mail import messages
from app.mail.outbox import Message
from app.models import AddressChange, OutgoingMail, TokenPurpose
from app.queries.accounts import mailed_token
from tests.database.mail.letters import change, queue_for, send_one, somebody_for, text_of
from tests.database.mail.post import NOON
from tests.factories import make_account, make_suppressed_address
from tests.smtp_peer import SmtpPeer


def only_change() -> AddressChange:
    return session().scalars(select(AddressChange)).one()


def _why_not(mail_id: str) -> str | None:
    mail = session().get_one(OutgoingMail, mail_id)
    return messages.why_not(mail, messages.kind_of(mail).mailbox(mail))


def test_a7_the_link_goes_to_the_new_mailbox_and_is_bound_to_it(app: Flask, peer: SmtpPeer) -> None:
    mail = send_one(peer, Message.CONFIRM_NEW_ADDRESS)

    wanted = only_change()
    assert mail.recipients == (wanted.new_email,)
    token = next(word for word in text_of(mail).split() if "/address/" in word).rpartition("/")[2]
    with clock.at(NOON):
        found = mailed_token(token, TokenPurpose.CHANGE_ADDRESS)
        assert found is not None
        assert found.email_index == wanted.new_email_index


def test_the_old_mailbox_is_told_without_the_new_address(app: Flask, peer: SmtpPeer) -> None:
    mail = send_one(peer, Message.ADDRESS_CHANGED)

    wanted = only_change()
    assert mail.recipients == (wanted.old_email,)
    assert wanted.new_email not in mail.message.as_string()


@pytest.mark.parametrize(("moved", "reason"), [(False, "address_refused"), (True, None)])
def test_m2_a_refused_mailbox_gets_nothing_more_and_the_one_after_it_does(
    app: Flask, moved: bool, reason: str | None
) -> None:
    account = make_account()
    mail_id = queue_for(Message.SECOND_FACTOR_CHANGED, account.id)
    make_suppressed_address(account.email)
    if moved:
        change(account, email="moved@example.org")

    assert _why_not(mail_id) == reason


def test_m2_what_is_said_of_the_new_mailbox_is_not_said_of_the_one_they_have(app: Flask) -> None:
    account_id, _match_id = somebody_for(Message.CONFIRM_NEW_ADDRESS)
    asking = queue_for(Message.CONFIRM_NEW_ADDRESS, account_id)
    telling = queue_for(Message.SECOND_FACTOR_CHANGED, account_id)
    make_suppressed_address(only_change().new_email)

    reasons = [_why_not(mail_id) for mail_id in (asking, telling)]

    assert reasons == ["address_refused", None]
