"""Logging in and out. A log-in is a row: ending the row logs the browser out with its next request.

Where a second factor is due, the password alone opens a row that leads to the page for the code and nowhere else
(docs/threats.md, A8). Every step up begins a row with a new token (A5).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from app import passwords
from app.actions import audit, second_factors, signs
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, NotFound
from app.models import Account, LoginSession
from app.queries import accounts

SPONSOR_SESSION = timedelta(days=14)
STAFF_SESSION = timedelta(hours=12)
CODE_SESSION = timedelta(minutes=10)


@dataclass(frozen=True)
class Begun:
    """A session that was begun: its token, which only the browser's cookie keeps, and whether the code is still due."""

    token: str
    code_due: bool


def verified_account(*, email: str, password: str) -> Account | None:
    """The account that address and password open, or None; takes as long whether or not the address is known.

    None as well while the address is not confirmed: whoever signs up with somebody's address and logs in would learn
    whether it was free, and could act under it (A2). Reads only, and hashes for a tenth of a second: call it before
    `transaction()`, not inside.
    """
    account = accounts.by_email(email)
    if not passwords.matches(account.password_hash if account else None, password):
        return None
    return account if account is not None and _is_open(account) else None


def knows_password(account_id: str, password: str) -> bool:
    """Whether this is the account's password; reads and hashes, as `verified_account`."""
    account = accounts.by_id(account_id)
    return passwords.matches(account.password_hash if account else None, password)


def open_session(account_id: str, *, password: str, checked_hash: str, browser: str = "") -> Begun:
    """Begin a log-in session with a password that was checked; `browser` is the browser's family.

    Where no code is due, it is to a sponsor's coordinators a sign of life.
    A password hash made with older settings is renewed with the password at hand (docs/threats.md, A1).
    Raises Conflict where the password that was checked, `checked_hash`, is not the account's any more, or the log-in
    was closed meanwhile: whoever changes a password ends every session, and none begins behind their back (A6).
    """
    code_due = second_factors.is_on(account_id)
    ended = [] if code_due else signs.note_account(account_id)
    account = session().scalars(locked(select(Account).where(Account.id == account_id))).one()
    if account.password_hash != checked_hash or not _is_open(account):
        raise Conflict("The password was changed, or the log-in closed, at this moment.")
    if passwords.outdated(account.password_hash):
        account.password_hash = passwords.make_hash(password)
    if code_due:
        fresh = LoginSession(account_id=account.id, browser=browser, password_at=now(), code_due=True)
        return Begun(_begin(fresh, life=CODE_SESSION), code_due=True)
    fresh = LoginSession(account_id=account.id, browser=browser, password_at=now(), code_due=False)
    token = _begin(fresh, life=_life(account))
    audit.record_many([*ended, _logged_in(account)], by=account.id)
    return Begun(token, code_due=False)


def pass_code(token: str, *, typed: str) -> str:
    """Go on from the password to the log-in itself with a code of the app or a recovery code; returns a new token.

    To a sponsor's coordinators it is a sign of life. Raises BadInput for a code that is wrong or was used, NotFound
    where no code is due.
    """
    owner = session().scalar(select(LoginSession.account_id).where(_has(token)))
    ended = signs.note_account(owner) if owner else []
    pending = _locked_session(token)
    if pending is None or not pending.code_due or pending.ended_at or pending.expires_at <= now():
        raise NotFound("This took too long. Log in again.")
    account = pending.account
    if account.disabled_at is not None or not second_factors.use_code(account.id, typed):
        raise BadInput("This code does not fit, or was used already. Wait for the next one.")
    pending.ended_at = now()
    fresh = LoginSession(
        account_id=account.id,
        browser=pending.browser,
        password_at=pending.password_at,
        code_due=False,
        second_factor_at=now(),
    )
    renewed = _begin(fresh, life=_life(account))
    audit.record_many([*ended, _logged_in(account)], by=account.id)
    return renewed


def renew(token: str, *, second_factor_at: datetime | None = None) -> str:
    """End the session and go on in a new one of the same browser; returns its token (A5).

    What the session had shown before it keeps; `second_factor_at` says that a code was shown now.
    """
    old = _locked_session(token)
    if old is None or old.ended_at is not None:
        raise NotFound("This session is over. Log in again.")
    old.ended_at = now()
    fresh = LoginSession(
        account_id=old.account_id,
        browser=old.browser,
        password_at=old.password_at,
        code_due=False,
        second_factor_at=second_factor_at or old.second_factor_at,
    )
    return _begin(fresh, life=old.expires_at - now())


def confirm_password(token: str) -> None:
    """Note that the password was given again in this session, for acts that ask for it (A9)."""
    found = _locked_session(token)
    if found is not None and found.ended_at is None:
        found.password_at = now()


def close_session(token: str) -> None:
    """End the session behind `token`; one that has ended stays ended."""
    found = _locked_session(token)
    if found is None or found.ended_at is not None:
        return
    found.ended_at = now()
    audit.record(
        action=AuditAction.LOG_OUT, by=found.account_id, entity=AuditEntity.ACCOUNT, entity_id=found.account_id
    )


def end_session(session_id: str, *, account_id: str) -> None:
    """End one of one's own sessions, by its id. Raises NotFound for anybody else's."""
    mine = select(LoginSession).where(LoginSession.id == session_id, LoginSession.account_id == account_id)
    found = session().scalar(locked(mine))
    if found is None:
        raise NotFound("There is no such session.")
    if found.ended_at is not None:
        return
    found.ended_at = now()
    audit.record(
        action=AuditAction.END_SESSIONS,
        by=account_id,
        entity=AuditEntity.LOGIN_SESSION,
        entity_id=found.id,
        fields=["ended_at"],
    )


def end_all(account_id: str, *, but: str | None = None) -> int:
    """End every session of the account (A6), but for the one of this token, and return how many went on until now.

    The caller's own event in the audit trail says why.
    """
    kept = accounts.token_digest(but) if but else ""
    going_on = select(LoginSession).where(
        LoginSession.account_id == account_id, LoginSession.ended_at.is_(None), LoginSession.token_hash != kept
    )
    ended = session().scalars(locked(going_on)).all()
    for found in ended:
        found.ended_at = now()
    return len(ended)


def end_everywhere(account_id: str, *, but: str | None) -> int:
    """The owner logs out everywhere, or everywhere else (`but` is this browser's token)."""
    ended = end_all(account_id, but=but)
    audit.record(
        action=AuditAction.END_SESSIONS,
        by=account_id,
        entity=AuditEntity.ACCOUNT,
        entity_id=account_id,
        fields=["sessions"],
    )
    return ended


def _is_open(account: Account) -> bool:
    return account.disabled_at is None and account.email_confirmed_at is not None


def _life(account: Account) -> timedelta:
    return STAFF_SESSION if account.staff_roles else SPONSOR_SESSION


def _begin(fresh: LoginSession, *, life: timedelta) -> str:
    token = secrets.token_urlsafe(32)
    fresh.token_hash = accounts.token_digest(token)
    fresh.created_at, fresh.expires_at = now(), now() + life
    session().add(fresh)
    session().flush()
    return token


def _logged_in(account: Account) -> audit.Happening:
    return audit.Happening(AuditAction.LOG_IN, AuditEntity.ACCOUNT, account.id)


def _locked_session(token: str) -> LoginSession | None:
    return session().scalar(locked(select(LoginSession).where(_has(token))))


def _has(token: str) -> ColumnElement[bool]:
    return LoginSession.token_hash == accounts.token_digest(token)
