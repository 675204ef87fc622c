"""Reminders on their way into the outbox: all of one sponsor's that fall on a morning share one mail.

A mail is unique by its recipient and day, a reminder by its occasion, and a reminder joins a mail only while nobody has
taken that to send it. So however many schedulers there are, none doubles a mail or tears one apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from app.clock import now
from app.database import MAIL_QUEUED, WRITING, locked, session
from app.models import Account, OutgoingMail, Reminder, Sponsor, new_id
from app.queries.reminder_mails import REMINDER_MESSAGES, SEVERAL, known
from app.reminders import Occasion, zone_of
from app.vocabulary import UNSENT, OutgoingState

MAILED_TODAY: Final = "mailed_today"
"""Why a reminder has to wait for another morning: this one's mail has gone, or is going."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that may go to an account, from `goes_at` on, which is in its own morning."""

    occasion: Occasion
    account_id: str
    goes_at: datetime


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of reminders: how many were queued, had their mail before, or wait since today's mail has gone."""

    queued: int = 0
    already: int = 0
    waiting: int = 0


@dataclass(slots=True)
class _Mail:
    """A mail that is still to go, with the day on which it does; `parts` are the reminders that join it."""

    id: str
    day: date
    match_id: str | None
    parts: list[Due]
    is_new: bool


def day_key(account_id: str, day: date) -> str:
    """The occasion of the mail that holds all reminders to the account on a day of its own."""
    return f"reminders:{account_id}:{day}"


def gather(reminders: Sequence[Due]) -> Gathered:
    """Put each reminder into its recipient's mail of that morning, which is made where there is none.

    Belongs inside the caller's `with transaction():`; raises RuntimeError outside. Locks the sponsors concerned.
    """
    if not session().info.get(WRITING):
        raise RuntimeError("a reminder is put into the outbox inside `with transaction():`")
    before = known(due.occasion.key for due in reminders) if reminders else set()
    fresh = [due for due in reminders if due.occasion.key not in before]
    if not fresh:
        return Gathered(already=len(reminders))
    zones = _locked_accounts({due.account_id for due in fresh})
    meanwhile = known(due.occasion.key for due in fresh)
    fresh = [due for due in fresh if due.occasion.key not in meanwhile and due.account_id in zones]
    queued = _queue(fresh, zones)
    return Gathered(queued=queued, already=len(reminders) - len(fresh), waiting=len(fresh) - queued)


def _locked_accounts(account_ids: Iterable[str]) -> dict[str, str]:
    """The accounts' time zones, their sponsors locked in the order of their ids: of two schedulers one waits here."""
    query = select(Sponsor.id, Account.id, Account.time_zone).join(Account, Account.id == Sponsor.account_id)
    rows = session().execute(_only_sponsors(query.where(Account.id.in_(sorted(account_ids))).order_by(Sponsor.id)))
    return {account_id: zone for _sponsor_id, account_id, zone in rows}


def _only_sponsors(query: Any) -> Any:
    return query.with_for_update(key_share=True, of=Sponsor)


def _queue(reminders: Sequence[Due], zones: dict[str, str]) -> int:
    """Queue what can go; gives how many."""
    mails = _open_mails(zones)
    taken = _taken_days(reminders, zones)
    for due in reminders:
        day = due.goes_at.astimezone(zone_of(zones[due.account_id])).date()
        mail = next((mail for mail in mails[due.account_id] if mail.day <= day), None)
        if mail is None:
            if day_key(due.account_id, day) in taken:
                continue
            mail = _Mail(new_id(), day, due.occasion.match_id, [], is_new=True)
            mails[due.account_id].append(mail)
        mail.parts.append(due)
    joined = [mail for of_account in mails.values() for mail in of_account if mail.parts]
    _write(joined)
    return sum(len(mail.parts) for mail in joined)


def _open_mails(zones: dict[str, str]) -> dict[str, list[_Mail]]:
    """Each account's mails with reminders that nobody has taken to send, the earliest first; locked so nobody will."""
    query = select(OutgoingMail.id, OutgoingMail.account_id, OutgoingMail.match_id, OutgoingMail.due_at)
    unsent = OutgoingMail.message.in_(REMINDER_MESSAGES), OutgoingMail.state.in_(UNSENT)
    found: dict[str, list[_Mail]] = defaultdict(list)
    in_order = query.where(OutgoingMail.account_id.in_(list(zones)), *unsent).order_by(OutgoingMail.due_at)
    for row in session().execute(locked(in_order)):
        day = row.due_at.astimezone(zone_of(zones[row.account_id])).date()
        found[row.account_id].append(_Mail(row.id, day, row.match_id, [], is_new=False))
    return found


def _taken_days(reminders: Sequence[Due], zones: dict[str, str]) -> set[str]:
    keys = {day_key(due.account_id, due.goes_at.astimezone(zone_of(zones[due.account_id])).date()) for due in reminders}
    return set(session().scalars(select(OutgoingMail.occasion).where(OutgoingMail.occasion.in_(keys))))


def _write(mails: Sequence[_Mail]) -> None:
    """Write new mails and what joins them, and say of those that were there that they have grown."""
    if not mails:
        return
    new, grown = ([mail for mail in mails if mail.is_new is is_new] for is_new in (True, False))
    if new:
        session().execute(insert(OutgoingMail), [_row(mail) for mail in new])
    session().execute(insert(Reminder), [_part(mail, due) for mail in mails for due in mail.parts])
    if grown:
        session().execute(update(OutgoingMail), [_grown(mail) for mail in grown])
    session().info[MAIL_QUEUED] = True


def _row(mail: _Mail) -> dict[str, Any]:
    first = mail.parts[0]
    return {
        "id": mail.id,
        "occasion": day_key(first.account_id, mail.day),
        "account_id": first.account_id,
        "state": OutgoingState.QUEUED,
        "created_at": now(),
        "due_at": min(due.goes_at for due in mail.parts),
        "attempts": 0,
        **_about(mail, alone=len(mail.parts) == 1),
    }


def _grown(mail: _Mail) -> dict[str, Any]:
    return {"id": mail.id, **_about(mail, alone=False)}


def _about(mail: _Mail, *, alone: bool) -> dict[str, Any]:
    """What the mail is called, and the match that it is about, where that is one."""
    matches = {due.occasion.match_id for due in mail.parts} | {mail.match_id}
    return {
        "message": mail.parts[0].occasion.kind if alone else SEVERAL,
        "match_id": mail.match_id if len(matches) == 1 else None,
    }


def _part(mail: _Mail, due: Due) -> dict[str, Any]:
    occasion = due.occasion
    return {"occasion": occasion.key, "kind": occasion.kind, "mail_id": mail.id, "match_id": occasion.match_id}
