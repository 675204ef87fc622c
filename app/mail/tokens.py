"""Mailed tokens: random, single use, short-lived, and stored only as their digest (docs/threats.md, A7)."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.database import session
from app.models import Account, AccountToken, TokenPurpose
from app.queries.accounts import token_digest
from app.queries.offices import INVITATION_LASTS

LIFETIME = timedelta(hours=1)
LIFETIMES = {TokenPurpose.JOIN_OFFICE: INVITATION_LASTS}
"""How long a token is good whose reader cannot be expected to sit before their mail: everybody else's for LIFETIME."""

TOKEN_BYTES = 32


def issue(account: Account, purpose: TokenPurpose, *, moment: datetime, address: str) -> str:
    """A fresh token for the address that it is sent to, good for a while from `moment`; older unused ones stop working.

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
            email_index=Account.email.digest(address),
            created_at=moment,
            expires_at=moment + LIFETIMES.get(purpose, LIFETIME),
        )
    )
    return token
