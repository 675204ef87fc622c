"""To a sponsor who heard of an offer that no longer holds. Why that is, nobody is told."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import DetentionStatus, MatchState


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the offer is withdrawn."""
    return events.why_not_notice(mail, states={MatchState.WITHDRAWN}, status=frozenset(DetentionStatus))


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, where the news stands."""
    return letter(Message.OFFER_WITHDRAWN, to=draft.mail.account, address=draft.address, link=page("/home"))
