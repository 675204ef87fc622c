"""Using a mailed token up: once, even where two try at the same moment (docs/threats.md, A7)."""

from sqlalchemy import select

from app.clock import now
from app.database import locked, session
from app.errors import NotFound
from app.models import AccountToken, TokenPurpose
from app.queries import accounts


def use(token: str, purpose: TokenPurpose) -> AccountToken:
    """The stored token, used from now on.

    Raises NotFound for one that is unknown, used, expired, or was sent to an address that no longer counts.
    """
    wanted = select(AccountToken).where(
        AccountToken.token_hash == accounts.token_digest(token), AccountToken.purpose == purpose
    )
    found = session().scalar(locked(wanted))
    if found is None or not accounts.usable(found):
        raise NotFound("This link has been used or is too old.")
    found.used_at = now()
    return found
