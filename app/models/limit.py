"""Counters of attempts, shared by every web process and kept over a restart (docs/threats.md, A3 and B2)."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AttemptCount(Base):
    """How often one thing was tried of late. `key` is a keyed hash: no address of a person or a network stands here."""

    __tablename__ = "attempt_count"
    __table_args__ = (Index(None, "expires_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime]
    waits_until: Mapped[datetime | None] = mapped_column(doc="nothing is tried before")
