"""Alerts to administrators: raised by what happens, and marked as seen by whoever looked.

Each kind has one function here, to be called in the transaction of what it tells of. Every administrator but the one
who caused it gets a mail without details; the list stands on the administrators' page.
"""

from sqlalchemy import select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import inserting, locked, session
from app.errors import NotAllowed, NotFound
from app.mail import occasions
from app.mail.outbox import Message, enqueue
from app.models import Alert, new_id
from app.permissions import Permission, Viewer, allowed
from app.queries import alerts as queries
from app.watch_words import AlertKind


def reading_spent(*, account_id: str) -> bool:
    """Somebody was refused more reading: one alert a day for each. False where today's was raised already."""
    return _raise(AlertKind.READING_SPENT, once=f"{account_id}:{today()}", caused_by=account_id)


def canary_opened(*, canary_id: str, account_id: str) -> bool:
    """Somebody opened an invented record: one alert a day for each person and record."""
    once = f"{canary_id}:{account_id}:{today()}"
    return _raise(AlertKind.CANARY_OPENED, once=once, caused_by=account_id, about=canary_id)


def trail_broken(*, place: str) -> bool:
    """The audit trail is not what was written, from `place` on: one alert a day for each place."""
    return _raise(AlertKind.TRAIL_BROKEN, once=f"{place}:{today()}", caused_by=None, about=place)


def export_asked(*, export_id: str, account_id: str) -> bool:
    """Somebody asked for an export."""
    return _raise(AlertKind.EXPORT_ASKED, once=export_id, caused_by=account_id, about=export_id)


def second_factor_reset(*, account_id: str, by: str | None) -> bool:
    """`by` (None: the command line) took away the second factor of `account_id`."""
    return _raise(AlertKind.SECOND_FACTOR_RESET, once=f"{account_id}:{new_id()}", caused_by=by, about=account_id)


def contacts_opened(*, account_id: str) -> bool:
    """Somebody opened more contacts of families than a day's work needs: one alert a day for each."""
    return _raise(AlertKind.CONTACTS_OPENED, once=f"{account_id}:{today()}", caused_by=account_id)


def administrator_appointed(*, account_id: str, by: str | None) -> bool:
    """`by` made `account_id` an administrator, or invited them to be one."""
    return _raise(AlertKind.ADMINISTRATOR_APPOINTED, once=f"{account_id}:{new_id()}", caused_by=by, about=account_id)


def _raise(kind: AlertKind, *, once: str, caused_by: str | None, about: str | None = None) -> bool:
    """Keep the alert and queue its mails; False, and nothing else, where its occasion had one."""
    alert_id = new_id()
    adding = (
        inserting(Alert)
        .values(id=alert_id, kind=kind, occasion=f"{kind}:{once}", about=about, raised_at=now(), caused_by=caused_by)
        .on_conflict_do_nothing(index_elements=["occasion"])
        .returning(Alert.id)
    )
    if session().scalar(adding) is None:
        return False
    for administrator in queries.administrators():
        if administrator != caused_by:
            enqueue(message=Message.ALERT, occasion=occasions.alert(alert_id, administrator), account_id=administrator)
    return True


def mark_seen(*, alert_id: str, by: Viewer) -> None:
    """Note who looked at an alert first. Raises NotAllowed, and NotFound for one that is not for their eyes."""
    if not allowed(by, Permission.WATCH_STAFF):
        raise NotAllowed("Only administrators read alerts.")
    alert = session().scalar(locked(select(Alert).where(Alert.id == alert_id, queries.shown_to(by))))
    if alert is None:
        raise NotFound("There is no such alert.")
    if alert.seen_at is not None:
        return
    alert.seen_at, alert.seen_by = now(), by.account_id
    audit.record(
        action=AuditAction.SEE, by=by.account_id, entity=AuditEntity.ALERT, entity_id=alert.id, fields=["seen_at"]
    )
