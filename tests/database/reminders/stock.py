"""The outbox counted against the mail server's own book; and the people who see to what came back or is in doubt."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, func, select

from app import bounces, clock
from app.actions import mails
from app.actions.bounces import CAME_BACK, Verdict, take
from app.actions.mails import Finding
from app.database import session
from app.mail.delivery import paused_until
from app.mail.outcomes import Refusal
from app.models import OutgoingMail, SuppressedAddress
from app.permissions import Viewer
from app.queries import mails as queries
from app.transaction import transaction
from app.vocabulary import GONE_OR_GOING, UNSENT, OutgoingState
from tests.bounced import report
from tests.database.reminders.judging import Book

AN_HOUR = timedelta(hours=1)
TAG_LENGTH = 16

_ON_THEIR_WAY = (*UNSENT, OutgoingState.SENDING)
_ROWS = select(OutgoingMail.id, OutgoingMail.state, OutgoingMail.reason, OutgoingMail.due_at, OutgoingMail.lease_until)


class Stock:
    """Every mail that was ever queued, and what the server says that it took."""

    def __init__(self, book: Book, dice: Random, *, coordinator: Viewer) -> None:
        self._book, self._dice, self._coordinator = book, dice, coordinator
        self._queued: set[str] = set()

    def note_queued(self, *, since: datetime) -> None:
        """Remember what was queued since then."""
        self._queued |= set(session().scalars(select(OutgoingMail.id).where(OutgoingMail.created_at >= since)))
        session().rollback()

    def settle(self) -> None:
        """What came back is read, and forged reports beside it; a coordinator settles most of what is in doubt.

        One time in five they have a mail sent again although it went.
        """
        for mail_id, sender in self._book.returning:
            self._return(mail_id, sender)
        self._book.returning.clear()
        for mail in queries.in_doubt():
            if self._dice.random() < 0.7:
                self._find_out(mail.id)

    def take(self) -> None:
        """Nothing is lost, nothing is made up, nothing is left lying, and nobody is suppressed for nothing."""
        rows = session().execute(_ROWS).all()
        assert sum(queries.counts().values()) == len(self._queued), "the states do not add up to what was queued"
        assert {row.id for row in rows} == self._queued, "a mail is gone from the outbox"
        sent = {row.id for row in rows if row.state is OutgoingState.SENT}
        assert sent <= self._book.taken, "said to be sent, and lost"
        gone = {row.id for row in rows if row.state in GONE_OR_GOING or str(row.reason).startswith(CAME_BACK)}
        assert self._book.taken - self._book.sent_again <= gone, "taken, and said not to have gone"
        given_up = {str(row.reason) for row in rows if row.state is OutgoingState.FAILED}
        assert all(why == Refusal.RECIPIENT or why.startswith(CAME_BACK) for why in given_up), f"given up: {given_up}"
        assert paused_until() or not self._lying(rows), "left lying"
        assert self._count_suppressed() == len(self._book.mailboxes_gone), "suppressed for nothing"
        session().rollback()

    def _lying(self, rows: Sequence[Row[Any]]) -> list[str]:
        """What should have moved an hour ago. Everything waits while our own mail server cannot be used."""
        limit = clock.now() - AN_HOUR
        return [row.id for row in rows if (row.lease_until or row.due_at) < limit and row.state in _ON_THEIR_WAY]

    def _return(self, mail_id: str, sender: str) -> None:
        """The server returns the mail, once somebody has tried to have its next one returned without knowing how."""
        path, _at, domain = sender.partition("@")
        self._report(f"{path[:-TAG_LENGTH]}{'a' * TAG_LENGTH}@{domain}")
        assert self._count_suppressed() == len(self._book.mailboxes_gone), "suppressed for nothing"
        if self._report(sender) is Verdict.BOUNCED:
            self._book.mailboxes_gone.add(session().get_one(OutgoingMail, mail_id).account_id)

    def _count_suppressed(self) -> int:
        return session().scalar(select(func.count()).select_from(SuppressedAddress)) or 0

    def _report(self, to: str) -> Verdict:
        found = bounces.read(report(to=to))
        assert found is not None
        with transaction():
            return take(report=found, by=None)

    def _find_out(self, mail_id: str) -> None:
        went = mail_id in self._book.taken
        again = not went or self._dice.random() < 0.2
        if went and again:
            self._book.may_come_again.add(mail_id)
            self._book.sent_again.add(mail_id)
        finding = Finding.REQUEUE if again else Finding.SENT
        with transaction():
            mails.resolve(mail_id=mail_id, finding=finding, by=self._coordinator, seen_due_at=None)
