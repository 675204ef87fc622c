"""The worker's sign of life: of each job, when it last ran, how long it took, and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.task_words import Job


class JobRun(Base):
    """One row for each job, however many workers there are. Numbers only: nobody is named here."""

    __tablename__ = "job_run"
    __table_args__ = (CheckConstraint("ended_at IS NOT NULL OR broke_at IS NOT NULL", name="ended_or_broke"),)

    job: Mapped[Job] = mapped_column(primary_key=True)
    first_at: Mapped[datetime] = mapped_column(doc="since when it is kept")
    ended_at: Mapped[datetime | None] = mapped_column(doc="when it last came to its end")
    broke_at: Mapped[datetime | None] = mapped_column(doc="when it last broke off with a failure")
    seconds: Mapped[float] = mapped_column(doc="how long the last one took that came to its end")
    runs: Mapped[int] = mapped_column(doc="how many came to their end")
    seconds_of_all: Mapped[float]
    found: Mapped[dict[str, int]] = mapped_column(doc="what the last one counted")

    @property
    def seen_at(self) -> datetime:
        """When a worker last showed by this job that it is there."""
        return max(filter(None, (self.ended_at, self.broke_at)))

    @property
    def is_broken(self) -> bool:
        """Whether the last run broke off."""
        return self.broke_at is not None and (self.ended_at is None or self.broke_at > self.ended_at)
