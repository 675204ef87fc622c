"""Links in reminders that act without a log-in: made when a mail is written, known again when somebody opens them.

Nothing of them is stored and nothing stands in them but a random id and a signature. Only its signature says what a
link is for, so that whoever reads a mailbox learns nothing more from it (M6, M10).
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, combinations

from app.clock import now
from app.database import session
from app.keys import KeyPurpose, signature
from app.models import Account, MailAnswer, OutgoingMail
from app.models.base import ID_LENGTH
from app.queries import offices, reminder_mails
from app.queries.letters import today_in
from app.queries.reminder_mails import REMINDER_MESSAGES
from app.reminder_words import ReminderAnswer, ReminderKind
from app.reminders import CAN_WAIT, Occasion, answers_to
from app.settings import current_settings
from app.vocabulary import GONE_OR_GOING

LIFETIME = timedelta(days=30)
"""For so long a reminder can be answered. Its reader may unsubscribe for ever."""


NOBODYS = ""
"""Stands for the address of whoever is gone: no link was ever made for it."""


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """Who no longer wants which kinds of reminder; the account may be gone."""

    account_id: str
    kinds: tuple[ReminderKind, ...]


def unsubscribe_token(account_id: str, *kinds: ReminderKind) -> str:
    """What stands in the link that ends reminders of these kinds to the account.

    It says nothing of the mail, so that it holds for ever: the mail's row is deleted some day (`app.retention`).
    """
    return account_id + _signed(KeyPurpose.UNSUBSCRIBE, account_id, ",".join(sorted(set(kinds))))


def unsubscribing(token: str) -> Unsubscribing | None:
    """What the token is for; None for one that we did not make. It holds for whoever was erased too (M6).

    Its kinds are found by trying: the few hundred choices there are take some milliseconds.
    """
    named = token[:ID_LENGTH]
    for kinds in chain.from_iterable(combinations(ReminderKind, size + 1) for size in range(len(ReminderKind))):
        if _is_same(token, unsubscribe_token(named, *kinds)):
            return Unsubscribing(named, kinds)
    return None


def answer_token(mail: OutgoingMail) -> str:
    """What stands in the links that answer the reminder: good only while whoever it went to has that address, and an
    office only while it acts for the sponsor."""
    reader = offices.reader_then(mail)
    return mail.id + _signed(KeyPurpose.REMINDER_ANSWER, mail.id, reader.email_key if reader else NOBODYS)


def answerable(token: str, answer: ReminderAnswer) -> OutgoingMail | None:
    """The reminder that the token answers; None for a link that may not act (any more).

    That is one that we did not make, that is too old or has acted, whose recipient has another address or whose
    account is closed, or that offers no such answer.
    """
    mail = session().get(OutgoingMail, token[:ID_LENGTH])
    if mail is None or mail.message not in REMINDER_MESSAGES or offices.reader_then(mail) is None:
        return None
    if not _is_same(token, answer_token(mail)):
        return None
    if mail.state not in GONE_OR_GOING or _has_closed(mail.account) or _is_old(mail):
        return None
    if answer not in answers_to([part.kind for part in reminder_mails.parts(mail)]):
        return None
    return None if session().get(MailAnswer, (mail.id, answer)) else mail


def put_off(mail: OutgoingMail) -> list[Occasion]:
    """What the mail reminds of and can wait, put off from the day it is where its reader lives; not what that is too
    late for."""
    today = today_in(mail.account.time_zone)
    occasions = [Occasion.parse(part.occasion) for part in reminder_mails.parts(mail) if part.kind in CAN_WAIT]
    later = (occasion.put_off(today) for occasion in occasions)
    return [occasion for occasion in later if occasion is not None]


def _has_closed(account: Account) -> bool:
    return account.disabled_at is not None or account.email_confirmed_at is None


def _is_old(mail: OutgoingMail) -> bool:
    return now() >= (mail.sent_at or mail.due_at) + LIFETIME


def _signed(purpose: KeyPurpose, *parts: str) -> str:
    return signature(current_settings().secret_key, purpose, *parts)


def _is_same(token: str, ours: str) -> bool:
    return hmac.compare_digest(token.encode(), ours.encode())
