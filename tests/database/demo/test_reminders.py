"""The demo's letters, and the reminders of its next fourteen days (docs/commands.md)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import session
from app.models import Account, AuditEvent, Letter, Match, OutgoingMail
from app.reminders import ReminderKind
from app.vocabulary import LetterState, SupportKind
from tests.database.cli.runner import answer
from tests.database.demo.conftest import World

SEEDED_AT = datetime(2026, 11, 22, 9, 13, tzinfo=UTC)
FORTNIGHT = 14
ENOUGH = 5

pytestmark = pytest.mark.slow


def _due_by_utc(day: datetime) -> int:
    """Reminders that go from 08:00 to 10:00 UTC on the day, to people for whom just that is the morning."""
    query = select(OutgoingMail.id).join(Account, OutgoingMail.account_id == Account.id)
    query = query.where(OutgoingMail.message.in_(list(ReminderKind)), Account.time_zone == "UTC")
    in_time = OutgoingMail.due_at.between(day, day + timedelta(hours=2))
    return len(session().scalars(query.where(in_time)).all())


@pytest.mark.parametrize("seed", [1, 7])
def test_on_each_of_fourteen_days_enough_falls_due_for_those_who_live_by_utc(demo: Flask, seed: int) -> None:
    sizes = ("--prisoners", "200", "--sponsors", "450", "--seed", str(seed))
    answer(demo, "demo", "seed", *sizes, "--now", SEEDED_AT.isoformat())
    tomorrow = SEEDED_AT.replace(hour=8, minute=0) + timedelta(days=1)
    days = [tomorrow + timedelta(days=number) for number in range(FORTNIGHT)]

    found = []
    for day in days:
        answer(demo, "reminders", "schedule", "--now", day.isoformat())
        session().rollback()
        found.append(_due_by_utc(day))

    assert min(found) >= ENOUGH, found


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
