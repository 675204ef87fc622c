"""To somebody who forgot their password: a link with which they set a new one (A7)."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(_mail: OutgoingMail) -> str | None:
    """Whoever has an account may have its password back."""
    return None


def render(draft: Draft) -> Rendered:
    """The link opens a page with a form; fetching it changes nothing (M10)."""
    return letter(Message.RESET_PASSWORD, to=draft.mail.account, link=page(f"/reset/{draft.token}"))
