"""What we hold of one person, for themselves: complete, machine-readable, and nobody else's (docs/threats.md, P5)."""

from collections import defaultdict
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import inspect, or_, select

from app.audit_words import AuditAction
from app.clock import now
from app.database import session
from app.models import Account, AuditEvent, Base, Match
from app.queries import accounts, matches, suppressions
from app.queries.own_parts import PARTS, WITHHELD, Part

FORMAT: Final = "vestka.person/1"


def copy_for(account: Account) -> dict[str, Any]:
    """Everything that is about the person behind the account, as plain values that JSON can hold.

    Of prisoners it holds the names that the person may read on their own pages at this moment, and nothing else. The
    sponsor whom an office acts for is somebody else: of them its copy says nothing (Z2).
    """
    viewer = accounts.viewer_of(account)
    sponsor_id = None if viewer.is_office else viewer.sponsor_id
    shown = {match.id: match.prisoner.shown_name for match in matches.of_sponsor(viewer)} if sponsor_id else {}
    copy: dict[str, Any] = {"format": FORMAT, "made_at": _plain(now())}
    for part in PARTS:
        copy[part.name] = _rows(part, account.id, sponsor_id, shown)
    return copy | {
        "mail_stopped": _mail_stopped(account),
        "done": _done_by(account),
        "withheld": _withheld(),
    }


def _rows(part: Part, account_id: str, sponsor_id: str | None, shown: dict[str, str]) -> list[dict[str, Any]] | int:
    """The rows of a part in the order of their ids; where nothing of them is told, how many there are."""
    theirs = part.is_theirs(account_id, sponsor_id)
    if part.table is Match:
        theirs = or_(theirs, Match.id.in_(list(shown)))
    query = select(part.table).where(theirs).order_by(*inspect(part.table).primary_key)
    rows = session().scalars(query).all()
    if not part.attributes:
        return len(rows)
    return [_row(row, part, shown) for row in rows]


def _row(row: Base, part: Part, shown: dict[str, str]) -> dict[str, Any]:
    values = {name: _plain(getattr(row, name)) for name in part.attributes}
    return values | {"prisoner": shown.get(row.id)} if isinstance(row, Match) else values


def _mail_stopped(account: Account) -> dict[str, Any] | None:
    """Since when and why no mail goes to their address; None while it does."""
    found = session().scalar(suppressions.of_address(account.email))
    return {"reason": _plain(found.reason), "since": _plain(found.suppressed_at)} if found else None


def _done_by(account: Account) -> list[dict[str, Any]]:
    """Their own acts, without whom they concerned. Nobody learns of an invented record that they opened (Z8), and no
    sponsor whether the office that they took out had an account of its own or was somebody whom we know (A2)."""
    query = select(AuditEvent.at, AuditEvent.action, AuditEvent.entity).where(
        AuditEvent.by_account_id == account.id, AuditEvent.action != AuditAction.OPEN_CANARY
    )
    if not account.staff_roles:
        query = query.where(AuditEvent.action != AuditAction.ERASE)
    found = session().execute(query.order_by(AuditEvent.number))
    return [{"at": _plain(at), "action": action, "what": entity} for at, action, entity in found]


def _withheld() -> dict[str, list[str]]:
    """The same for everybody: what is not in a copy, by the reason."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for column, reason in WITHHELD.items():
        reasons[reason.value].append(column)
    return dict(reasons)


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value
