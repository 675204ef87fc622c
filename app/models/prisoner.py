"""Who is held, what is known of them and from where. No contact of a family stands in these tables.

Those are sealed and stand apart, in `app.models.family_contact`.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Country, Id, Text, together
from app.models.facility import Facility
from app.models.sealed import BY_PRISONER_AND_FACT, BlindText, Sealed, SealedText
from app.partial_date import PartialDate
from app.vocabulary import (
    NO_LONGER_HELD,
    DetentionStatus,
    Fact,
    Gender,
    MailAccess,
    ProfessionGroup,
    Publicity,
    PublicityBasis,
    SponsorRole,
    SupportKind,
    Visibility,
)


class Prisoner(Base):
    """A person held for political reasons. `version` counts changes: a stale edit is refused."""

    __tablename__ = "prisoner"
    __table_args__ = (
        CheckConstraint("godparent_seats BETWEEN 0 AND 1000", name="godparent_seats_in_range"),
        CheckConstraint("letter_writer_seats BETWEEN 0 AND 1000", name="letter_writer_seats_in_range"),
        CheckConstraint("pinned_tier IS NULL OR pinned_tier BETWEEN 0 AND 5", name="pinned_tier_in_range"),
        CheckConstraint(
            "publicity = 'coordinators_only' OR (publicity_basis IS NOT NULL AND publicity_by IS NOT NULL)",
            name="publicity_has_basis",
        ),
        together("publicity_at_has_by", "publicity_at", "publicity_by"),
        Index(None, "detention_status", "publicity"),
        Index(None, "search_key"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200), doc="as the source writes it")
    name_latin: Mapped[str | None] = mapped_column(String(200))
    name_cyrillic: Mapped[str | None] = mapped_column(String(200))
    search_key: Mapped[str] = mapped_column(String(400))
    country: Mapped[Country] = mapped_column(doc="the country that detains")
    gender: Mapped[Gender | None]
    birth_date: Mapped[PartialDate | None]
    arrested_on: Mapped[PartialDate | None]
    verdict_on: Mapped[PartialDate | None]
    released_on: Mapped[PartialDate | None]
    died_on: Mapped[PartialDate | None]
    sentence: Mapped[str | None] = mapped_column(String(400))
    sentence_years: Mapped[float | None] = mapped_column(Numeric(5, 2, asdecimal=False))
    penalty: Mapped[str | None] = mapped_column(String(400))
    articles: Mapped[list[str]]
    detention_status: Mapped[DetentionStatus]
    mail_access: Mapped[MailAccess] = mapped_column(default=MailAccess.UNKNOWN)
    facility_id: Mapped[str | None] = mapped_column(ForeignKey("facility.id", ondelete="RESTRICT"), index=True)
    story: Mapped[Text | None]
    occupation: Mapped[str | None] = mapped_column(String(120))
    profession_group: Mapped[ProfessionGroup | None]
    reads: Mapped[list[str]] = mapped_column(doc="ISO 639-1 codes")
    home_area: Mapped[str | None] = mapped_column(String(80))
    case_code: Mapped[str | None] = mapped_column(String(40))
    publicity: Mapped[Publicity] = mapped_column(default=Publicity.COORDINATORS_ONLY)
    publicity_basis: Mapped[PublicityBasis | None]
    publicity_at: Mapped[datetime | None]
    publicity_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    godparent_seats: Mapped[int]
    letter_writer_seats: Mapped[int]
    pinned_tier: Mapped[int | None]
    held: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    facility: Mapped[Facility | None] = relationship()
    facts: Mapped[list["PrisonerFact"]] = relationship(cascade="all, delete-orphan")
    role_limits: Mapped[list["RoleLimit"]] = relationship(cascade="all, delete-orphan")
    sources: Mapped[list["PrisonerSource"]] = relationship(cascade="all, delete-orphan")
    field_sources: Mapped[list["FieldSource"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    @property
    def shown_name(self) -> str:
        """The name that pages and mails use: in Latin letters where they are known, else as the source writes it."""
        return self.name_latin or self.name

    @property
    def facts_in_order(self) -> list["PrisonerFact"]:
        """The facts by their words, which the database cannot put in order."""
        return sorted(self.facts, key=lambda known: known.fact)

    @property
    def no_longer_held(self) -> bool:
        """Whether they were released or died."""
        return self.detention_status in NO_LONGER_HELD

    def seats(self, kind: SupportKind) -> int:
        """How many sponsors of `kind` this prisoner may have at once."""
        return self.godparent_seats if kind is SupportKind.GODPARENT else self.letter_writer_seats


class PrisonerFact(Base):
    """One vulnerability fact, with its source, the day it was true, and who may see it (docs/glossary.md).

    A prisoner has each fact once: the blind index is one of both together. `prisoner_id` is named before the fact.
    """

    __tablename__ = "prisoner_fact"
    __table_args__ = (UniqueConstraint("fact_index"), Index(None, "prisoner_id"))

    id: Mapped[Id]
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"))
    fact_sealed: Mapped[SealedText]
    fact_index: Mapped[BlindText]
    source_sealed: Mapped[SealedText]
    as_of: Mapped[date]
    visibility: Mapped[Visibility] = mapped_column(default=Visibility.COORDINATORS)

    fact = Sealed[Fact](Fact, index=BY_PRISONER_AND_FACT)
    source = Sealed[str]()


class RoleLimit(Base):
    """How many of a prisoner's seats of one kind may go to sponsors of one role; roles without a row take all."""

    __tablename__ = "role_limit"
    __table_args__ = (CheckConstraint("seats BETWEEN 0 AND 1000", name="seats_in_range"),)

    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[SupportKind] = mapped_column(primary_key=True)
    role: Mapped[SponsorRole] = mapped_column(primary_key=True)
    seats: Mapped[int]


class PrisonerSource(Base):
    """Under which id and address an outside list knows this prisoner."""

    __tablename__ = "prisoner_source"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        UniqueConstraint("source", "source_url"),
        CheckConstraint("source_id IS NOT NULL OR source_url IS NOT NULL", name="names_the_person"),
        Index(None, "prisoner_id"),
    )

    id: Mapped[Id]
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"))
    source: Mapped[str] = mapped_column(String(60))
    source_id: Mapped[str | None] = mapped_column(String(120))
    source_url: Mapped[str | None] = mapped_column(String(500))


class FieldSource(Base):
    """Which source gave a field its present value, and the day the source stood for."""

    __tablename__ = "field_source"

    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    as_of: Mapped[date]


class ImportRecord(Base):
    """One applied import: which file (by digest), from whom, as of when, and what came of its rows."""

    __tablename__ = "import_record"

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(60))
    as_of: Mapped[date]
    file_digest: Mapped[str] = mapped_column(String(64))
    counts: Mapped[dict[str, int]]
    applied_at: Mapped[datetime]
    applied_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
