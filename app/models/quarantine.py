"""Rows of lists that an import could not place by itself: what they say while they wait, and what was decided.

What a row says stands here only until somebody decides. What stays are keyed digests: they tell whether a row of a
later list is the same one, and nothing to whoever has not got the site's secret.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import ID_LENGTH, Base, Country, Id, together
from app.models.prisoner import Prisoner
from app.vocabulary import LeaveOutReason, Publicity, PublicityBasis, QuarantineState

_OR_NOTHING = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class QuarantinedRow(Base):
    """One row, waiting or decided about (`app.transitions.QUARANTINE_MOVES`).

    A row is one matter however often its list is applied: `identity` and `wording` are its unique key. Decisions hold
    for later lists while the row is here. `version` counts changes: a stale decision is refused.
    """

    __tablename__ = "quarantined_row"
    __table_args__ = (
        UniqueConstraint("identity", "wording"),
        Index(None, "source"),
        Index(None, "group_id"),
        Index(None, "state", "kept_at"),
        Index(None, "prisoner_id"),
        CheckConstraint("(state = 'waiting') = (person IS NOT NULL)", name="says_something_while_waiting"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decision_is_signed"),
        CheckConstraint("(state = 'left_out') = (reason IS NOT NULL)", name="left_out_has_reason"),
        CheckConstraint("state IN ('same_person', 'new_person') OR prisoner_id IS NULL", name="names_nobody_else"),
        CheckConstraint(
            "publicity = 'coordinators_only' OR (publicity_basis IS NOT NULL AND publicity_by IS NOT NULL)",
            name="publicity_has_basis",
        ),
        together("decided_at_has_by", "decided_at", "decided_by"),
    )

    id: Mapped[Id]
    group_id: Mapped[str] = mapped_column(String(ID_LENGTH), doc="shared by the rows of one clash")
    source: Mapped[str] = mapped_column(String(60))
    as_of: Mapped[date] = mapped_column(doc="of the newest edition that the row stands in as it is here")
    country: Mapped[Country]
    row_number: Mapped[int] = mapped_column(doc="in that edition, from 1")
    clash: Mapped[str] = mapped_column(String(40), doc="one of `app.importing.Clash`")
    identity: Mapped[str] = mapped_column(String(64), doc="digest of everything the row names its person by")
    wording: Mapped[str] = mapped_column(String(64), doc="digest of everything the row says")
    marks: Mapped[list[str]] = mapped_column(doc="kind and digest of each id, address and name with birth date")
    person: Mapped[dict[str, Any] | None] = mapped_column(_OR_NOTHING, doc="what the row says, until it is decided")
    publicity: Mapped[Publicity] = mapped_column(default=Publicity.COORDINATORS_ONLY, doc="given by the import")
    publicity_basis: Mapped[PublicityBasis | None]
    publicity_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    kept_at: Mapped[datetime]
    state: Mapped[QuarantineState] = mapped_column(default=QuarantineState.WAITING)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    reason: Mapped[LeaveOutReason | None]
    prisoner_id: Mapped[str | None] = mapped_column(
        ForeignKey("prisoner.id", ondelete="SET NULL"), doc="whom the row is; empty again once they are erased"
    )
    version: Mapped[int] = mapped_column(default=1)

    prisoner: Mapped[Prisoner | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
