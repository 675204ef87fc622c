"""To a sponsor whose match a coordinator ended: thanks, and nothing to do. Why it ended, nobody is told."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the match is over and the prisoner is held: a release or a death is told of otherwise (M3)."""
    return events.why_not_notice(mail, states=events.ENDED, status=events.HELD)


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, which says where things stand."""
    return letter(Message.MATCH_ENDED, to=draft.mail.account, address=draft.address, link=page("/home"))
