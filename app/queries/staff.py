"""What an administrator's page shows of members of staff."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import session
from app.models import Account, StaffGrant


def members() -> list[Account]:
    """Everybody who was appointed to something, by address."""
    appointed = select(StaffGrant.account_id)
    query = select(Account).where(Account.id.in_(appointed)).order_by(Account.email_key)
    return list(session().scalars(query.options(selectinload(Account.roles), selectinload(Account.regions))))


def addresses(ids: Iterable[str]) -> dict[str, str]:
    """The addresses of those among `ids` that are accounts' ids."""
    query = select(Account.id, Account.email).where(Account.id.in_(list(ids)))
    return {account_id: email for account_id, email in session().execute(query)}
