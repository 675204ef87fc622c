"""To a sponsor whose match goes on, since the prisoner is held again."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the match goes on and the prisoner is held."""
    return events.why_not_notice(mail, states=events.GOES_ON, status=events.HELD)


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, where the news stands."""
    return letter(Message.RETURNED, to=draft.mail.account, address=draft.address, link=page("/home"))
