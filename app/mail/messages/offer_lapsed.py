"""To a sponsor who never answered an offer: it has passed on. Once, kindly, and nothing is asked of them."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import MatchState


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the offer has lapsed, and about nobody who was released or died since (M3)."""
    return events.why_not_notice(mail, states={MatchState.LAPSED}, status=events.HELD)


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home."""
    return letter(Message.OFFER_LAPSED, to=draft.mail.account, address=draft.address, link=page("/home"))
