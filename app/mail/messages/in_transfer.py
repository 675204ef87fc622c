"""To a sponsor whose prisoner was moved to a place that nobody knows yet: mail stays behind, so wait."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import DetentionStatus


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the match goes on and the prisoner is on the way."""
    return events.why_not_notice(mail, states=events.GOES_ON, status={DetentionStatus.IN_TRANSFER})


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, where the news stands."""
    return letter(Message.IN_TRANSFER, to=draft.mail.account, address=draft.address, link=page("/home"))
