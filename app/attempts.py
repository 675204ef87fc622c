"""How often things may be tried. Pure: the numbers, and how a waiting time grows."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LONGEST_WAIT = timedelta(minutes=15)
"""Somebody who guesses on purpose must not lock the owner out for longer."""

FIRST_WAIT = timedelta(seconds=30)


class Attempt(StrEnum):
    """What is counted; the value takes part in the stored key."""

    LOG_IN_OF_ACCOUNT = "log_in_of_account"
    LOG_IN_FROM_NETWORK = "log_in_from_network"
    CODE = "code"
    PASSWORD_AGAIN = "password_again"  # noqa: S105  # a name, not a password
    MAIL_TO_MAILBOX = "mail_to_mailbox"
    COPY_OF_DATA = "copy_of_data"


@dataclass(frozen=True)
class Allowance:
    """`free` attempts cost nothing; from then on each wait is twice the one before. Forgotten after `memory`."""

    free: int
    memory: timedelta

    def wait_after(self, count: int) -> timedelta | None:
        """How long nothing is tried after the attempt with this number; None where the next may follow at once."""
        if count < self.free:
            return None
        doubled: int = 2 ** min(count - self.free, 10)
        return min(FIRST_WAIT * doubled, LONGEST_WAIT)


ALLOWANCES = {
    Attempt.LOG_IN_OF_ACCOUNT: Allowance(free=5, memory=timedelta(hours=24)),
    # Many people may sit behind one address: an office, a mobile network, an anonymising one.
    Attempt.LOG_IN_FROM_NETWORK: Allowance(free=30, memory=timedelta(hours=1)),
    Attempt.CODE: Allowance(free=5, memory=timedelta(hours=24)),
    Attempt.PASSWORD_AGAIN: Allowance(free=5, memory=timedelta(hours=24)),
}

MAILS_TO_MAILBOX = 6
MAILBOX_MEMORY = timedelta(hours=24)
"""Mails that strangers can cause, to one mailbox in a day (B2)."""

COPIES_OF_DATA = 5
COPIES_MEMORY = timedelta(hours=24)
"""Copies of what we hold of somebody, for themselves, in a day: each reads a whole person."""
