"""What all reminders share: who must not get one now, the morning they wait for, where they lead, and their choices."""

from datetime import datetime

from app.clock import now
from app.mail.messages.rendering import Choices, Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import mailed_links, reminders
from app.reminders import answers_to
from app.vocabulary import ReminderKind


def why_not(mail: OutgoingMail) -> str | None:
    """Only while its occasion stands, is not stale, and nothing holds it back (M3, M4, M9)."""
    return reminders.why_not_send(mail, now())


def not_before(mail: OutgoingMail, moment: datetime) -> datetime:
    """Only in its reader's own morning (M5)."""
    return reminders.not_before(mail, moment)


def render(message: Message, draft: Draft) -> Rendered:
    """Leads to the match; from a mailbox in a state's reach only to the sponsor's home.

    Its other links act without a log-in: each opens a page with a button (M6, M10).
    """
    mail, kind = draft.mail, ReminderKind(message)
    return letter(
        message,
        to=mail.account,
        link=page(f"/matches/{mail.match_id}"),
        discreet_link=page("/home"),
        choices=Choices(
            answers=answers_to(kind),
            answer_link=page(f"/reminders/{mailed_links.answer_token(mail)}"),
            unsubscribe_link=page(f"/unsubscribe/{mailed_links.unsubscribe_token(mail.account_id, kind)}"),
        ),
    )
