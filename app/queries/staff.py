"""What an administrator's page shows: members of staff, the newest audit events."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import session
from app.models import Account, AuditEvent, StaffGrant

EVENTS_SHOWN = 20


def members() -> list[Account]:
    """Everybody who was appointed to something, by address."""
    appointed = select(StaffGrant.account_id)
    query = select(Account).where(Account.id.in_(appointed)).order_by(Account.email_key)
    return list(session().scalars(query.options(selectinload(Account.roles), selectinload(Account.regions))))


def newest_events() -> list[AuditEvent]:
    """The newest links of the audit trail, newest first."""
    return list(session().scalars(select(AuditEvent).order_by(AuditEvent.number.desc()).limit(EVENTS_SHOWN)))
