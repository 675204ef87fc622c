"""Suppressing an address: what a mailbox refused or returned for good is not tried with it again."""

from sqlalchemy import select

from app.clock import now
from app.database import inserting, session
from app.models import OutgoingMail, SuppressedAddress, new_id
from app.queries.suppressions import digest
from app.vocabulary import SuppressionReason


def suppress(key: str, reason: SuppressionReason, *, mail_id: str | None = None) -> bool:
    """Let nothing more go to the address with this key (`Account.email_key`), whichever account has it.

    `mail_id` is the mail that did not arrive, if any. False where the address is suppressed already: the first reason
    stays.
    Belongs inside `with transaction():`.
    """
    adding = (
        inserting(SuppressedAddress)
        .values(
            id=new_id(),
            address_digest=digest(key),
            reason=reason,
            suppressed_at=now(),
            # The mail may have been erased with its account while it was handed over.
            mail_id=select(OutgoingMail.id).where(OutgoingMail.id == mail_id).scalar_subquery(),
        )
        .on_conflict_do_nothing(index_elements=["address_digest"])
        .returning(SuppressedAddress.id)
    )
    return session().scalar(adding) is not None
