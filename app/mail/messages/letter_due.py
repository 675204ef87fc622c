"""To a sponsor, in the rhythm they chose: it is time for a letter."""

from app.mail.messages import reminding
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outbox import Message


def render(draft: Draft) -> Rendered:
    """Leads to the match, where a letter begins and where one that was sent is noted."""
    return reminding.render(Message.LETTER_DUE, draft)
