"""The outbox of the demo's past: what was mailed, and the few mails that went wrong, so that the desk has some to show.

Of what is still to go there is only what fell due in the last minute; a worker that starts mails nothing stale.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

from app.database import session
from app.mail.outbox import Message, Withdrawal
from app.models import OutgoingMail, new_id
from app.vocabulary import OutgoingState

TAKES: Final = timedelta(seconds=35)
"""From the moment a mail is due until it has gone."""

STATES_OF_THE_NEWEST: Final = {
    2: OutgoingState.IN_DOUBT,
    5: OutgoingState.FAILED,
    8: OutgoingState.WAITING,
    11: OutgoingState.IN_DOUBT,
    14: OutgoingState.FAILED,
    17: OutgoingState.IN_DOUBT,
    23: OutgoingState.WAITING,
}
"""What became of a few of the newest mails that should have gone, counted from the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMail:
    """One mail with its cause.

    `overtaken_at`: when an answer or an event made it needless, if it had not gone by then, and `overtaken_by` which.
    `is_news`: it tells of an event, and went.
    """

    message: Message
    occasion: str
    account_id: str
    created_at: datetime
    match_id: str | None = None
    held_for: timedelta = timedelta(0)
    overtaken_at: datetime | None = None
    overtaken_by: Withdrawal = Withdrawal.MATCH_CHANGED
    is_news: bool = False

    @property
    def due_at(self) -> datetime:
        """When it was to go."""
        return self.created_at + self.held_for

    @property
    def needless(self) -> bool:
        """Whether something else came before the mail went."""
        return self.overtaken_at is not None and self.overtaken_at < self.due_at


def plant(mails: Iterable[PlannedMail], *, now: datetime, sparing: frozenset[str]) -> None:
    """Put the mails into the outbox as they stand at `now`; those of the accounts to be spared all went well."""
    rows = []
    newest = 0
    for mail in sorted(mails, key=lambda mail: mail.created_at, reverse=True):
        row = _row(mail, now)
        if row["state"] is OutgoingState.SENT and mail.account_id not in sparing and _may_go_wrong(mail, now):
            row |= _mishap(STATES_OF_THE_NEWEST.get(newest), now)
            newest += 1
        rows.append(row)
    if rows:
        session().execute(insert(OutgoingMail), rows)


def _may_go_wrong(mail: PlannedMail, now: datetime) -> bool:
    """Whether nothing shows that the mail went: somebody who answered an offer has read it."""
    return not mail.is_news and (mail.overtaken_at is None or mail.overtaken_at > now)


def _row(mail: PlannedMail, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": new_id(),
        "message": mail.message,
        "occasion": mail.occasion,
        "account_id": mail.account_id,
        "match_id": mail.match_id,
        "created_at": mail.created_at,
        "due_at": mail.due_at,
        "lease_until": None,
    }
    gone_at = mail.due_at + TAKES
    if mail.needless:
        return row | _state(OutgoingState.SUPPRESSED, attempts=0, reason=mail.overtaken_by)
    if gone_at > now:
        return row | _state(OutgoingState.QUEUED, attempts=0)
    return row | _state(OutgoingState.SENT, attempts=1, sent_at=gone_at)


def _mishap(state: OutgoingState | None, now: datetime) -> dict[str, Any]:
    """The columns of a mail that did not simply go; none for the many that did."""
    if state is OutgoingState.IN_DOUBT:
        return _state(state, attempts=1, reason="lease_ran_out")
    if state is OutgoingState.FAILED:
        return _state(state, attempts=1, reason="recipient_refused")
    if state is OutgoingState.WAITING:
        return _state(state, attempts=6, reason="smtp_451") | {"due_at": now + timedelta(minutes=30)}
    return {}


def _state(
    state: OutgoingState, *, attempts: int, reason: str | None = None, sent_at: datetime | None = None
) -> dict[str, Any]:
    return {"state": state, "attempts": attempts, "reason": reason, "sent_at": sent_at}
