"""Whose mailbox a mail goes to: the account's, its office's, or one that is only to be confirmed."""

from dataclasses import dataclass

from app.addresses import address_key
from app.database import session
from app.mail.occasions import change_of
from app.models import AddressChange, OfficialAddress, OutgoingMail
from app.queries import offices


@dataclass(frozen=True)
class Mailbox:
    """An address, and the form in which it is compared; `reader_id` is the office's account behind it, if any."""

    address: str
    key: str
    reader_id: str | None = None


def mailbox_of_account(mail: OutgoingMail) -> Mailbox:
    """The account's own mailbox."""
    return Mailbox(mail.account.email, mail.account.email_key)


def mailbox_of_reader(mail: OutgoingMail) -> Mailbox:
    """The account's own mailbox, or that of the office to which the sponsor has offers, news and reminders go."""
    reader = offices.reader_of(mail)
    office_id = None if reader.id == mail.account_id else reader.id
    return Mailbox(reader.email, reader.email_key, office_id)


def official_mailbox(mail: OutgoingMail) -> Mailbox:
    """The official mailbox that a member of a parliament wants to prove.

    Their own where they no longer do: then the mail does not go (`why_not`).
    """
    named = session().get(OfficialAddress, change_of(mail.occasion))
    if named is None or named.address is None:
        return mailbox_of_account(mail)
    return Mailbox(named.address, address_key(named.address))


def new_mailbox(mail: OutgoingMail) -> Mailbox:
    """The mailbox that is to become the account's."""
    change = change_behind(mail)
    return Mailbox(change.new_email, change.new_email_key)


def old_mailbox(mail: OutgoingMail) -> Mailbox:
    """The mailbox that was the account's before."""
    change = change_behind(mail)
    return Mailbox(change.old_email, address_key(change.old_email))


def change_behind(mail: OutgoingMail) -> AddressChange:
    """The change of address that the mail is about. Raises LookupError where it was purged."""
    change = session().get(AddressChange, change_of(mail.occasion))
    if change is None:
        raise LookupError("the change of address is gone")
    return change
