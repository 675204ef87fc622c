"""Who signed up: the sponsor, what they can take on, and whom they must not be paired with."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Country, Id, together
from app.models.sealed import Sealed, SealedText
from app.vocabulary import (
    AgeGroup,
    Gender,
    LanguageLevel,
    ProfessionGroup,
    SponsorRole,
    SupportKind,
    VettingBasis,
    VettingState,
)


class Sponsor(Base):
    """Anyone who signed up to support prisoners. `version` counts changes: a stale edit is refused."""

    __tablename__ = "sponsor"
    __table_args__ = (
        CheckConstraint("capacity BETWEEN 0 AND 1000", name="capacity_in_range"),
        CheckConstraint("letters_a_month BETWEEN 0 AND 31", name="letters_a_month_in_range"),
        CheckConstraint(
            "available_from IS NULL OR available_until IS NULL OR available_from <= available_until",
            name="availability_in_order",
        ),
        together("vetted_at_has_by", "vetted_at", "vetted_by"),
        together("paused_at_has_by", "paused_at", "paused_by"),
        Index(None, "vetting_state", "country"),
    )

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    search_key: Mapped[str] = mapped_column(String(200))
    role: Mapped[SponsorRole]
    support_kind: Mapped[SupportKind]
    country: Mapped[Country]
    profession_group: Mapped[ProfessionGroup]
    capacity: Mapped[int]
    letters_a_month: Mapped[int]
    available_from: Mapped[date | None]
    available_until: Mapped[date | None]
    parliament: Mapped[str | None] = mapped_column(String(200))
    mandate_ends: Mapped[date | None]
    translation_wanted: Mapped[bool] = mapped_column(default=False)
    translation_offered: Mapped[bool] = mapped_column(default=False)
    wish_home_area: Mapped[str | None] = mapped_column(String(80))
    wish_profession_group: Mapped[ProfessionGroup | None]
    wish_gender: Mapped[Gender | None]
    wish_age_group: Mapped[AgeGroup | None]
    wish_long_sentence: Mapped[bool] = mapped_column(default=False)
    conflict_notes_sealed: Mapped[SealedText | None] = mapped_column(
        doc="the sponsor's own words; a coordinator maps them"
    )
    vetting_state: Mapped[VettingState] = mapped_column(default=VettingState.PENDING)
    vetting_reason_sealed: Mapped[SealedText | None]
    vetted_at: Mapped[datetime | None]
    vetted_by: Mapped[str | None] = mapped_column(
        ForeignKey("account.id", ondelete="RESTRICT"),
        doc="who decided; by an official address: who vouched that only members have one there",
    )
    vetting_basis: Mapped[VettingBasis | None]
    person_vets: Mapped[bool] = mapped_column(default=False, doc="a coordinator has looked: no address vets them again")
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    resumes_on: Mapped[date | None] = mapped_column(doc="the first day after the pause; None: until somebody ends it")
    quiet_days: Mapped[list[int]] = mapped_column(default=list, doc="days without a reminder; 0 is Monday")
    reminders_off: Mapped[list[str]] = mapped_column(default=list, doc="the kinds of reminder they do not want")
    no_reminders: Mapped[bool] = mapped_column(default=False, doc="they want none, of no kind that may ever come")
    idea_weeks: Mapped[int] = mapped_column(default=4, doc="how often a godparent is given an idea; 0 is never")
    last_sign_on: Mapped[date | None] = mapped_column(doc="the last sign of life, in UTC; None: none since sign-up")
    consented_on: Mapped[date | None] = mapped_column(doc="when they last said that they go on; None: at sign-up")
    held: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    conflict_notes = Sealed[str | None]()
    vetting_reason = Sealed[str | None]()

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    languages: Mapped[list["SponsorLanguage"]] = relationship(
        cascade="all, delete-orphan", order_by="SponsorLanguage.language"
    )

    __mapper_args__ = {"version_id_col": version}

    def takes_pause(self, on: date) -> bool:
        """Whether they take a pause on that day."""
        return takes_pause(self.paused_at, self.resumes_on, on=on)


def takes_pause(paused_at: datetime | None, resumes_on: date | None, *, on: date) -> bool:
    """Whether a pause that began then lasts on that day; without `resumes_on` it has no end of its own."""
    return paused_at is not None and (resumes_on is None or on < resumes_on)


class SponsorLanguage(Base):
    """One language a sponsor writes, ISO 639-1, and how well."""

    __tablename__ = "sponsor_language"

    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsor.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    level: Mapped[LanguageLevel]


class Conflict(Base):
    """A sponsor and a prisoner who must not be paired; mapped by a coordinator from the sponsor's words."""

    __tablename__ = "conflict"
    __table_args__ = (Index(None, "prisoner_id"),)

    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsor.id", ondelete="CASCADE"), primary_key=True)
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
