"""To the owner of an address that somebody signed up with again (A2). Nothing that was typed stands in it (B2)."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(_mail: OutgoingMail) -> str | None:
    """Whoever has an account may know that they have one."""
    return None


def render(draft: Draft) -> Rendered:
    """Leads to the log-in."""
    return letter(Message.ALREADY_REGISTERED, to=draft.mail.account, link=page("/login"))
