"""Matches, the runs that proposed them, and the policy the runs followed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Id, together
from app.models.prisoner import Prisoner
from app.models.sealed import Sealed, SealedText
from app.models.sponsor import Sponsor
from app.vocabulary import DeclineReason, EndReason, MatchState, RefusalReason, SupportKind

_UNDECIDED_OR_LIVE = text("state IN ('proposed', 'approved', 'active', 'paused')")


class Policy(Base):
    """One version of the rules and weights that runs follow; a version never changes once it stands."""

    __tablename__ = "policy"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class MatchingRun(Base):
    """One solve over all open seats and available sponsors of one support kind."""

    __tablename__ = "matching_run"
    __table_args__ = (Index(None, "kind", "finished_at"),)

    id: Mapped[Id]
    kind: Mapped[SupportKind]
    day: Mapped[date] = mapped_column(doc="the day that ages and availability were reckoned for")
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy.version", ondelete="RESTRICT"))
    input_digest: Mapped[str] = mapped_column(String(64))
    objective: Mapped[dict[str, Any]]
    certificate: Mapped[dict[str, Any]] = mapped_column(deferred=True, doc="large, and read only to check it")
    uncovered_by_tier: Mapped[list[Any]]
    prices: Mapped[dict[str, Any] | None] = mapped_column(deferred=True, doc="PlanPrices, of the newest run only")
    fingerprints: Mapped[list[str] | None] = mapped_column(deferred=True, doc="everybody's, of the newest run only")
    excluded: Mapped[dict[str, int]] = mapped_column(doc="pairs by the first hard rule that ruled them out")
    seconds: Mapped[dict[str, Any]]
    finished_at: Mapped[datetime]
    started_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))


class Match(Base):
    """One prisoner, one sponsor, one support kind, and its state (`app.transitions.MATCH_MOVES`).

    A pair has at most one proposal or live match at a time, of either kind. Seats and capacity are also guarded by
    triggers: see docs/decisions/0003.
    """

    __tablename__ = "match"
    __table_args__ = (
        Index(
            "uq_match_undecided_or_live_pair",
            "prisoner_id",
            "sponsor_id",
            unique=True,
            sqlite_where=_UNDECIDED_OR_LIVE,
            postgresql_where=_UNDECIDED_OR_LIVE,
        ),
        Index(None, "state", "tier"),
        Index(None, "sponsor_id", "state"),
        Index(None, "prisoner_id", "state"),
        CheckConstraint("tier BETWEEN 0 AND 5", name="tier_in_range"),
        together("decided_at_has_by", "decided_at", "decided_by"),
        CheckConstraint("state NOT IN ('approved', 'declined') OR decided_at IS NOT NULL", name="decision_is_signed"),
        CheckConstraint("state != 'declined' OR decline_reason IS NOT NULL", name="decline_has_reason"),
        CheckConstraint("state != 'refused' OR refusal_reason IS NOT NULL", name="refusal_has_reason"),
        CheckConstraint("state != 'ended' OR (ended_at IS NOT NULL AND end_reason IS NOT NULL)", name="end_has_reason"),
    )

    id: Mapped[Id]
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="RESTRICT"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsor.id", ondelete="RESTRICT"))
    kind: Mapped[SupportKind]
    state: Mapped[MatchState]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("matching_run.id", ondelete="SET NULL"), index=True)
    tier: Mapped[int]
    fit: Mapped[int]
    terms: Mapped[dict[str, int]] = mapped_column(doc="the fit terms and their points, as the run stored them")
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    decline_reason: Mapped[DeclineReason | None]
    decline_note_sealed: Mapped[SealedText | None]
    answered_at: Mapped[datetime | None] = mapped_column(doc="when the sponsor accepted or refused")
    answered_by: Mapped[str | None] = mapped_column(
        String(16),
        doc="whose account did, the sponsor's or an office's; no key: the mark outlives the account",
    )
    refusal_reason: Mapped[RefusalReason | None]
    refusal_note_sealed: Mapped[SealedText | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None]
    coordinator_note_sealed: Mapped[SealedText | None] = mapped_column(doc="why a coordinator paused or ended it")
    version: Mapped[int] = mapped_column(default=1)

    decline_note = Sealed[str | None]()
    refusal_note = Sealed[str | None]()
    coordinator_note = Sealed[str | None]()

    prisoner: Mapped[Prisoner] = relationship()
    sponsor: Mapped[Sponsor] = relationship()
    run: Mapped[MatchingRun | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def answered_by_office(self) -> bool:
        """Whether an office that acted for the sponsor answered, and not they themselves."""
        return self.answered_by is not None and self.answered_by != self.sponsor.account_id


class SilentMatch(Base):
    """A match that a coordinator has marked silent (docs/glossary.md): the row goes with the next sign of life."""

    __tablename__ = "silent_match"

    match_id: Mapped[str] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"), primary_key=True)
    marked_at: Mapped[datetime]
    marked_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
