"""Contacts of families, sealed, and who opened which of them (docs/domain.md, "Do no harm" 3)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.contact_words import ContactKind, OpeningReason
from app.models.account import Account
from app.models.base import ID_LENGTH, Base, Id, together
from app.models.sealed import Sealed, SealedText


class FamilyContact(Base):
    """A relative or lawyer of a prisoner, who agreed to be recorded. `version` counts changes: a stale edit is refused.

    Whoever helps from inside a detaining country stands in no table, and not in this one (docs/domain.md, "Do no
    harm" 2).
    """

    __tablename__ = "family_contact"
    __table_args__ = (together("changed_at_has_by", "changed_at", "changed_by"), Index(None, "prisoner_id"))

    id: Mapped[Id]
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"))
    kind: Mapped[ContactKind]
    name_sealed: Mapped[SealedText]
    name = Sealed[str]()
    language_sealed: Mapped[SealedText]
    language = Sealed[str]()
    reach_sealed: Mapped[SealedText] = mapped_column(doc="telephone, mail, messenger: one way on each line")
    reach = Sealed[str]()
    may_say_sealed: Mapped[SealedText] = mapped_column(doc="what they may be told, and what not")
    may_say = Sealed[str]()
    agreement_sealed: Mapped[SealedText] = mapped_column(doc="how they agreed that the programme holds this")
    agreement = Sealed[str]()
    agreed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    over_since: Mapped[datetime | None] = mapped_column(doc="when it was noticed that the prisoner is no longer held")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class ContactOpening(Base):
    """Somebody was shown a contact, for this reason. It outlives the contact."""

    __tablename__ = "contact_opening"
    __table_args__ = (Index(None, "opened_at"), Index(None, "account_id", "opened_at"), Index(None, "prisoner_id"))

    id: Mapped[Id]
    contact_id: Mapped[str] = mapped_column(String(ID_LENGTH), doc="no foreign key: the contact may be gone")
    prisoner_id: Mapped[str] = mapped_column(ForeignKey("prisoner.id", ondelete="CASCADE"))
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="RESTRICT"))
    opened_at: Mapped[datetime]
    reason: Mapped[OpeningReason]
    words_sealed: Mapped[SealedText] = mapped_column(doc="the reason in the coordinator's own words")
    words = Sealed[str]()

    account: Mapped[Account] = relationship()
