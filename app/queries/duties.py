"""What somebody on the staff has to hand over before they can go."""

from enum import StrEnum

from sqlalchemy import exists, func, select

from app.database import session
from app.models import Account, Caseload, StaffGrant
from app.vocabulary import StaffRole


class Duty(StrEnum):
    """Why somebody cannot be erased just so."""

    LAST_ADMINISTRATOR = "last_administrator"
    PEOPLE = "people"
    """They look after regions or prisoners."""


def duty_of(account: Account) -> Duty | None:
    """The duty that keeps the account; None for sponsors, and for staff whose work is with others already."""
    if StaffRole.ADMINISTRATOR in account.staff_roles and not _another_administrator(account.id):
        return Duty.LAST_ADMINISTRATOR
    has_caseload = session().scalar(select(exists().where(Caseload.account_id == account.id)))
    return Duty.PEOPLE if has_caseload or account.region_codes else None


def _another_administrator(account_id: str) -> bool:
    """Whether anybody else could still log in as an administrator."""
    others = select(func.count()).select_from(StaffGrant).join(Account, Account.id == StaffGrant.account_id)
    here = StaffGrant.role == StaffRole.ADMINISTRATOR, Account.disabled_at.is_(None), Account.id != account_id
    return bool(session().scalar(others.where(*here)))
