"""Trouble with our own mail server, told by each worker to all."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ServerTrouble(Base):
    """One row while the trouble lasts; none when all is well. Until `paused_until` no mail is tried."""

    __tablename__ = "server_trouble"
    __table_args__ = (
        CheckConstraint("id = 1", name="single_row"),
        CheckConstraint("losses >= 0", name="losses_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(80), doc="one of `app.mail.outcomes.Trouble`")
    losses: Mapped[int] = mapped_column(doc="mails in a row of which the server never said whether it took them")
    paused_until: Mapped[datetime | None]
