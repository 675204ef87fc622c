"""To a sponsor: somebody whom they invited can act for them from now on."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(_mail: OutgoingMail) -> str | None:
    """Whoever has a log-in must learn who else acts in their name."""
    return None


def render(draft: Draft) -> Rendered:
    """Leads to where they see who acts for them, and remove it; from a mailbox in a state's reach only home."""
    account = draft.mail.account
    return letter(Message.OFFICE_JOINED, to=account, link=page("/home/office"), discreet_link=page("/home"))
