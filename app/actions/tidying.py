"""Deleting what log-ins leave behind once nobody needs it any more (docs/threats.md, P6)."""

from datetime import timedelta

from sqlalchemy import delete

from app.actions import limits
from app.clock import now
from app.database import session
from app.models import AccountToken, AddressChange, LoginSession

SESSIONS_KEPT = timedelta(days=30)
TOKENS_KEPT = timedelta(days=1)
ADDRESSES_KEPT = timedelta(days=30)
"""A mail to an old address is tried for four days; a coordinator may ask about the change some weeks later."""


def purge_log_ins() -> dict[str, int]:
    """Delete counters, log-in sessions, mailed tokens and changes of addresses that are over; how many of each."""
    moment = now()
    over = {
        LoginSession: LoginSession.expires_at <= moment - SESSIONS_KEPT,
        AccountToken: AccountToken.expires_at <= moment - TOKENS_KEPT,
        AddressChange: AddressChange.asked_at <= moment - ADDRESSES_KEPT,
    }
    gone = {"attempt_count": limits.purge()}
    for table, is_over in over.items():
        deleted = session().execute(delete(table).where(is_over))
        gone[table.__tablename__] = deleted.rowcount  # type: ignore[attr-defined]
    return gone
