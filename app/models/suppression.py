"""Mailboxes that get nothing more, whoever has them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Id
from app.vocabulary import SuppressionReason


class SuppressedAddress(Base):
    """One address that refused or returned our mail for good.

    Of the address only a keyed digest stands here: it is kept when the account is erased, holds for whoever signs up
    with the address next, and tells nothing to whoever has not got the site's secret.
    """

    __tablename__ = "suppressed_address"
    __table_args__ = (UniqueConstraint("address_digest"),)

    id: Mapped[Id]
    address_digest: Mapped[str] = mapped_column(String(64), doc="`app.queries.suppressions.digest`")
    reason: Mapped[SuppressionReason]
    suppressed_at: Mapped[datetime]
    mail_id: Mapped[str | None] = mapped_column(
        ForeignKey("outgoing_mail.id", ondelete="SET NULL"), doc="the mail that did not arrive; empty once erased"
    )
