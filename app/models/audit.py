"""The audit trail: who did what to which record, chained so that a change of the past shows.

Ids and names of fields stand here, never values; no foreign keys, so that erasing a person leaves the chain whole.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class AuditEvent(Base):
    """One link of the chain: `digest` is an HMAC over this row's content and the digest before it."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "entity", "entity_id"), CheckConstraint("number >= 1", name="begins_at_one"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by_account_id: Mapped[str | None] = mapped_column(String(16), doc="None stands for the command line or a job")
    action: Mapped[str] = mapped_column(String(60))
    entity: Mapped[str] = mapped_column(String(40))
    entity_id: Mapped[str] = mapped_column(String(40))
    fields: Mapped[list[str]]
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The newest link's number and digest; the one row that writers lock, always last."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
