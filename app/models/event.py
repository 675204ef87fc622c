"""What happened to prisoners, recorded once with its source."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Id
from app.models.facility import Facility
from app.models.prisoner import Prisoner
from app.vocabulary import EventType


class PrisonerEvent(Base):
    """One transfer, release, death or return to custody; `facility` is where a transfer led, if that is known."""

    __tablename__ = "prisoner_event"
    __table_args__ = (Index(None, "prisoner_id", "happened_on"),)

    id: Mapped[Id]
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"))
    type: Mapped[EventType]
    happened_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    facility_id: Mapped[str | None] = mapped_column(ForeignKey("facility.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    prisoner: Mapped[Prisoner] = relationship()
    facility: Mapped[Facility | None] = relationship()
