"""To a sponsor whose prisoner was moved to a place that is known: the address has changed."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import DetentionStatus


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the match goes on and the place is known."""
    return events.why_not_notice(mail, states=events.GOES_ON, status=events.HELD - {DetentionStatus.IN_TRANSFER})


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, where the news stands."""
    return letter(Message.MOVED, to=draft.mail.account, address=draft.address, link=page("/home"))
