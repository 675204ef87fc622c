"""Where prisoners are held, and how post travels there."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Country, Id
from app.vocabulary import FacilityKind, MailRoute


class Facility(Base):
    """A place of detention with its postal address, as a source writes it, in one or both scripts."""

    __tablename__ = "facility"
    __table_args__ = (Index(None, "country", "kind", "number"),)

    id: Mapped[Id]
    country: Mapped[Country]
    kind: Mapped[FacilityKind]
    number: Mapped[str | None] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    title_cyrillic: Mapped[str | None] = mapped_column(String(200))
    street: Mapped[str | None] = mapped_column(String(200))
    street_cyrillic: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(120))
    city_cyrillic: Mapped[str | None] = mapped_column(String(120))
    postcode: Mapped[str | None] = mapped_column(String(12))
    languages: Mapped[list[str]] = mapped_column(doc="ISO 639-1 codes of the languages its censors pass")


class PostRoute(Base):
    """How post goes from a sponsor's country to a detaining one; countries without a row post directly."""

    __tablename__ = "post_route"

    from_country: Mapped[Country] = mapped_column(primary_key=True)
    to_country: Mapped[Country] = mapped_column(primary_key=True)
    route: Mapped[MailRoute]
    note: Mapped[str | None] = mapped_column(String(400))
