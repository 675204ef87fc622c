"""What a try leaves behind, and how long until the next (M2)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.mail.claims import LEASE
from app.mail.outcomes import (
    LONGEST_DELAY,
    LONGEST_OUTAGE_DELAY,
    MOST_ATTEMPTS,
    MOST_OUTAGE_ATTEMPTS,
    Outcome,
    Result,
    next_step,
    retry_delay,
)
from app.transitions import MAIL_MOVES
from app.vocabulary import OutgoingState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_delays_double_from_a_minute_and_stop_growing_at_four_hours() -> None:
    minutes = [retry_delay(attempts) / timedelta(minutes=1) for attempts in range(1, 12)]

    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
    assert retry_delay(10_000) == LONGEST_DELAY


def test_all_delays_together_outlast_a_weekend_and_end_within_a_week() -> None:
    together = sum((retry_delay(attempts) for attempts in range(1, MOST_ATTEMPTS)), timedelta())

    assert timedelta(days=3) < together < timedelta(days=7)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_leads_where_a_mail_being_sent_may_go(outcome: Outcome) -> None:
    for attempts in (1, MOST_ATTEMPTS, MOST_ATTEMPTS + 1):
        step = next_step(Result(outcome, "why", until=NOON), attempts=attempts, moment=NOON)

        assert step.state in MAIL_MOVES[OutgoingState.SENDING]
        assert (step.due_at is not None) == (step.state is OutgoingState.WAITING)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.DELIVERED, OutgoingState.SENT),
        (Outcome.NOT_ELIGIBLE, OutgoingState.SUPPRESSED),
        (Outcome.REFUSED_FOR_GOOD, OutgoingState.FAILED),
        (Outcome.UNSENDABLE, OutgoingState.FAILED),
        (Outcome.UNKNOWN, OutgoingState.IN_DOUBT),
        (Outcome.REFUSED_FOR_NOW, OutgoingState.WAITING),
    ],
)
def test_an_outcome_ends_a_mail_or_lets_it_wait(outcome: Outcome, state: OutgoingState) -> None:
    step = next_step(Result(outcome, "why"), attempts=3, moment=NOON)

    assert (step.state, step.attempts, step.reason) == (state, 3, "why")


def test_a_mail_refused_for_now_is_given_up_after_its_last_attempt() -> None:
    last = next_step(Result(Outcome.REFUSED_FOR_NOW, "smtp_451"), attempts=MOST_ATTEMPTS, moment=NOON)

    assert (last.state, last.reason) == (OutgoingState.FAILED, "gave_up")


def test_a_refused_login_burns_no_attempt() -> None:
    step = next_step(Result(Outcome.LOGIN_REFUSED), attempts=4, moment=NOON)

    assert (step.state, step.attempts) == (OutgoingState.WAITING, 3)


def test_an_outage_waits_longer_each_time_up_to_a_quarter_of_an_hour_and_never_ends_a_mail() -> None:
    attempts, delays = 0, []
    for _round in range(1000):
        step = next_step(Result(Outcome.UNREACHABLE), attempts=attempts + 1, moment=NOON)
        attempts = step.attempts
        assert step.due_at is not None
        delays.append((step.due_at - NOON) / timedelta(minutes=1))

    assert delays[:6] == [1, 2, 4, 8, 15, 15]
    assert delays[-1] == LONGEST_OUTAGE_DELAY / timedelta(minutes=1)
    assert attempts == MOST_OUTAGE_ATTEMPTS


def test_a_reason_never_outgrows_its_column() -> None:
    step = next_step(Result(Outcome.UNSENDABLE, "x" * 500), attempts=1, moment=NOON)

    assert step.reason is not None
    assert len(step.reason) == 80


def test_a_lease_outlasts_a_hand_over_whose_every_answer_comes_late() -> None:
    answers = len(["banner", "ehlo", "starttls", "ehlo", "auth", "auth", "mail", "rcpt", "data", "content", "rset"])

    assert timedelta(seconds=10) * answers < LEASE


def test_a_mail_that_may_not_go_yet_waits_until_it_may_and_burns_no_attempt() -> None:
    """M5: what fell behind waits for its reader's next morning."""
    tomorrow = NOON + timedelta(hours=20)

    step = next_step(Result(Outcome.NOT_YET, "why", until=tomorrow), attempts=3, moment=NOON)

    assert (step.state, step.attempts, step.due_at) == (OutgoingState.WAITING, 2, tomorrow)
