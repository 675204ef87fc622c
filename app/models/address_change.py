"""A change of somebody's address: asked for in the log-in, done once the new mailbox has confirmed it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Id
from app.models.sealed import BY_ADDRESS, EmailIndex, Sealed, SealedText


class AddressChange(Base):
    """From which address to which. The newest of an account counts; kept until its mails have gone, then purged."""

    __tablename__ = "address_change"
    __table_args__ = (Index(None, "account_id", "asked_at"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    old_email_sealed: Mapped[SealedText]
    new_email_sealed: Mapped[SealedText]
    new_email_index: Mapped[EmailIndex]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    old_email = Sealed[str]()
    new_email = Sealed[str](index=BY_ADDRESS)

    account: Mapped[Account] = relationship()
