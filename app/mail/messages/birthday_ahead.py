"""To a sponsor, early enough for the post: a date is coming that is worth a card.

Whose it is, and that it is a birthday, stands behind the log-in only.
"""

from app.mail.messages import reminding
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outbox import Message


def render(draft: Draft) -> Rendered:
    """Leads to the match, where the day and the address stand."""
    return reminding.render(Message.BIRTHDAY_AHEAD, draft)
