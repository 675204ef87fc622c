"""The second factor of a log-in: the seed that an authenticator app shares, and the codes for whoever lost the app."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id
from app.models.sealed import Sealed, SealedText


class SecondFactor(Base):
    """An account's authenticator app. Until it is confirmed with a code it asks nobody for anything."""

    __tablename__ = "second_factor"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    seed_sealed: Mapped[SealedText]
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(
        doc="the 30-second step whose code was used last: none before it works"
    )

    seed = Sealed[str]()


class RecoveryCode(Base):
    """One recovery code: single use, kept as its SHA-256."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    id: Mapped[Id]
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
