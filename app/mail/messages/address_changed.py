"""To the address that an account had before: it has another one now."""

from app.mail.mailboxes import old_mailbox
from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail


def why_not(_mail: OutgoingMail) -> str | None:
    """Whoever lost an address to somebody else must learn of it."""
    return None


def render(draft: Draft) -> Rendered:
    """The new address does not stand in it."""
    account = draft.mail.account
    return letter(Message.ADDRESS_CHANGED, to=account, address=old_mailbox(draft.mail).address, link=page("/login"))
