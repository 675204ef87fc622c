"""What the mail room's tests share: mails to queue, a clock to turn, and a peer to hand them to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import session
from app.mail.delivery import DeliveryCounts, deliver_due
from app.mail.outbox import Message, enqueue
from app.models import OutgoingMail
from app.transaction import transaction
from tests.factories import make_account

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""When the tests queue their mails; later moments are counted from it."""


@contextmanager
def settings(app: Flask, **changes: Any) -> Iterator[None]:
    """The application with other settings inside the block."""
    usual = app.config["VESTKA"]
    app.config["VESTKA"] = replace(usual, **changes)
    try:
        yield
    finally:
        app.config["VESTKA"] = usual


def queue(count: int = 1, **changes: Any) -> list[str]:
    """Queue mails to as many accounts, a second apart, and return their ids in the order they fall due."""
    ids = []
    for number in range(count):
        account = make_account()
        with clock.at(NOON + timedelta(seconds=number) - timedelta(seconds=count)), transaction():
            values = {"message": Message.ALREADY_REGISTERED, "occasion": f"test:{account.id}", "account_id": account.id}
            mail = enqueue(**(values | changes))
            assert mail is not None
            ids.append(mail.id)
    return ids


def deliver(after: timedelta = timedelta(), *, limit: int | None = None) -> DeliveryCounts:
    """Deliver what is due at noon, or so long after."""
    with clock.at(NOON + after):
        return deliver_due(limit)


def row(mail_id: str) -> OutgoingMail:
    """The mail as the database has it now."""
    session().rollback()
    return session().scalars(select(OutgoingMail).where(OutgoingMail.id == mail_id)).one()


def message_id(mail_id: str) -> str:
    """The Message-ID that goes with the row."""
    return f"<{mail_id}@localhost>"
