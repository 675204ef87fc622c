"""What was mailed to one person, or will be: kinds, dates and reasons, never a text or an address."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from app.clock import now
from app.database import session
from app.models import Match, OutgoingMail, Prisoner
from app.permissions import Viewer
from app.queries.mails import tells_of_nobody_else
from app.queries.paging import Page, page_of
from app.queries.scope import prisoners_of
from app.reminders import zone_of
from app.vocabulary import OutgoingState

ROWS_ON_A_PAGE = 50
FEW = 12
LATELY = timedelta(days=365)

HIDDEN: Final = "hidden"
"""Stands for a kind or a reason that would tell of a prisoner who is not of the viewer's caseload."""

_TELLING = frozenset({"released", "condolence", "moved", "in_transfer", "returned", "birthday_ahead"})
"""Mails whose kind alone tells what happened to the prisoner."""

_ABOUT_THE_PERSON = frozenset(
    {
        "account_closed",
        "account_disabled",
        "address_refused",
        "address_bounced",
        "address_erased",
        "address_unconfirmed",
        "address_unverified",
        "already_confirmed",
        "marked_silent",
        "match_changed",
        "no_capacity",
        "no_longer_due",
        "not_available",
        "not_vetted",
        "not_wanted",
        "overtaken",
        "sponsor_left",
        "sponsor_paused",
        "stale",
        "taken_back",
        "vetting_changed",
    }
)
"""Why a mail was held back, where that says nothing of the prisoner. What else there is may do so."""


@dataclass(frozen=True, kw_only=True)
class LoggedMail:
    """One mail as this viewer may know it. `prisoner` is the name of whom it is about, None for nobody of theirs.

    `due_at` moves on with every try; `attempts` counts them. `message` and `reason` are HIDDEN where they would tell.
    """

    id: str
    message: str
    state: OutgoingState
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    reason: str | None
    match_id: str | None
    prisoner: str | None
    to_office: bool


@dataclass(frozen=True)
class Mailed:
    """A mail that went, as a sponsor is told of it: its kind, the day on their calendar, whether to their office."""

    message: str
    on: date
    to_office: bool = False


def of_person(
    viewer: Viewer, account_id: str, *, number: int = 1, size: int = ROWS_ON_A_PAGE, state: OutgoingState | None = None
) -> Page[LoggedMail]:
    """The mails to one account, the newest first, or those in one state. Whether the viewer may ask, the caller knows.

    About a match with somebody outside the viewer's caseload it is said that there was a mail, not what happened.
    """
    query = select(OutgoingMail).where(OutgoingMail.account_id == account_id)
    if state is not None:
        query = query.where(OutgoingMail.state == state)
    in_order = query.order_by(OutgoingMail.created_at.desc(), OutgoingMail.id)
    page: Page[OutgoingMail] = page_of(in_order, OutgoingMail.id, number=number, size=size)
    names = _prisoners(viewer, {mail.match_id for mail in page.items if mail.match_id})
    rows = [_logged(mail, names) for mail in page.items]
    return Page(items=rows, number=page.number, pages=page.pages, all=page.all)


def gone_lately(account_id: str, zone_name: str) -> list[Mailed]:
    """The newest mails that went to the account within a year, as its owner may know of them (`tells_of_nobody_else`).

    The newest first, with days of that time zone.
    """
    query = select(OutgoingMail.message, OutgoingMail.sent_at, OutgoingMail.reader_id).where(
        OutgoingMail.account_id == account_id,
        OutgoingMail.state == OutgoingState.SENT,
        OutgoingMail.created_at >= now() - LATELY,
        tells_of_nobody_else(),
    )
    newest = session().execute(query.order_by(OutgoingMail.created_at.desc(), OutgoingMail.id).limit(FEW))
    zone = zone_of(zone_name)
    return [
        Mailed(message, sent_at.astimezone(zone).date(), to_office=reader_id is not None)
        for message, sent_at, reader_id in newest
        if sent_at
    ]


def _prisoners(viewer: Viewer, match_ids: set[str]) -> dict[str, str]:
    """The names of the viewer's own prisoners, by the match that a mail is about."""
    if not match_ids:
        return {}
    query = select(Match.id, Prisoner).join(Match.prisoner).where(Match.id.in_(match_ids), prisoners_of(viewer))
    return {match_id: prisoner.shown_name for match_id, prisoner in session().execute(query)}


def _logged(mail: OutgoingMail, names: dict[str, str]) -> LoggedMail:
    theirs = mail.match_id is None or mail.match_id in names
    held_back = mail.state is OutgoingState.SUPPRESSED and mail.reason not in _ABOUT_THE_PERSON
    return LoggedMail(
        id=mail.id,
        message=mail.message if theirs or mail.message not in _TELLING else HIDDEN,
        state=mail.state,
        due_at=mail.due_at,
        sent_at=mail.sent_at,
        attempts=mail.attempts,
        reason=mail.reason if theirs or not held_back else HIDDEN,
        match_id=mail.match_id if theirs else None,
        prisoner=names.get(mail.match_id or ""),
        to_office=mail.reader_id is not None,
    )
