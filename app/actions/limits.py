"""Counting attempts, for all web processes together (docs/threats.md, A3 and B2). Kept keys are keyed hashes only.

An attempt is counted before it is made, so that fifty at the same moment are fifty attempts; what turns out to be the
owner's own is taken back.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select

from app.attempts import ALLOWANCES, COPIES_MEMORY, COPIES_OF_DATA, MAILBOX_MEMORY, MAILS_TO_MAILBOX, Attempt
from app.clock import now
from app.database import inserting, locked, session
from app.errors import TooManyAttempts
from app.keys import KeyPurpose, signature
from app.models import AttemptCount
from app.settings import current_settings

Tried = tuple[Attempt, str]
"""What is tried, and for whom: an address, a network, the id of an account."""


def begin(tried: Iterable[Tried]) -> None:
    """Count an attempt of each kind; nothing is counted when one of them has to wait.

    Raises TooManyAttempts with the seconds that are left. Whoever calls commits before the attempt itself is made.
    """
    counts = [(attempt, _locked_count(_key(attempt, about))) for attempt, about in tried]
    moment = now()
    waits = [found.waits_until for _, found in counts if found.waits_until and found.waits_until > moment]
    if waits:
        raise TooManyAttempts(-((moment - max(waits)) // timedelta(seconds=1)))
    for attempt, found in counts:
        allowance = ALLOWANCES[attempt]
        found.count = 1 if found.expires_at <= moment else found.count + 1
        found.expires_at = moment + allowance.memory
        wait = allowance.wait_after(found.count)
        found.waits_until = None if wait is None else moment + wait


def forget(attempt: Attempt, about: str) -> None:
    """Begin to count anew: it was the owner."""
    session().execute(delete(AttemptCount).where(AttemptCount.key == _key(attempt, about)))


def take_back(attempt: Attempt, about: str) -> None:
    """Take the last attempt back; those before it still count."""
    found = _locked_count(_key(attempt, about))
    found.count = max(0, found.count - 1)
    if ALLOWANCES[attempt].wait_after(found.count) is None:
        found.waits_until = None


def may_mail(mailbox: str) -> bool:
    """Count a mail that a stranger causes to this mailbox, and say whether it may go: so many in a day."""
    return _is_one_of(MAILS_TO_MAILBOX, Attempt.MAIL_TO_MAILBOX, mailbox, memory=MAILBOX_MEMORY)


def may_copy(account_id: str) -> bool:
    """Count a copy of somebody's data that they asked for, and say whether they may have it: so many in a day."""
    return _is_one_of(COPIES_OF_DATA, Attempt.COPY_OF_DATA, account_id, memory=COPIES_MEMORY)


def _is_one_of(most: int, attempt: Attempt, about: str, *, memory: timedelta) -> bool:
    found = _locked_count(_key(attempt, about))
    if found.expires_at <= now():
        found.count, found.expires_at = 0, now() + memory
    if found.count >= most:
        return False
    found.count += 1
    return True


def _key(attempt: Attempt, about: str) -> str:
    return signature(current_settings().secret_key, KeyPurpose.LIMIT, attempt, about.replace("\n", " "))


def _locked_count(key: str) -> AttemptCount:
    """The counter, locked; a fresh one where there is none, however many ask at the same moment."""
    fresh = inserting(AttemptCount).values(key=key, count=0, expires_at=now())
    session().execute(fresh.on_conflict_do_nothing(index_elements=["key"]))
    return session().scalars(locked(select(AttemptCount).where(AttemptCount.key == key))).one()
