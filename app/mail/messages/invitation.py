"""To somebody who is to work here: a link with which they choose their password (A7)."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(mail: OutgoingMail) -> str | None:
    """Only while they have not come in."""
    return "already_confirmed" if mail.account.email_confirmed_at is not None else None


def render(draft: Draft) -> Rendered:
    """The link opens a page with a form; fetching it changes nothing (M10)."""
    return letter(Message.INVITATION, to=draft.mail.account, link=page(f"/invitation/{draft.token}"))
