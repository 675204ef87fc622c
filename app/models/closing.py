"""Log-ins that staff closed: when, by whom and why."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.sealed import Sealed, SealedText


class AccountClosing(Base):
    """Why staff closed an account. The row goes when it is opened again; whoever left by themselves has none."""

    __tablename__ = "account_closing"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    closed_at: Mapped[datetime]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    reason_sealed: Mapped[SealedText]

    reason = Sealed[str]()
