"""Facilities."""

from sqlalchemy import select

from app.database import locked, session
from app.models import Facility


def of_country(country: str) -> list[Facility]:
    """Every facility of the country, locked until the transaction ends."""
    return list(session().scalars(locked(select(Facility).where(Facility.country == country).order_by(Facility.id))))
