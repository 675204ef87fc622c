"""Prisoners as those see them who may see every record."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.database import session
from app.models import Prisoner
from app.vocabulary import DetentionStatus


def listed(*, country: str | None = None, status: DetentionStatus | None = None) -> list[Prisoner]:
    """Prisoners with their facilities, by name: of one detaining country, in one detention status, or all."""
    query = select(Prisoner).options(joinedload(Prisoner.facility)).order_by(Prisoner.search_key, Prisoner.id)
    if country is not None:
        query = query.where(Prisoner.country == country)
    if status is not None:
        query = query.where(Prisoner.detention_status == status)
    return list(session().scalars(query))


def by_id(prisoner_id: str) -> Prisoner | None:
    """One prisoner with facility, facts, sources and what each source said."""
    everything = (
        joinedload(Prisoner.facility),
        selectinload(Prisoner.facts),
        selectinload(Prisoner.role_limits),
        selectinload(Prisoner.sources),
        selectinload(Prisoner.field_sources),
    )
    return session().scalar(select(Prisoner).where(Prisoner.id == prisoner_id).options(*everything))
