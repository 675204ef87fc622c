"""Whose mailbox a mail goes to: the account's, but for the mails about a change of address."""

from dataclasses import dataclass

from app.addresses import address_key
from app.database import session
from app.mail.occasions import change_of
from app.models import AddressChange, OutgoingMail


@dataclass(frozen=True)
class Mailbox:
    """An address, and the form in which it is compared."""

    address: str
    key: str


def mailbox_of_account(mail: OutgoingMail) -> Mailbox:
    """The account's own mailbox."""
    return Mailbox(mail.account.email, mail.account.email_key)


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
