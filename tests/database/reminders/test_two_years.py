"""M3, M4, M5: two years of a programme; and that the judge of them would have noticed.

`VESTKA_SIMULATED_SPONSORS=500` plays them for the largest programme of today, which takes some minutes.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import false, select

from app.mail import delivery, gathering
from app.models import OutgoingMail
from app.queries import reminder_mails
from app.reminder_words import ReminderKind
from tests.database.reminders.judging import Judge
from tests.database.reminders.years import Years, in_a_hurry

SPONSORS = int(os.environ.get("VESTKA_SIMULATED_SPONSORS", "500"))
SEED = int(os.environ.get("VESTKA_SIMULATION_SEED", "1"))
TWO_YEARS = 730

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _judge(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(delivery, "MailConnection", Judge)
    with in_a_hurry():
        yield


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


FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], str]] = {
    "goes at any hour": (lambda patch: patch.setattr(delivery.messages, "not_before", lambda *_: None), "morning"),
    "makes two mails a day": (_two_mails_a_day, "two mails on one day"),
    "asks nothing at sending": (
        lambda patch: patch.setattr(reminder_mails, "reasons", _no_reason),
        "gone|stale|pause|release|not wanted|too early",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_judge_notices_a_program_that(app: Flask, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    plant, complaint = FAULTS[fault]
    plant(monkeypatch)

    with pytest.raises(AssertionError, match=complaint):
        Years(sponsors=24, seed=1).pass_days(TWO_YEARS)
