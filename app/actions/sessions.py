"""Logging in and out. A log-in is a row: ending the row logs the browser out with its next request."""

import secrets
from datetime import timedelta

from sqlalchemy import select

from app import passwords
from app.actions import audit, signs
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.models import Account, LoginSession
from app.queries import accounts

SPONSOR_SESSION = timedelta(days=14)
STAFF_SESSION = timedelta(hours=12)


def verified_account(*, email: str, password: str) -> Account | None:
    """The account that address and password open, or None; takes as long whether or not the address is known.

    Reads only, and hashes for a tenth of a second: call it before `transaction()`, not inside.
    """
    account = accounts.by_email(email)
    if not passwords.matches(account.password_hash if account else None, password):
        return None
    return None if account is None or account.disabled_at else account


def open_session(account_id: str, *, password: str) -> str:
    """Begin a log-in session and return its token, which only the browser's cookie keeps.

    To a sponsor's coordinators it is a sign of life.

    A password hash made with older settings is renewed with the password at hand (docs/threats.md, A1).
    """
    ended = signs.note_account(account_id)
    account = session().scalars(locked(select(Account).where(Account.id == account_id))).one()
    if passwords.outdated(account.password_hash):
        account.password_hash = passwords.make_hash(password)
    token = secrets.token_urlsafe(32)
    life = STAFF_SESSION if account.staff_roles else SPONSOR_SESSION
    session().add(
        LoginSession(
            token_hash=accounts.token_digest(token),
            account_id=account.id,
            created_at=now(),
            expires_at=now() + life,
        )
    )
    logged_in = audit.Happening(AuditAction.LOG_IN, AuditEntity.ACCOUNT, account.id)
    audit.record_many([*ended, logged_in], by=account.id)
    return token


def close_session(token: str) -> None:
    """End the session behind `token`; one that has ended stays ended."""
    found = session().scalar(
        locked(select(LoginSession).where(LoginSession.token_hash == accounts.token_digest(token)))
    )
    if found is None or found.ended_at is not None:
        return
    found.ended_at = now()
    audit.record(
        action=AuditAction.LOG_OUT, by=found.account_id, entity=AuditEntity.ACCOUNT, entity_id=found.account_id
    )
