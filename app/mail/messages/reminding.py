"""All reminders: who must not get one now, the morning they wait for, where they lead, and their choices.

A mail holds one reminder, in the words of its kind, or several of one morning with a line for each. Of what it was
queued with only that goes which still holds, down to a single one; of nothing, nothing goes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update

from app.clock import now
from app.database import session
from app.mail.messages.rendering import ANSWERS_PLACE, UNSUBSCRIBE_PLACE, Choices, Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail, Reminder
from app.queries import mailed_links, reminder_mails
from app.queries.reminder_mails import Part
from app.reminder_words import ReminderKind
from app.reminders import ABOUT_SPONSOR, answers_to

HOME = "/home"
SETTINGS = "/home/settings"

_LEADS_TO: Mapping[ReminderKind, str] = {
    ReminderKind.LONG_QUIET: SETTINGS,
    ReminderKind.MANDATE_ENDING: HOME,
    ReminderKind.RE_CONSENT: SETTINGS,
}
"""Where a reminder about the sponsor leads; one about a match leads to that."""


@dataclass(frozen=True)
class Gathered(Choices):
    """The choices of a mail, and what it reminds of: each kind once, and whether of more than one person."""

    reminders: tuple[tuple[ReminderKind, bool], ...] = ()

    @property
    def places(self) -> "Gathered":
        return replace(self, answer_link=ANSWERS_PLACE, unsubscribe_link=UNSUBSCRIBE_PLACE)


def why_not(mail: OutgoingMail) -> str | None:
    """Only while one of its occasions stands, is not stale, and nothing holds it back (M3, M4, M9)."""
    return reminder_mails.why_not_send(mail, now())


def not_before(mail: OutgoingMail, moment: datetime) -> datetime:
    """Only in its reader's own morning (M5), and one such mail a day."""
    return reminder_mails.not_before(mail, moment)


def settle(mail: OutgoingMail) -> str | None:
    """Leave out what no longer holds, for good; gives the reason where that is everything, and then leaves it as it is.

    Belongs inside `with transaction():`, right before the mail is written.
    """
    reasons = reminder_mails.reasons(mail, now())
    if all(reason is not None for reason in reasons.values()):
        return next(iter(reasons.values()), reminder_mails.NOTHING_LEFT)
    for occasion, reason in reasons.items():
        if reason is not None:
            session().execute(update(Reminder).where(Reminder.occasion == occasion).values(left_out=reason))
    return None


def render(draft: Draft) -> Rendered:
    """Leads to the match, or where a sponsor chooses for themselves; from a mailbox in a state's reach only home.

    Its other links act without a log-in: each opens a page with a button (M6, M10).
    """
    mail, parts = draft.mail, reminder_mails.parts(draft.mail)
    kinds = [part.kind for part in parts]
    alone = len(parts) == 1
    ending = mailed_links.unsubscribe_token(mail.account_id, *kinds)
    return letter(
        Message(kinds[0]) if alone else Message.SEVERAL_REMINDERS,
        to=mail.account,
        address=draft.address,
        link=page(_path(parts)),
        discreet_link=page(HOME),
        choices=Gathered(
            answers=answers_to(kinds),
            answer_link=page(f"/reminders/{mailed_links.answer_token(mail)}"),
            unsubscribe_link=page(f"/unsubscribe/{ending}"),
            reminders=tuple((kind, times > 1) for kind, times in sorted(Counter(kinds).items(), key=_in_order)),
        ),
    )


def _in_order(counted: tuple[ReminderKind, int]) -> int:
    return list(ReminderKind).index(counted[0])


def _path(parts: Sequence[Part]) -> str:
    """Where the button leads: to what all of them are about, else home."""
    paths = {_LEADS_TO[part.kind] if part.kind in ABOUT_SPONSOR else f"/matches/{part.match_id}" for part in parts}
    return paths.pop() if len(paths) == 1 else HOME
