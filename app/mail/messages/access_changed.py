"""To somebody whose log-in opens something else from now on. What, stands behind the log-in only (M7)."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(mail: OutgoingMail) -> str | None:
    """Only to an address that is theirs."""
    return None if mail.account.email_confirmed_at else "address_unconfirmed"


def render(draft: Draft) -> Rendered:
    """Leads to the log-in: the address of another page would say what the account may do."""
    return letter(Message.ACCESS_CHANGED, to=draft.mail.account, link=page("/login"))
