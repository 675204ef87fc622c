"""The tokens in mails: made as a mail is rendered, good for an hour, kept only as digests (A7)."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import session
from app.mail.outbox import Message, enqueue
from app.models import AccountToken, OutgoingMail, TokenPurpose
from app.queries.accounts import mailed_token
from app.transaction import transaction
from tests.database.mail.letters import (
    queue_for,
    send_one,
    text_of,
)
from tests.database.mail.post import NOON, deliver
from tests.factories import make_account
from tests.smtp_peer import SmtpPeer, Taken


def _token(mail: Taken) -> str:
    [link] = re.findall(r"https?://\S+", text_of(mail))
    return str(link.rpartition("/")[2])


def test_a_confirming_link_opens_for_an_hour_and_only_its_digest_is_stored(app: Flask, peer: SmtpPeer) -> None:
    """A7."""
    token = _token(send_one(peer, Message.CONFIRM_ADDRESS))

    stored = session().scalars(select(AccountToken)).one()
    assert token not in str(vars(stored))
    assert stored.email_index == stored.account.email_index
    with clock.at(NOON + timedelta(minutes=59)):
        assert mailed_token(token, TokenPurpose.CONFIRM_ADDRESS) is not None
    with clock.at(NOON + timedelta(minutes=61)):
        assert mailed_token(token, TokenPurpose.CONFIRM_ADDRESS) is None


def test_a_newer_link_supersedes_an_older_one(app: Flask, peer: SmtpPeer) -> None:
    """A7."""
    account = make_account(email_confirmed_at=None)
    tokens = []
    for occasion in ("first", "second"):
        with clock.at(NOON), transaction():
            enqueue(message=Message.CONFIRM_ADDRESS, occasion=occasion, account_id=account.id)
        deliver()
        tokens.append(_token(peer.mails[-1]))

    with clock.at(NOON):
        assert mailed_token(tokens[0], TokenPurpose.CONFIRM_ADDRESS) is None
        assert mailed_token(tokens[1], TokenPurpose.CONFIRM_ADDRESS) is not None


def test_no_token_stands_in_the_outbox(app: Flask, peer: SmtpPeer) -> None:
    """A7: the outbox holds the reason; delivery makes the token as it renders."""
    mail = send_one(peer, Message.CONFIRM_ADDRESS)

    stored = session().scalars(select(OutgoingMail)).one()
    columns = {column.key: getattr(stored, column.key) for column in OutgoingMail.__table__.columns}
    assert _token(mail) not in str(columns)
    assert "@" not in str(columns)


def test_a_token_that_the_mail_server_never_saw_is_not_the_one_that_arrives(app: Flask, peer: SmtpPeer) -> None:
    account = make_account(email_confirmed_at=None)
    queue_for(Message.CONFIRM_ADDRESS, account.id)
    peer.script.content = "451 later"
    deliver()
    peer.script.content = None
    deliver(timedelta(minutes=1))

    with clock.at(NOON + timedelta(minutes=1)):
        assert mailed_token(_token(peer.mails[0]), TokenPurpose.CONFIRM_ADDRESS) is not None
    assert len(session().scalars(select(AccountToken)).all()) == 1
