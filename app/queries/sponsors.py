"""Sponsors, outside the coordinator's desk: their own record, and the operator's list."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.database import session
from app.models import Sponsor
from app.permissions import Viewer
from app.vocabulary import VettingState


def own(viewer: Viewer) -> Sponsor | None:
    """The viewer's own record as a sponsor."""
    return session().get(Sponsor, viewer.sponsor_id) if viewer.sponsor_id else None


def listed(*, country: str | None = None, vetting_state: VettingState | None = None) -> list[Sponsor]:
    """Sponsors by name: of one country, in one state of vetting, or all."""
    query = select(Sponsor).options(selectinload(Sponsor.languages)).order_by(Sponsor.search_key, Sponsor.id)
    if country is not None:
        query = query.where(Sponsor.country == country)
    if vetting_state is not None:
        query = query.where(Sponsor.vetting_state == vetting_state)
    return list(session().scalars(query))


def by_id(sponsor_id: str) -> Sponsor | None:
    """One sponsor with their account and languages."""
    query = select(Sponsor).where(Sponsor.id == sponsor_id)
    return session().scalar(query.options(selectinload(Sponsor.languages), selectinload(Sponsor.account)))
