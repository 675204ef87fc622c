"""The seal keys that this database was written with."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.sealed import Sealed, SealedText


class SealKey(Base):
    """One key by its id, and a text sealed with it, which tells a wrong key from the right one at the start (P2)."""

    __tablename__ = "seal_key"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    proof_sealed: Mapped[SealedText]
    begun_at: Mapped[datetime]

    proof = Sealed[str]()
