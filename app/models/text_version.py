"""Texts that coordinators edited: letter templates and the words of mails, each version as it was saved."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id
from app.vocabulary import TextFamily


class TextVersion(Base):
    """One version of one text; it never changes once it stands, and the one with the highest number is in force.

    A text that nobody edited has no version: what is built in is in force. `parts` are the words by the name of the
    part, empty where somebody went back to what is built in.
    """

    __tablename__ = "text_version"
    __table_args__ = (
        UniqueConstraint("family", "name", "language", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[Id]
    family: Mapped[TextFamily]
    name: Mapped[str] = mapped_column(String(40), doc="the mail's message, or the letter template's key")
    language: Mapped[str] = mapped_column(String(8), doc="ISO 639-1; `mul` for a text of several languages at once")
    number: Mapped[int]
    parts: Mapped[dict[str, str] | None]
    written_at: Mapped[datetime]
    written_by: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="SET NULL"), index=True, doc="empty once the account is erased"
    )
