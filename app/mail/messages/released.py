"""To a sponsor whose match a release ended: thanks. Who it is about stands behind the log-in only."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import DetentionStatus


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the match is over because of it, and the prisoner is free."""
    return events.why_not_notice(mail, states=events.ENDED, status={DetentionStatus.RELEASED})


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, where the news stands."""
    return letter(Message.RELEASED, to=draft.mail.account, address=draft.address, link=page("/home"))
