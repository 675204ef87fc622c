"""To whom a sponsor invites to act for them: a link. By whom they are invited does not stand in it."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import offices


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the invitation waits and has not lapsed."""
    return None if offices.invitation_of(mail.account_id) is not None else "overtaken"


def render(draft: Draft) -> Rendered:
    """The link opens a page with a form; fetching it changes nothing (M10)."""
    return letter(Message.OFFICE_INVITED, to=draft.mail.account, link=page(f"/office/{draft.token}"))
