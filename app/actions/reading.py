"""The reading budget: counting what a page shows, refusing beyond the limit, granting more for a day (Z8)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, ScalarSelect, case, or_, select
from sqlalchemy.sql.dml import ReturningInsert

from app.actions import alerts, audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import inserting, locked, session
from app.errors import NotAllowed, NotFound
from app.models import Account, Canary, ReadingCount
from app.permissions import Permission, Viewer, allowed
from app.queries.reading import times_of, utc_day
from app.reading import Amount, Used, hour_of

_COUNTED = ("hour_records", "hour_rows", "day_records", "day_rows")


def count(
    connection: Connection, *, account_id: str, shown: Amount, opened: Collection[str]
) -> tuple[Used, str | None]:
    """Add what a page shows to the account's count; gives what it has used, and the canary among the people `opened`.

    One statement, in a transaction of its own (`transaction.beside`), which the caller rolls back where the budget does
    not hold it: what is not shown is not counted.
    """
    row = connection.execute(_adding(account_id, shown, opened)).one()
    return _used(row), row.canary


def _adding(account_id: str, shown: Amount, opened: Collection[str]) -> ReturningInsert[Any]:
    """The hour and the day begin anew with the first page in them, whatever stood there before."""
    moment = now()
    fresh = {"hour": hour_of(moment), "day": utc_day(moment)}
    amounts = dict(zip(_COUNTED, (shown.records, shown.rows) * 2, strict=True))
    insert = inserting(ReadingCount).values(account_id=account_id, extra=0, **fresh, **amounts)
    held, new = ReadingCount.__table__.c, insert.excluded
    added = {
        name: case((held[window] == new[window], held[name] + new[name]), else_=new[name])
        for name in _COUNTED
        for window in (name.partition("_")[0],)
    }
    return insert.on_conflict_do_update(
        index_elements=["account_id"], set_={name: new[name] for name in fresh} | added
    ).returning(
        *(held[name] for name in (*_COUNTED, "extra", "extra_day", "day")),
        _canary_among(opened).label("canary"),
    )


def _canary_among(opened: Collection[str]) -> ScalarSelect[str]:
    found = select(Canary.id).where(or_(Canary.prisoner_id.in_(opened), Canary.sponsor_id.in_(opened)))
    return found.limit(1).scalar_subquery()


def _used(row: Row[Any]) -> Used:
    return Used(
        hour=Amount(row.hour_records, row.hour_rows),
        day=Amount(row.day_records, row.day_rows),
        times=times_of(row.extra if row.extra_day == row.day else 0),
    )


def refuse(*, account_id: str) -> None:
    """Note that somebody was refused more reading, and tell the administrators; once a day."""
    if alerts.reading_spent(account_id=account_id):
        audit.record(action=AuditAction.SPEND_READING, by=account_id, entity=AuditEntity.ACCOUNT, entity_id=account_id)


def note_canary(*, canary_id: str, account_id: str) -> None:
    """Note that somebody opened an invented record, and tell the administrators; once a day for each record."""
    if alerts.canary_opened(canary_id=canary_id, account_id=account_id):
        audit.record(action=AuditAction.OPEN_CANARY, by=account_id, entity=AuditEntity.CANARY, entity_id=canary_id)


def grant(*, account_id: str, by: Viewer) -> None:
    """Let a member of staff be shown as much again today.

    Raises NotAllowed, also for oneself, and NotFound for anybody who has not been shown anything.
    """
    if not allowed(by, Permission.WATCH_STAFF):
        raise NotAllowed("Only administrators grant more reading.")
    if account_id == by.account_id:
        raise NotAllowed("Somebody else has to grant you more reading.")
    found = session().scalar(locked(select(ReadingCount).where(ReadingCount.account_id == account_id)))
    if found is None or session().get(Account, account_id) is None:
        raise NotFound("There is no such member of staff.")
    today = utc_day(now())
    found.extra = found.extra + 1 if found.extra_day == today else 1
    found.extra_day, found.extra_at, found.extra_by = today, now(), by.account_id
    audit.record(
        action=AuditAction.GRANT_READING,
        by=by.account_id,
        entity=AuditEntity.ACCOUNT,
        entity_id=account_id,
        fields=["extra"],
    )
