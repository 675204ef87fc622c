"""A change of somebody's address: asked for in the log-in, done once the new mailbox has confirmed it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Id


class AddressChange(Base):
    """From which address to which. The newest of an account counts; kept until its mails have gone, then purged."""

    __tablename__ = "address_change"
    __table_args__ = (Index(None, "account_id", "asked_at"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    new_email_key: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
