"""To somebody who signed up: a link that confirms the address is theirs."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the address is not confirmed."""
    return "already_confirmed" if mail.account.email_confirmed_at is not None else None


def render(draft: Draft) -> Rendered:
    """The link opens a page with a button; fetching it changes nothing (M10)."""
    return letter(Message.CONFIRM_ADDRESS, to=draft.mail.account, link=page(f"/confirm/{draft.token}"))
