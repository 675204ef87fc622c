"""Whose mailbox a mail goes to: the account's, its office's, or one that is only to be confirmed."""

from dataclasses import dataclass

from app.database import session
from app.mail.occasions import change_of
from app.models import AddressChange, OfficialAddress, OutgoingMail
from app.queries import offices


@dataclass(frozen=True)
class Mailbox:
    """An address as it is kept: normalised; `reader_id` is the office's account behind it, if any."""

    address: str
    reader_id: str | None = None

    @property
    def key(self) -> str:
        """The form in which it is compared (`app.addresses.address_key`)."""
        return self.address.lower()


def mailbox_of_account(mail: OutgoingMail) -> Mailbox:
    """The account's own mailbox."""
    return Mailbox(mail.account.email)


def mailbox_of_reader(mail: OutgoingMail) -> Mailbox:
    """The account's own mailbox, or that of the office to which the sponsor has offers, news and reminders go."""
    reader = offices.reader_of(mail)
    office_id = None if reader.id == mail.account_id else reader.id
    return Mailbox(reader.email, office_id)


def official_mailbox(mail: OutgoingMail) -> Mailbox:
    """The official mailbox that a member of a parliament wants to prove.

    Their own where they no longer do: then the mail does not go (`why_not`).
    """
    named = session().get(OfficialAddress, change_of(mail.occasion))
    if named is None or named.address is None:
        return mailbox_of_account(mail)
    return Mailbox(named.address)


def new_mailbox(mail: OutgoingMail) -> Mailbox:
    """The mailbox that is to become the account's."""
    return Mailbox(change_behind(mail).new_email)


def old_mailbox(mail: OutgoingMail) -> Mailbox:
    """The mailbox that was the account's before."""
    return Mailbox(change_behind(mail).old_email)


def change_behind(mail: OutgoingMail) -> AddressChange:
    """The change of address that the mail is about. Raises LookupError where it was purged."""
    change = session().get(AddressChange, change_of(mail.occasion))
    if change is None:
        raise LookupError("the change of address is gone")
    return change
