"""Whose prisoner is whose: who looks after somebody, and whom one could give to a coordinator."""

from sqlalchemy import exists, select

from app.database import session
from app.models import Account, Caseload, Facility, Prisoner, StaffGrant
from app.vocabulary import StaffRole


def ids_of(*, country: str | None, facility_id: str | None, unattended: bool, but: str) -> list[str]:
    """The ids of prisoners to give to the account `but`, without those whom it has. Reads no record."""
    theirs = exists().where(Caseload.prisoner_id == Prisoner.id, Caseload.account_id == but)
    query = select(Prisoner.id).where(~theirs).order_by(Prisoner.id)
    if country:
        query = query.where(Prisoner.country == country)
    if facility_id:
        query = query.where(Prisoner.facility_id == facility_id)
    if unattended:
        query = query.where(~exists().where(Caseload.prisoner_id == Prisoner.id))
    return list(session().scalars(query))


def coordinators_of(prisoner_id: str) -> list[str]:
    """The accounts that have the prisoner in their caseload."""
    return list(session().scalars(select(Caseload.account_id).where(Caseload.prisoner_id == prisoner_id)))


def coordinators() -> list[Account]:
    """Whoever coordinates and can log in, by address."""
    appointed = select(StaffGrant.account_id).where(StaffGrant.role == StaffRole.COORDINATOR)
    query = select(Account).where(Account.id.in_(appointed), Account.disabled_at.is_(None))
    return sorted(session().scalars(query), key=lambda account: account.email)


def detaining_countries() -> list[str]:
    """The countries that hold somebody in the records."""
    return sorted(session().scalars(select(Prisoner.country).distinct()))


def facilities() -> list[tuple[str, str]]:
    """Id and title of every facility, by title."""
    query = select(Facility.id, Facility.title).order_by(Facility.title, Facility.id)
    return [(facility_id, title) for facility_id, title in session().execute(query)]
