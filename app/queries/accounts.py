"""Accounts, and who is looking."""

import hashlib
from typing import Any, Final

from sqlalchemy import ColumnElement, String, bindparam, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from app.addresses import address_key
from app.clock import now
from app.database import session
from app.models import Account, AccountToken, LoginSession, Sponsor, StaffGrant, StaffRegion, TokenPurpose
from app.permissions import Viewer
from app.vocabulary import StaffRole


def token_digest(token: str) -> str:
    """How tokens are stored: their SHA-256 in hex. They are random and long, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _listed(
    code: ColumnElement[str] | InstrumentedAttribute[Any], whose: InstrumentedAttribute[str]
) -> ColumnElement[str | None]:
    """The codes of an account's rows in one string, so that it takes no query of its own; None without any."""
    codes = select(func.aggregate_strings(type_coerce(code, String), _COMMA)).where(whose == Account.id)
    return codes.scalar_subquery()


_COMMA: Final = ","
# Asked at the start of every request, so the statement is made once.
_OPENED_BY = (
    select(
        Account.id,
        Account.email_confirmed_at,
        Sponsor.id.label("sponsor_id"),
        _listed(StaffGrant.role, StaffGrant.account_id).label("roles"),
        _listed(StaffRegion.country, StaffRegion.account_id).label("regions"),
    )
    .join_from(LoginSession, Account, LoginSession.account_id == Account.id)
    .outerjoin(Sponsor, Sponsor.account_id == Account.id)
    .where(
        LoginSession.token_hash == bindparam("digest"),
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > bindparam("moment"),
        Account.disabled_at.is_(None),
    )
)


def viewer_of_session(token: str) -> Viewer | None:
    """Whom the log-in session's token opens the door to; None for one that ended, expired or never was."""
    found = session().execute(_OPENED_BY, {"digest": token_digest(token), "moment": now()}).one_or_none()
    if found is None:
        return None
    return Viewer(
        account_id=found.id,
        sponsor_id=found.sponsor_id,
        confirmed=found.email_confirmed_at is not None,
        roles=frozenset(StaffRole(code) for code in _codes(found.roles)),
        regions=frozenset(_codes(found.regions)),
    )


def _codes(listed: str | None) -> list[str]:
    return listed.split(_COMMA) if listed else []


def viewer_of(account: Account) -> Viewer:
    """The account as queries and actions see it."""
    return Viewer(
        account_id=account.id,
        sponsor_id=session().scalar(select(Sponsor.id).where(Sponsor.account_id == account.id)),
        confirmed=account.email_confirmed_at is not None,
        roles=account.staff_roles,
        regions=account.region_codes,
    )


def by_email(email: str) -> Account | None:
    """The account of an address, however it is spelt."""
    return session().scalar(select(Account).where(Account.email_key == address_key(email)))


def usable(token: AccountToken) -> bool:
    """Whether a mailed token may still act: unused, in time, and sent to the address the account has now."""
    return (
        token.used_at is None
        and token.expires_at > now()
        and token.email_key == token.account.email_key
        and token.account.disabled_at is None
    )


def mailed_token(token: str, purpose: TokenPurpose) -> AccountToken | None:
    """The stored token behind a mailed link, if it may still act."""
    found = session().scalar(
        select(AccountToken).where(AccountToken.token_hash == token_digest(token), AccountToken.purpose == purpose)
    )
    return found if found is not None and usable(found) else None


def by_id(account_id: str) -> Account | None:
    """The account with this id."""
    return session().get(Account, account_id)
