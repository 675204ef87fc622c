"""Handing somebody a copy of what we hold of them."""

from typing import Any

from app.actions import audit, limits
from app.audit_words import AuditAction, AuditEntity
from app.errors import Conflict, NotFound
from app.queries import accounts, own_data


def copy_of(*, email: str) -> dict[str, Any]:
    """The copy of whoever has the address, for the command line. Raises NotFound for an unknown address."""
    account = accounts.by_email(email)
    if account is None:
        raise NotFound("Nobody has this address.")
    return _copy(account.id, by=None)


def own_copy(account_id: str) -> dict[str, Any]:
    """One's own copy. Raises Conflict after some in a day."""
    if not limits.may_copy(account_id):
        raise Conflict("You have taken as many copies as one day has. Come back tomorrow.")
    return _copy(account_id, by=account_id)


def _copy(account_id: str, *, by: str | None) -> dict[str, Any]:
    account = accounts.by_id(account_id)
    if account is None:
        raise NotFound("Nobody has this account.")
    copy = own_data.copy_for(account)
    audit.record(action=AuditAction.COPY_DATA, by=by, entity=AuditEntity.ACCOUNT, entity_id=account_id)
    return copy
