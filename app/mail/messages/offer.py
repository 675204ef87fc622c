"""To a sponsor: we found somebody. Who it is stands behind the log-in only."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import mails


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the offer stands and both may be paired: nobody is offered who was released or died (M3)."""
    return mails.why_not_offer(mail.match_id)


def render(draft: Draft) -> Rendered:
    """Leads to the match; from a mailbox in a state's reach only to the sponsor's home."""
    return letter(
        Message.OFFER,
        to=draft.mail.account,
        address=draft.address,
        link=page(f"/matches/{draft.mail.match_id}"),
        discreet_link=page("/home"),
    )
