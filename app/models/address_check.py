"""Who vouched for the address of a prisoner, and for which: one that has changed since is not vouched for."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AddressCheck(Base):
    """The newest word that a prisoner can be written to at an address, as it stood then, with its source and day.

    What was empty then, but for postcode and street, may be filled in later: that is no change (docs/domain.md, "Do no
    harm" 7). `recorded_by` is None where a list said so that nobody in particular imported.
    """

    __tablename__ = "address_check"

    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True)
    facility_id: Mapped[str] = mapped_column(ForeignKey("facility.id", ondelete="RESTRICT"), index=True)
    street: Mapped[str | None] = mapped_column(String(200))
    street_cyrillic: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(120))
    city_cyrillic: Mapped[str | None] = mapped_column(String(120))
    postcode: Mapped[str | None] = mapped_column(String(12))
    verified_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
