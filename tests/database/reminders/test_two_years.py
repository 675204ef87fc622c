"""M2, M3, M4, M5, M8: two years of a programme; and that the judge of them would have noticed.

`VESTKA_SIMULATED_SPONSORS=500` plays them for the largest programme of today, which takes some minutes, and
`VESTKA_SIMULATION_SEED` plays other years.
"""

import os
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count
from random import Random

import pytest
from flask import Flask
from sqlalchemy import delete, false, select, update

from app.actions import bounces
from app.database import session
from app.mail import delivery, gathering
from app.mail.claims import Claim, record
from app.mail.outcomes import Outcome, Result, Step, next_step
from app.models import OutgoingMail
from app.queries import reminder_mails
from app.reminder_words import ReminderKind
from app.vocabulary import OutgoingState
from tests.database.reminders.judging import Judge
from tests.database.reminders.years import Years

SPONSORS = int(os.environ.get("VESTKA_SIMULATED_SPONSORS", "60"))
SEED = int(os.environ.get("VESTKA_SIMULATION_SEED", "1"))
TWO_YEARS = 730

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _judge(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "MailConnection", Judge)
    monkeypatch.setattr(secrets, "token_bytes", Random(SEED).randbytes)  # the same ids give the same years


def test_in_two_years_nothing_comes_twice_late_at_night_or_after_a_death(app: Flask) -> None:
    years = Years(sponsors=SPONSORS, seed=SEED)

    years.pass_days(TWO_YEARS)

    kinds = Counter(key.partition(":")[0] for key in years.book.seen)
    assert years.book.gone
    assert years.book.reminding_mails < len(years.book.seen)
    assert set(kinds) >= set(ReminderKind) - {ReminderKind.OFFER_UNANSWERED}, kinds
    assert kinds[ReminderKind.LETTER_DUE] > 3 * SPONSORS


def _at_once(_mail: OutgoingMail, moment: datetime) -> datetime:
    return moment


def _no_reason(mail: OutgoingMail, _moment: datetime) -> dict[str, str | None]:
    return {part.occasion: None for part in reminder_mails.parts(mail)}


def _two_mails_a_day(patch: pytest.MonkeyPatch) -> None:
    """Every round begins a mail of its own, and nobody looks whether one went today."""
    numbers = count()
    patch.setattr(gathering, "_open_mails", lambda _zones: defaultdict(list))
    patch.setattr(gathering, "day_key", lambda account_id, _day: f"reminders:{account_id}:{next(numbers)}")
    patch.setattr(reminder_mails, "_ANOTHER_TODAY", select(OutgoingMail.id).where(false()))


def _takes_for(before: Outcome, after: Outcome) -> Callable[[pytest.MonkeyPatch], None]:
    """One outcome of a try is taken for another."""

    def mistaken(result: Result, *, attempts: int, moment: datetime) -> Step:
        taken_for = replace(result, outcome=after, reason="mistaken") if result.outcome is before else result
        return next_step(taken_for, attempts=attempts, moment=moment)

    return lambda patch: patch.setattr(delivery, "next_step", mistaken)


def _believes_the_dead(moment: datetime) -> int:
    expired = OutgoingMail.state == OutgoingState.SENDING, OutgoingMail.lease_until < moment
    session().execute(update(OutgoingMail).where(*expired).values(state="sent", sent_at=moment, lease_until=None))
    return 0


def _believes_every_bounce(text: str) -> OutgoingMail | None:
    return session().get(OutgoingMail, text.partition("+")[2].partition(".")[0])


def _clears_up(claim: Claim, step: Step, *, moment: datetime) -> OutgoingState | None:
    state = record(claim, step, moment=moment)
    if state is OutgoingState.SUPPRESSED:
        session().execute(delete(OutgoingMail).where(OutgoingMail.id == claim.mail_id))
    return state


def _cannot_write(*_: object) -> None:
    raise ValueError


FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], str]] = {
    "goes at any hour": (lambda patch: patch.setattr(delivery.messages, "not_before", lambda *_: None), "morning"),
    "makes two mails a day": (_two_mails_a_day, "two mails on one day"),
    "asks nothing at sending": (
        lambda patch: patch.setattr(reminder_mails, "reasons", _no_reason),
        "gone|stale|pause|release|not wanted|too early|mourning",
    ),
    "sends again what may have gone": (_takes_for(Outcome.UNKNOWN, Outcome.REFUSED_FOR_NOW), "taken twice"),
    "takes no for yes": (_takes_for(Outcome.REFUSED_FOR_NOW, Outcome.DELIVERED), "said to be sent, and lost"),
    "takes a dead worker's word": (
        lambda patch: patch.setattr(delivery, "give_up_expired", _believes_the_dead),
        "said to be sent, and lost",
    ),
    "takes yes for no": (_takes_for(Outcome.DELIVERED, Outcome.REFUSED_FOR_GOOD), "said not to have gone"),
    "forgets who refused": (
        lambda patch: patch.setattr(delivery, "suppress", lambda *_, **__: False),
        "mailbox that is gone|suppressed for nothing",
    ),
    "believes every bounce": (
        lambda patch: patch.setattr(bounces, "mail_returned_to", _believes_every_bounce),
        "suppressed for nothing",
    ),
    "cannot write": (lambda patch: patch.setattr(delivery, "_rendered", _cannot_write), "given up: .*unsendable"),
    "throws mails away": (lambda patch: patch.setattr(delivery, "record", _clears_up), "do not add up"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_judge_notices_a_program_that(app: Flask, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    plant, complaint = FAULTS[fault]
    plant(monkeypatch)

    with pytest.raises(AssertionError, match=complaint):
        Years(sponsors=24, seed=SEED, rough=10).pass_days(TWO_YEARS)
