"""Invented records: who they are, for administrators; and what keeps mail from them.

An officer of a security service once worked ten months among the volunteers (docs/domain.md, "Do no harm" 1). Nobody
has a reason to open a person who does not exist.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select, type_coerce

from app.database import session
from app.models import Account, Canary, Caseload, Prisoner, Sponsor
from app.vocabulary import NO_LONGER_HELD, Gender, Publicity, VettingState


@dataclass(frozen=True, slots=True)
class Planted:
    """An invented record as administrators see it."""

    id: str
    prisoner: str | None
    sponsor: str | None
    planted_at: datetime
    planted_by: str | None


def listed() -> list[Planted]:
    """All of them, newest first. Reads names alone: nobody is shown a record here."""
    query = (
        select(Canary.id, Prisoner.name, Sponsor.name, Canary.planted_at, Account.email_sealed, Account.id)
        .outerjoin(Prisoner, Prisoner.id == Canary.prisoner_id)
        .outerjoin(Sponsor, Sponsor.id == Canary.sponsor_id)
        .outerjoin(Account, Account.id == Canary.planted_by)
        .order_by(Canary.planted_at.desc(), Canary.id)
    )
    return [
        Planted(id_, prisoner, sponsor, planted_at, Account.email.opened(sealed, by))
        for id_, prisoner, sponsor, planted_at, sealed, by in session().execute(query)
    ]


def is_real_prisoner() -> ColumnElement[bool]:
    """The condition that a prisoner was not invented."""
    return ~exists().where(Canary.prisoner_id == Prisoner.id)


def is_real_sponsor() -> ColumnElement[bool]:
    """The condition that a sponsor was not invented."""
    return ~exists().where(Canary.sponsor_id == Sponsor.id)


def is_invented_account() -> ColumnElement[bool]:
    """The condition that an account is an invented sponsor's, which no mail may go to."""
    return exists().where(Canary.account_id == Account.id)


def model_prisoner(gender: Gender) -> Prisoner | None:
    """Somebody held, by chance, whom an invented prisoner is made to resemble."""
    query = select(Prisoner).where(Prisoner.gender == gender, Prisoner.detention_status.not_in(NO_LONGER_HELD))
    return session().scalar(query.order_by(func.random()).limit(1))


def model_sponsor(country: str) -> Sponsor | None:
    """Somebody vetted, by chance, whom an invented sponsor is made to resemble; from the country where possible."""
    query = select(Sponsor).where(Sponsor.vetting_state == VettingState.VETTED)
    return session().scalar(query.order_by(Sponsor.country != country, func.random()).limit(1))


def with_caseloads() -> list[str]:
    """Whoever looks after somebody."""
    return sorted(session().scalars(select(Caseload.account_id).distinct()))


def prisoner_ids() -> list[str]:
    """Who was invented among the prisoners."""
    return list(session().scalars(select(Canary.prisoner_id).where(Canary.prisoner_id.is_not(None))))


def publicity_to_runs() -> ColumnElement[Publicity]:
    """How far a prisoner may be known, as the engine is told: of the invented, to coordinators only.

    So nobody is matched with them, and they stand among those left alone for the same reason as their neighbours: who
    was missing there would be known for invented (docs/threats.md, Z8).
    """
    hidden = type_coerce(Publicity.COORDINATORS_ONLY, Prisoner.publicity.type)
    return case((is_real_prisoner(), Prisoner.publicity), else_=hidden).label(Prisoner.publicity.key)
