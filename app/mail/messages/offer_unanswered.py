"""To a sponsor who has not answered an offer: it still stands. Sent once and never again."""

from app.mail.messages import reminding
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outbox import Message


def render(draft: Draft) -> Rendered:
    """Leads to the match, where they can say yes or ask for somebody else."""
    return reminding.render(Message.OFFER_UNANSWERED, draft)
