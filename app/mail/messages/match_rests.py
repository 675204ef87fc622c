"""To a sponsor whose match a coordinator lets rest: nothing to do for now. Why it rests, nobody is told."""

from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import events
from app.vocabulary import MatchState


def why_not(mail: OutgoingMail) -> str | None:
    """Only while the match rests and the prisoner is held."""
    return events.why_not_notice(mail, states={MatchState.PAUSED}, status=events.HELD)


def render(draft: Draft) -> Rendered:
    """Leads to the sponsor's home, which says that somebody rests."""
    return letter(Message.MATCH_RESTS, to=draft.mail.account, address=draft.address, link=page("/home"))
