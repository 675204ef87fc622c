"""Deleting what log-ins leave behind once nobody needs it any more (docs/threats.md, P6)."""

from datetime import timedelta

from sqlalchemy import delete

from app.actions import limits, privacy
from app.clock import now
from app.database import session
from app.models import AccountToken, AddressChange, LoginSession, OfficialAddress

SESSIONS_KEPT = timedelta(days=30)
TOKENS_KEPT = timedelta(days=1)
NAMED_KEPT = timedelta(days=5)
ADDRESSES_KEPT = timedelta(days=30)
"""A mail to an old address is tried for four days; a coordinator may ask about the change some weeks later."""


def purge_log_ins() -> dict[str, int]:
    """Delete what is over, and say how many of each: counters, log-in sessions, mailed tokens, changes of addresses,
    official addresses that nobody has proven and invitations that nobody has followed."""
    moment, unproven = now(), OfficialAddress.confirmed_at.is_(None)
    over = {
        LoginSession: LoginSession.expires_at <= moment - SESSIONS_KEPT,
        AccountToken: AccountToken.expires_at <= moment - TOKENS_KEPT,
        AddressChange: AddressChange.asked_at <= moment - ADDRESSES_KEPT,
        OfficialAddress: unproven & (OfficialAddress.asked_at <= moment - NAMED_KEPT),
    }
    gone = {"attempt_count": limits.purge()}
    for table, is_over in over.items():
        deleted = session().execute(delete(table).where(is_over))
        gone[table.__tablename__] = deleted.rowcount  # type: ignore[attr-defined]
    gone["office"] = privacy.drop_lapsed_invitations()
    return gone
