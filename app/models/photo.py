"""Photographs of prisoners: clean pictures, and who allowed them to be seen by whom."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Id, together
from app.models.prisoner import Prisoner
from app.vocabulary import PublicityBasis, Visibility


class Photo(Base):
    """The one photograph of a prisoner, cleaned (`app.pictures`), in the two sizes that pages show.

    It stands in the database: the next request may reach another machine, a backup holds records and photographs of
    the same moment, and what is deleted goes the way of all other rows. Some 60 kilobytes each; the columns are read
    only where a picture is sent. Another photograph of the same person is another row with another id, and begins
    with coordinators alone: whoever allowed the one has not seen the other.

    A `visibility` beyond the coordinators has a basis, the day it was given, and where that is known from; it never
    reaches further than the case (`app.queries.photos.reach`).
    """

    __tablename__ = "photo"
    __table_args__ = (
        CheckConstraint(
            "visibility = 'coordinators' OR (basis IS NOT NULL AND allowed_on IS NOT NULL AND source IS NOT NULL)",
            name="seen_on_a_basis",
        ),
        together("shown_at_has_by", "shown_at", "shown_by"),
    )

    id: Mapped[Id]
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), unique=True)
    card: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    page: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.COORDINATORS)
    basis: Mapped[PublicityBasis | None]
    allowed_on: Mapped[date | None]
    source: Mapped[str | None] = mapped_column(String(200))
    shown_at: Mapped[datetime | None] = mapped_column(doc="when it was last decided who may see it")
    shown_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    version: Mapped[int] = mapped_column(default=1)

    prisoner: Mapped[Prisoner] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def seen_as(self) -> str:
        """Says of a form which photograph, and which decision about it, its person had before their eyes."""
        return f"{self.id}.{self.version}"
