"""To an administrator: something wants to be looked at. What it is stands behind the log-in only (M8)."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.vocabulary import StaffRole


def why_not(mail: OutgoingMail) -> str | None:
    """Only while they are an administrator, at an address that is theirs."""
    if StaffRole.ADMINISTRATOR not in mail.account.staff_roles:
        return "no_administrator"
    return None if mail.account.email_confirmed_at else "address_unconfirmed"


def render(draft: Draft) -> Rendered:
    """Leads to the log-in: the address of another page would say that the mailbox is an administrator's."""
    return letter(Message.ALERT, to=draft.mail.account, link=page("/login"))
