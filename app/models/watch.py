"""The watch over staff: what each was shown, records that nobody has a reason to open, and alerts to administrators."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Id, together
from app.watch_words import AlertKind


class ReadingCount(Base):
    """How much of `app.reading` one member of staff has used: the newest hour and day only, no history of reading."""

    __tablename__ = "reading_count"
    __table_args__ = (together("extra_at_has_by", "extra_at", "extra_by"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(doc="when the hour began")
    hour_records: Mapped[int]
    hour_rows: Mapped[int]
    day: Mapped[date]
    day_records: Mapped[int]
    day_rows: Mapped[int]
    extra: Mapped[int] = mapped_column(default=0, doc="how often as much again was granted for `extra_day`")
    extra_day: Mapped[date | None]
    extra_at: Mapped[datetime | None]
    extra_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))


class Canary(Base):
    """An invented prisoner or sponsor, planted to see who opens a record without a reason.

    Nothing in the person's own row tells; only this table does, and administrators alone are shown it.
    """

    __tablename__ = "canary"
    __table_args__ = (
        CheckConstraint("(prisoner_id IS NULL) != (sponsor_id IS NULL)", name="is_one_person"),
        Index("ix_canary_account_id", "account_id"),
    )

    id: Mapped[Id]
    prisoner_id: Mapped[str | None] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), unique=True)
    sponsor_id: Mapped[str | None] = mapped_column(ForeignKey("sponsor.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), doc="an invented sponsor's, which no mail may go to"
    )
    planted_at: Mapped[datetime]
    planted_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Alert(Base):
    """Something that administrators are to look at. `occasion` is unique: one alert for each, ever."""

    __tablename__ = "alert"
    __table_args__ = (together("seen_at_has_by", "seen_at", "seen_by"), Index(None, "raised_at"))

    id: Mapped[Id]
    kind: Mapped[AlertKind]
    occasion: Mapped[str] = mapped_column(String(160), unique=True)
    about: Mapped[str | None] = mapped_column(String(40), doc="id or number of what it is about; no foreign key")
    raised_at: Mapped[datetime]
    caused_by: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), doc="None: the command line or a job"
    )
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    causer: Mapped[Account | None] = relationship(foreign_keys=[caused_by])
    seer: Mapped[Account | None] = relationship(foreign_keys=[seen_by])
