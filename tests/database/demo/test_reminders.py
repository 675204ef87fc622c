"""The demo's letters, and the reminders of its next fourteen days (docs/commands.md)."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Account, AuditEvent, Letter, Match, OutgoingMail, Reminder
from app.vocabulary import LetterState, SupportKind
from tests.database.cli.runner import answer
from tests.database.demo.conftest import World

SEEDED_AT = datetime(2026, 11, 22, 9, 13, tzinfo=UTC)
FORTNIGHT = 14
ENOUGH = 5

pytestmark = pytest.mark.slow


def _reminders_by_utc() -> int:
    """How many reminders there are to people whose morning is from 08:00 to 10:00 UTC."""
    query = select(func.count()).select_from(Reminder).join(OutgoingMail, OutgoingMail.id == Reminder.mail_id)
    theirs = query.join(Account, OutgoingMail.account_id == Account.id).where(Account.time_zone == "UTC")
    return session().scalar(theirs) or 0


@pytest.mark.parametrize("seed", [1, 7])
def test_on_each_of_fourteen_days_enough_falls_due_for_those_who_live_by_utc(demo: Flask, seed: int) -> None:
    sizes = ("--prisoners", "200", "--sponsors", "450", "--seed", str(seed))
    answer(demo, "demo", "seed", *sizes, "--now", SEEDED_AT.isoformat())
    tomorrow = SEEDED_AT.replace(hour=8, minute=0) + timedelta(days=1)
    days = [tomorrow + timedelta(days=number) for number in range(FORTNIGHT)]

    found = [_reminders_by_utc()]
    for day in days:
        answer(demo, "reminders", "schedule", "--now", day.isoformat())
        session().rollback()
        found.append(_reminders_by_utc())

    fell_due = [after - before for before, after in pairwise(found)]
    assert min(fell_due) >= ENOUGH, fell_due


def test_letters_are_of_every_state_and_of_active_days_only(world: World) -> None:
    letters = session().execute(select(Letter, Match).join(Letter.match)).all()

    assert {letter.state for letter, _ in letters} == set(LetterState) - {LetterState.DRAFT, LetterState.CHECKED}
    for letter, match in letters:
        assert match.kind is SupportKind.LETTER_WRITER
        assert match.answered_at is not None
        assert letter.sent_on is not None
        assert match.answered_at.date() < letter.sent_on < world.began_at.date()
        assert match.ended_at is None or letter.sent_on < match.ended_at.date()
        assert letter.recorded_by == match.sponsor.account_id


def test_every_letter_stands_in_the_audit_trail_once(world: World) -> None:
    events = Counter(session().scalars(select(AuditEvent.entity_id).where(AuditEvent.action == "letter_sent")))

    assert events == Counter(session().scalars(select(Letter.id)))
