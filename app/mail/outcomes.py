"""What can come of trying to send a mail, and what its row becomes. No database, no network: values to values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.vocabulary import OutgoingState

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)
MOST_ATTEMPTS = 30
"""With the delays above: four days, which is how long a mail server is expected to try (RFC 5321, 4.5.4.1)."""

LONGEST_OUTAGE_DELAY = timedelta(minutes=15)
MOST_OUTAGE_ATTEMPTS = 5
"""An outage of our own server takes no more than these of a mail's attempts, so that no outage ends a mail."""

LOGIN_PAUSE = timedelta(minutes=5)

MOST_LOSSES = 3
"""So many mails in a row may end in doubt before the queue is paused; after the pause, one more each time."""

LONGEST_REASON = 80


class Outcome(StrEnum):
    """How one try ended."""

    DELIVERED = "delivered"
    NOT_ELIGIBLE = "not_eligible"
    NOT_YET = "not_yet"
    REFUSED_FOR_NOW = "refused_for_now"
    REFUSED_FOR_GOOD = "refused_for_good"
    UNREACHABLE = "unreachable"
    LOGIN_REFUSED = "login_refused"
    UNSENDABLE = "unsendable"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """What says nothing of the one mail: the whole queue is paused because of it."""

    SERVER_UNREACHABLE = "server_unreachable"
    TLS_FAILED = "tls_failed"
    LOGIN_REFUSED = "login_refused"
    BREAKS_OFF = "server_breaks_off"


class Refusal(StrEnum):
    """Reasons that a server gives for good, by what they are about."""

    RECIPIENT = "recipient_refused"
    POLICY = "policy_refused"
    CONTENT = "content_refused"


PAUSING = frozenset({Outcome.UNREACHABLE, Outcome.LOGIN_REFUSED})


@dataclass(frozen=True)
class Result:
    """One try's outcome, and a reason without anything personal in it. `until`: when it may go that may not go yet."""

    outcome: Outcome
    reason: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Step:
    """What a mail's row becomes after a try; `due_at` is None where it is not tried again."""

    state: OutgoingState
    attempts: int
    reason: str | None
    due_at: datetime | None = None


def retry_delay(attempts: int, *, longest: timedelta = LONGEST_DELAY) -> timedelta:
    """How long to wait after the `attempts`-th try: twice as long each time, up to `longest`."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_DELAY * (1 << doublings), longest)


def pause_after_losses(losses: int, *, moment: datetime) -> datetime | None:
    """Until when the queue is paused once so many mails in a row have ended in doubt; None while that may be chance."""
    return moment + retry_delay(losses) if losses >= MOST_LOSSES else None


_ENDS = {
    Outcome.DELIVERED: OutgoingState.SENT,
    Outcome.NOT_ELIGIBLE: OutgoingState.SUPPRESSED,
    Outcome.REFUSED_FOR_GOOD: OutgoingState.FAILED,
    Outcome.UNSENDABLE: OutgoingState.FAILED,
    # It may have been taken: sending it again could be the second time, so a person decides.
    Outcome.UNKNOWN: OutgoingState.IN_DOUBT,
}


def next_step(result: Result, *, attempts: int, moment: datetime) -> Step:
    """The row's next step after its `attempts`-th try ended in `result` at `moment`."""
    reason = result.reason[:LONGEST_REASON] if result.reason else None
    if result.outcome in _ENDS:
        return Step(_ENDS[result.outcome], attempts, reason)
    if result.outcome is Outcome.NOT_YET:
        return Step(OutgoingState.WAITING, attempts - 1, reason, result.until)
    if result.outcome is Outcome.LOGIN_REFUSED:
        return Step(OutgoingState.WAITING, attempts - 1, reason, moment + LOGIN_PAUSE)
    if result.outcome is Outcome.UNREACHABLE:
        kept = attempts if attempts <= MOST_OUTAGE_ATTEMPTS else attempts - 1
        delay = retry_delay(attempts, longest=LONGEST_OUTAGE_DELAY)
        return Step(OutgoingState.WAITING, kept, reason, moment + delay)
    if attempts >= MOST_ATTEMPTS:
        return Step(OutgoingState.FAILED, attempts, "gave_up")
    return Step(OutgoingState.WAITING, attempts, reason, moment + retry_delay(attempts))
