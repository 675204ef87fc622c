"""Exports that were asked for. The file itself is made when it is downloaded and kept nowhere."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Id, together
from app.watch_words import ExportState, ExportSubject

PERSONS_ALONE = 50
"""So many persons may be in an export that nobody else has looked at (docs/threats.md, Z7)."""


class ExportRequest(Base):
    """One export and its state (`app.transitions.EXPORT_MOVES`). The database itself refuses a large one that nobody
    else has approved."""

    __tablename__ = "export_request"
    __table_args__ = (
        CheckConstraint("persons >= 0", name="persons_not_negative"),
        CheckConstraint(
            f"state NOT IN ('approved', 'downloaded') OR persons <= {PERSONS_ALONE} OR decided_by IS NOT NULL",
            name="second_person",
        ),
        CheckConstraint("decided_by IS NULL OR decided_by != asked_by", name="decided_by_another"),
        CheckConstraint("(state = 'downloaded') = (downloaded_at IS NOT NULL)", name="downloaded_has_time"),
        together("decided_at_has_by", "decided_at", "decided_by"),
        together("downloaded_at_has_by", "downloaded_at", "downloaded_by"),
        Index(None, "asked_at"),
    )

    id: Mapped[Id]
    subject: Mapped[ExportSubject]
    reason: Mapped[str] = mapped_column(String(400), doc="what it is for, in the asker's words")
    persons: Mapped[int] = mapped_column(doc="how many were in it when it was asked for; it may not hold more")
    state: Mapped[ExportState]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    downloaded_at: Mapped[datetime | None]
    downloaded_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))

    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])
