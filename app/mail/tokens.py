"""Mailed tokens: random, single use, short-lived, and stored only as their digest (docs/threats.md, A7)."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.database import session
from app.models import Account, AccountToken, TokenPurpose
from app.queries.accounts import token_digest

LIFETIME = timedelta(hours=1)
TOKEN_BYTES = 32


def issue(account: Account, purpose: TokenPurpose, *, moment: datetime, email_key: str) -> str:
    """A fresh token for the address that it is sent to, good for an hour from `moment`; older unused ones stop working.

    Belongs inside `with transaction():`, committed before the mail that carries it is handed over.
    """
    session().execute(
        delete(AccountToken).where(
            AccountToken.account_id == account.id, AccountToken.purpose == purpose, AccountToken.used_at.is_(None)
        )
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session().add(
        AccountToken(
            token_hash=token_digest(token),
            account_id=account.id,
            purpose=purpose,
            email_key=email_key,
            created_at=moment,
            expires_at=moment + LIFETIME,
        )
    )
    return token
