"""To a sponsor who was turned away. The reason is for coordinators' eyes and stays out of it."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import mails
from app.vocabulary import VettingState


def why_not(mail: OutgoingMail) -> str | None:
    """Only while that is still the decision, and the address is confirmed."""
    return mails.why_not_vetting(mail.account, VettingState.REJECTED)


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home."""
    return letter(Message.SPONSOR_REJECTED, to=draft.mail.account, link=page("/home"))
