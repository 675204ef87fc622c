"""To a sponsor whose match a death ended: sober, and the last mail about this match."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import DetentionStatus


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the death stands in the record."""
    return events.why_not_notice(mail, states=events.ENDED, status={DetentionStatus.DIED_IN_CUSTODY})


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, where the news stands."""
    return letter(Message.CONDOLENCE, to=draft.mail.account, address=draft.address, link=page("/home"))
