"""To the owner of an account: the password of their log-in was changed."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(_mail: OutgoingMail) -> str | None:
    """Whoever has an account must learn what happens to their log-in."""
    return None


def render(draft: Draft) -> Rendered:
    """Leads to where a password is set anew, for whoever did not do it themselves."""
    return letter(Message.PASSWORD_CHANGED, to=draft.mail.account, link=page("/reset"))
