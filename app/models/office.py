"""Offices: a second log-in on a sponsor, which does in their name what they may do (docs/glossary.md)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Id
from app.models.sealed import Sealed, SealedText
from app.models.sponsor import Sponsor

_GETS_MAILS = text("gets_mails")


class Office(Base):
    """One log-in that acts for a sponsor; until `joined_at` it is an invitation.

    An account is an office's, a sponsor's or a member of staff's, and never two of these: triggers guard it. `invited`
    is the address that the sponsor typed, kept until somebody follows the link. `account_id` is None where that address
    had an account already: nobody will ever join, and the sponsor sees no difference (A2).
    """

    __tablename__ = "office"
    __table_args__ = (
        Index(None, "sponsor_id"),
        Index(
            "uq_office_gets_mails",
            "sponsor_id",
            unique=True,
            sqlite_where=_GETS_MAILS,
            postgresql_where=_GETS_MAILS,
        ),
    )

    id: Mapped[Id]
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsor.id", ondelete="CASCADE"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    invited_sealed: Mapped[SealedText | None]
    invited_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]
    gets_mails: Mapped[bool] = mapped_column(default=False, doc="in the sponsor's place; no more than one office does")

    invited = Sealed[str | None]()

    sponsor: Mapped[Sponsor] = relationship()
    account: Mapped[Account | None] = relationship()
