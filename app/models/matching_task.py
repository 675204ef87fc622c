"""What the worker solves for somebody who waits at a page: a matching run, or the dry run of a changed policy."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id
from app.models.sealed import Sealed, SealedText
from app.task_words import TaskEnd, TaskState
from app.vocabulary import SupportKind

_UNDER_WAY = text("state IN ('waiting', 'running')")


class MatchingTask(Base):
    """One task and its state (`app.transitions.TASK_MOVES`); kept for a day after its end.

    A run has a `kind`; a dry run has the `changed_policy`, and what it found. Of what shares a `slot`, one at a time is
    under way. A worker that runs a task owns it by its `claim`, until `lease_until` passes without a word of it.
    """

    __tablename__ = "matching_task"
    __table_args__ = (
        Index(
            "uq_matching_task_slot_under_way",
            "slot",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
        Index(None, "state", "asked_at"),
        CheckConstraint("(kind IS NULL) != (changed_policy IS NULL)", name="run_or_dry_run"),
        CheckConstraint("(state = 'running') = (claim IS NOT NULL)", name="running_is_claimed"),
        CheckConstraint("(state = 'stopped') = (reason IS NOT NULL)", name="stopped_has_reason"),
    )

    id: Mapped[Id]
    slot: Mapped[str] = mapped_column(String(40))
    kind: Mapped[SupportKind | None]
    changed_policy: Mapped[dict[str, Any] | None]
    state: Mapped[TaskState]
    stage: Mapped[str | None] = mapped_column(String(40), doc="what it is at: a run's stage, or a dry run's kind")
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    claim: Mapped[str | None] = mapped_column(String(16))
    heard_at: Mapped[datetime | None] = mapped_column(doc="the last sign of life")
    lease_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[TaskEnd | None]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("matching_run.id", ondelete="SET NULL"))
    found_sealed: Mapped[SealedText | None] = mapped_column(deferred=True, doc="large, and names people's facts")

    found = Sealed[dict[str, Any] | None](json.loads, writes=json.dumps)
    """A dry run's answer."""
