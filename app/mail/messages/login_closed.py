"""To somebody whose log-in staff closed: the last mail that goes to them."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(mail: OutgoingMail) -> str | None:
    """Only while it is closed, and to an address that is theirs."""
    if mail.account.disabled_at is None:
        return "opened_again"
    return None if mail.account.email_confirmed_at else "address_unconfirmed"


def render(draft: Draft) -> Rendered:
    """Leads to the front page, since nothing else opens to them."""
    return letter(Message.LOGIN_CLOSED, to=draft.mail.account, link=page("/"))
