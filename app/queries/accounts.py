"""Accounts, and who is looking."""

import hashlib
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, String, bindparam, exists, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.addresses import address_key
from app.clock import now
from app.database import session
from app.models import (
    Account,
    AccountToken,
    AddressChange,
    LoginSession,
    Office,
    RecoveryCode,
    SecondFactor,
    Sponsor,
    StaffGrant,
    StaffRegion,
    TokenPurpose,
)
from app.permissions import Viewer
from app.queries import officials
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
NO_PASSWORD: Final = "!"  # noqa: S105  # no password, as the name says
"""What the hash of an erased account begins with: no password leads to it."""

# The sponsor for whom an office acts; nobody before it has joined, nor once the sponsor's own log-in is closed (Z4).
_OWNER = aliased(Account)
_ACTS_FOR = (
    select(Office.sponsor_id)
    .join(Office.sponsor)
    .join(_OWNER, _OWNER.id == Sponsor.account_id)
    .where(Office.account_id == Account.id, Office.joined_at.is_not(None), _OWNER.disabled_at.is_(None))
    .correlate(Account)
    .scalar_subquery()
)
# Asked at the start of every request, so the statement is made once.
_OPENED_BY = (
    select(
        Account.id,
        Account.email_confirmed_at,
        LoginSession.second_factor_at,
        Sponsor.id.label("sponsor_id"),
        _ACTS_FOR.label("acts_for"),
        exists().where(Office.account_id == Account.id).label("is_office"),
        _listed(StaffGrant.role, StaffGrant.account_id).label("roles"),
        _listed(StaffRegion.country, StaffRegion.account_id).label("regions"),
    )
    .join_from(LoginSession, Account, LoginSession.account_id == Account.id)
    .outerjoin(Sponsor, Sponsor.account_id == Account.id)
    .where(
        LoginSession.token_hash == bindparam("digest"),
        LoginSession.ended_at.is_(None),
        LoginSession.code_due.is_(False),
        LoginSession.expires_at > bindparam("moment"),
        Account.disabled_at.is_(None),
    )
)


def viewer_of_session(token: str) -> Viewer | None:
    """Whom the log-in session's token opens the door to; None for one that ended, expired or never was."""
    found = session().execute(_OPENED_BY, {"digest": token_digest(token), "moment": now()}).one_or_none()
    if found is None:
        return None
    roles = frozenset(StaffRole(code) for code in _codes(found.roles))
    return Viewer(
        account_id=found.id,
        sponsor_id=found.sponsor_id or found.acts_for,
        is_office=bool(found.is_office),
        confirmed=found.email_confirmed_at is not None,
        roles=roles,
        regions=frozenset(_codes(found.regions)),
        awaits_second_factor=bool(roles) and found.second_factor_at is None,
    )


def _codes(listed: str | None) -> list[str]:
    return listed.split(_COMMA) if listed else []


def awaited_code(token: str | None) -> str | None:
    """The id of the account whose code is due after its password, behind the token of such a session; else None."""
    if token is None:
        return None
    return session().scalar(
        select(LoginSession.account_id)
        .join(LoginSession.account)
        .where(
            LoginSession.token_hash == token_digest(token),
            LoginSession.code_due,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now(),
            Account.disabled_at.is_(None),
        )
    )


def password_given_at(token: str) -> datetime | None:
    """When the password was last given in the session behind the token."""
    return session().scalar(select(LoginSession.password_at).where(LoginSession.token_hash == token_digest(token)))


def sessions_of(account_id: str) -> list[LoginSession]:
    """The account's log-ins that go on, newest first."""
    going_on = select(LoginSession).where(
        LoginSession.account_id == account_id,
        LoginSession.ended_at.is_(None),
        LoginSession.code_due.is_(False),
        LoginSession.expires_at > now(),
    )
    return list(session().scalars(going_on.order_by(LoginSession.created_at.desc(), LoginSession.id)))


def second_factor_of(account_id: str) -> SecondFactor | None:
    """The account's second factor, confirmed or begun."""
    return session().get(SecondFactor, account_id)


def second_factor_behind(email: str) -> SecondFactor | None:
    """The second factor of the account of an address."""
    account = by_email(email)
    return second_factor_of(account.id) if account else None


def recovery_codes_left(account_id: str) -> int:
    """How many recovery codes may still be used."""
    unused = select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session().scalar(unused) or 0


def viewer_of(account: Account) -> Viewer:
    """The account as queries and actions see it."""
    own = session().scalar(select(Sponsor.id).where(Sponsor.account_id == account.id))
    return Viewer(
        account_id=account.id,
        sponsor_id=own or session().scalar(select(_ACTS_FOR).where(Account.id == account.id)),
        is_office=is_office(account.id),
        confirmed=account.email_confirmed_at is not None,
        roles=account.staff_roles,
        regions=account.region_codes,
    )


def is_office(account_id: str) -> bool:
    """Whether the account acts for a sponsor, or was invited to: then it can be neither a sponsor's nor of staff."""
    return bool(session().scalar(select(exists().where(Office.account_id == account_id))))


def by_email(email: str) -> Account | None:
    """The account of an address, however it is spelt."""
    return session().scalar(select(Account).where(Account.email_index == Account.email.digest(address_key(email))))


def usable(token: AccountToken) -> bool:
    """Whether a mailed token may still act: unused, in time, and sent to the address the account has now."""
    return (
        token.used_at is None
        and token.expires_at > now()
        and token.email_index == _address_of(token)
        and token.account.disabled_at is None
    )


def _address_of(token: AccountToken) -> str | None:
    """The blind index of the address that a token of this purpose must have been sent to."""
    if token.purpose is TokenPurpose.PROVE_OFFICIAL:
        named = officials.wanted_by(token.account_id)
        return Account.email.digest(named.address) if named and named.address else None
    if token.purpose is not TokenPurpose.CHANGE_ADDRESS:
        return token.account.email_index
    change = wanted_address(token.account_id)
    return change.new_email_index if change else None


def wanted_address(account_id: str) -> AddressChange | None:
    """The change of address that an account asked for last, while it is not confirmed."""
    newest = select(AddressChange).where(AddressChange.account_id == account_id)
    change = session().scalar(newest.order_by(AddressChange.asked_at.desc(), AddressChange.id).limit(1))
    return change if change is not None and change.confirmed_at is None else None


def mailed_token(token: str, purpose: TokenPurpose) -> AccountToken | None:
    """The stored token behind a mailed link, if it may still act."""
    found = session().scalar(
        select(AccountToken).where(AccountToken.token_hash == token_digest(token), AccountToken.purpose == purpose)
    )
    return found if found is not None and usable(found) else None


def erased() -> ColumnElement[bool]:
    """The condition that an account was erased, and its row is empty (`is_erased`)."""
    return Account.password_hash.startswith(NO_PASSWORD)


def is_erased(account: Account) -> bool:
    """Whether nobody is behind the account any more: it was erased (`app.actions.privacy`), and its row is empty."""
    return account.password_hash.startswith(NO_PASSWORD)


def is_unconfirmed_sign_up(account: Account) -> bool:
    """Whether somebody signed up with the address, and nobody has confirmed it yet.

    Not who is invited, and proves their mailbox by the invitation while it lasts; nor whom staff shut out.
    """
    if account.email_confirmed_at is not None or account.disabled_at is not None:
        return False
    return bool(session().scalar(select(exists().where(Sponsor.account_id == account.id))))


def by_id(account_id: str) -> Account | None:
    """The account with this id."""
    return session().get(Account, account_id)
