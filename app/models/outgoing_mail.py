"""The outbox: one row for one mail to one person. The table is the truth; jobs only wake its reader.

No address, no token and no text stands here: the row holds the reason for the mail, and delivery reads the recipient
and renders the text at the moment of sending.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.account import Account
from app.models.base import Base, Id
from app.reminder_words import ReminderAnswer, ReminderKind
from app.vocabulary import OutgoingState


class OutgoingMail(Base):
    """One outgoing mail and its state (`app.transitions.MAIL_MOVES`). `occasion` is unique: one mail each, ever."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index(None, "state", "due_at"),
        Index(None, "match_id"),
        Index(None, "account_id", "created_at"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease_while_sending"),
        CheckConstraint("state != 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint("state NOT IN ('failed', 'suppressed') OR reason IS NOT NULL", name="end_has_reason"),
    )

    id: Mapped[Id]
    message: Mapped[str] = mapped_column(String(40), doc="which function of mail.messages renders it")
    occasion: Mapped[str] = mapped_column(String(160), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    reader_id: Mapped[str | None] = mapped_column(
        String(16), doc="the office's account that it went to in the sponsor's place; no key: that may be gone"
    )
    match_id: Mapped[str | None] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    state: Mapped[OutgoingState]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(doc="not sent before; moves on with every retry")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(String(80), doc="why it failed, waits or was suppressed")

    account: Mapped[Account] = relationship()


class Reminder(Base):
    """One occasion, and the mail that it goes in: all of one sponsor's that fall on a morning share one.

    The key says the occasion once, ever. `left_out`: why it did not go when its mail did.
    """

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "mail_id"), Index(None, "match_id"))

    occasion: Mapped[str] = mapped_column(String(160), primary_key=True)
    kind: Mapped[ReminderKind]
    mail_id: Mapped[str] = mapped_column(ForeignKey("outgoing_mail.id", ondelete="CASCADE"))
    match_id: Mapped[str | None] = mapped_column(ForeignKey("match.id", ondelete="CASCADE"))
    left_out: Mapped[str | None] = mapped_column(String(80))


class MailAnswer(Base):
    """What the recipient of one reminder said to it by one of its links: each link acts once, and its row says so."""

    __tablename__ = "mail_answer"

    mail_id: Mapped[str] = mapped_column(ForeignKey("outgoing_mail.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[ReminderAnswer] = mapped_column(primary_key=True)
    answered_at: Mapped[datetime]
