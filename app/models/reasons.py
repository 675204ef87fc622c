"""What the newest run of a kind leaves to be explained; that of an older one is thrown away."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.prisoner import Prisoner


class RunnerUp(Base):
    """Who would have been next for a prisoner with a proposal, and the least that this would cost everyone together.

    `sponsor_id` is empty once the sponsor is gone.
    """

    __tablename__ = "runner_up"

    run_id: Mapped[str] = mapped_column(ForeignKey("matching_run.id", ondelete="CASCADE"), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True)
    sponsor_id: Mapped[str | None] = mapped_column(ForeignKey("sponsor.id", ondelete="SET NULL"), index=True)
    first_supporters: Mapped[int] = mapped_column(doc="the weight of first supporters lost (app.matching.Loss)")
    points: Mapped[int]


class LeftAlone(Base):
    """A prisoner whom a run found nobody for and who has nobody of the kind; with what keeps sponsors away."""

    __tablename__ = "left_alone"
    __table_args__ = (CheckConstraint("tier BETWEEN 0 AND 5", name="tier_in_range"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("matching_run.id", ondelete="CASCADE"), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(
        ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    tier: Mapped[int]
    sponsors: Mapped[dict[str, Any]] = mapped_column(doc="by country, and in each by the first rule (matching.Counts)")

    prisoner: Mapped[Prisoner] = relationship()
