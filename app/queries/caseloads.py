"""Whose prisoner is whose: who looks after somebody, and whom one could give to a coordinator or take from one."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from app.database import session
from app.models import Account, Caseload, Facility, Match, Prisoner, StaffGrant
from app.queries import canaries
from app.vocabulary import LIVE_STATES, StaffRole


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Whom a caseload would lose: how many, whom of these nobody else looks after, and who of those is in a match."""

    prisoners: int
    left_alone: int
    matched: int


def held(*, country: str | None, facility_id: str | None) -> ColumnElement[bool]:
    """The condition that a prisoner is held by the country and in the facility; what is None is not asked."""
    by_country = Prisoner.country == country if country else true()
    in_facility = Prisoner.facility_id == facility_id if facility_id else true()
    return and_(by_country, in_facility)


def ids_of(*, country: str | None, facility_id: str | None, unattended: bool, but: str) -> list[str]:
    """The ids of prisoners to give to the account `but`, without those whom it has. Reads no record.

    Without the invented, who come by themselves with the first of the others (`app.actions.handing_over.give`).
    """
    here = held(country=country, facility_id=facility_id)
    query = select(Prisoner.id).where(~_is_of(but), here, canaries.is_real_prisoner())
    if unattended:
        query = query.where(~exists().where(Caseload.prisoner_id == Prisoner.id))
    return list(session().scalars(query.order_by(Prisoner.id)))


def in_caseload(account_id: str, who: ColumnElement[bool]) -> Select[str]:
    """Selects the ids of those in the account's caseload for whom `who` is true. Reads no record."""
    return select(Prisoner.id).where(_is_of(account_id), who).order_by(Prisoner.id)


def leaving(account_id: str, who: ColumnElement[bool]) -> Leaving:
    """What taking these from the account's caseload would do. Reads no record."""
    others = exists().where(
        Caseload.prisoner_id == Prisoner.id, Caseload.account_id != account_id, Caseload.account_id.in_(_coordinating())
    )
    matched = exists().where(Match.prisoner_id == Prisoner.id, Match.state.in_(LIVE_STATES))
    numbers = func.count(), func.count().filter(~others), func.count().filter(~others, matched)
    found = session().execute(select(*numbers).select_from(Prisoner).where(_is_of(account_id), who)).one()
    return Leaving(prisoners=found[0], left_alone=found[1], matched=found[2])


def _is_of(account_id: str) -> ColumnElement[bool]:
    return exists().where(Caseload.prisoner_id == Prisoner.id, Caseload.account_id == account_id)


def _coordinating() -> Select[str]:
    """Selects the accounts of whoever coordinates and can log in."""
    appointed = select(StaffGrant.account_id).where(StaffGrant.role == StaffRole.COORDINATOR)
    return select(Account.id).where(Account.id.in_(appointed), Account.disabled_at.is_(None))


def coordinators_of(prisoner_id: str) -> list[str]:
    """The accounts that have the prisoner in their caseload."""
    return list(session().scalars(select(Caseload.account_id).where(Caseload.prisoner_id == prisoner_id)))


def coordinators() -> list[Account]:
    """Whoever coordinates and can log in, by address."""
    query = select(Account).where(Account.id.in_(_coordinating()))
    return sorted(session().scalars(query), key=lambda account: account.email)


def detaining_countries() -> list[str]:
    """The countries that hold somebody in the records."""
    return sorted(session().scalars(select(Prisoner.country).distinct()))


def facilities() -> list[tuple[str, str]]:
    """Id and title of every facility, by title."""
    query = select(Facility.id, Facility.title).order_by(Facility.title, Facility.id)
    return [(facility_id, title) for facility_id, title in session().execute(query)]
