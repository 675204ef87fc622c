"""What somebody on the staff has to hand over before they can go; of administrators one who can log in stays."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, select

from app.database import session
from app.models import Account, Caseload, Prisoner, StaffGrant
from app.queries import canaries
from app.vocabulary import StaffRole


class Duty(StrEnum):
    """Why somebody cannot be erased just so."""

    LAST_ADMINISTRATOR = "last_administrator"
    PEOPLE = "people"
    """They look after regions or prisoners."""


def is_administrator(account: type[Account]) -> ColumnElement[bool]:
    """The condition that it is an administrator's account with which they can log in; `account` may be an alias."""
    appointed = account.id.in_(select(StaffGrant.account_id).where(StaffGrant.role == StaffRole.ADMINISTRATOR))
    return and_(appointed, account.disabled_at.is_(None), account.email_confirmed_at.is_not(None))


def duty_of(account: Account) -> Duty | None:
    """The duty that keeps the account; None for sponsors, and for staff whose work is with others already."""
    if StaffRole.ADMINISTRATOR in account.staff_roles and not _another_administrator(account.id):
        return Duty.LAST_ADMINISTRATOR
    return Duty.PEOPLE if has_work(account) else None


def has_work(account: Account) -> bool:
    """Whether they look after regions, or after prisoners who are not invented."""
    return bool(account.region_codes) or has_prisoners(account)


def has_prisoners(account: Account) -> bool:
    """Whether somebody is in the caseload who is not invented."""
    real = select(Caseload).join(Prisoner, Prisoner.id == Caseload.prisoner_id).where(canaries.is_real_prisoner())
    return bool(session().scalar(select(real.where(Caseload.account_id == account.id).exists())))


def _another_administrator(account_id: str) -> bool:
    """Whether anybody else can log in as an administrator."""
    return bool(session().scalar(select(exists().where(is_administrator(Account), Account.id != account_id))))
