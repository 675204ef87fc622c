"""Letters that sponsors write. The text is not kept: it is the writer's, and nothing here could betray it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Id
from app.models.match import Match
from app.vocabulary import LetterState


class Letter(Base):
    """One letter of one match and its state (`app.transitions.LETTER_MOVES`)."""

    __tablename__ = "letter"
    __table_args__ = (
        Index(None, "match_id", "sent_on"),
        CheckConstraint("state IN ('draft', 'checked') OR sent_on IS NOT NULL", name="sent_has_day"),
    )

    id: Mapped[Id]
    match_id: Mapped[str] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    state: Mapped[LetterState]
    template: Mapped[str | None] = mapped_column(String(60), doc="the letter template it began with")
    language: Mapped[str | None] = mapped_column(String(2), doc="ISO 639-1")
    sent_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    version: Mapped[int] = mapped_column(default=1)

    match: Mapped[Match] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def by_office(self) -> bool:
        """Whether an office that acts for the sponsor said so last, and not they themselves."""
        return self.recorded_by != self.match.sponsor.account_id
