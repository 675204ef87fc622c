"""Matches of which something falls due, and the two commands that remind of it, as they are run from outside."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.database import session
from app.models import Letter, Match, OutgoingMail, Reminder
from app.partial_date import PartialDate
from app.reminder_words import ReminderKind
from app.transaction import transaction
from app.vocabulary import LetterState, MatchState
from tests.database.cli.runner import answer
from tests.factories import make_account, make_match, make_prisoner, make_sponsor

EIGHT = datetime(2026, 11, 22, 8, tzinfo=UTC)
"""In the morning of those who live by UTC, on the day on which the tests' occasions fall due."""

DAY = timedelta(days=1)
WANTED = {ReminderKind.LETTER_DUE, ReminderKind.BIRTHDAY_AHEAD, ReminderKind.OFFER_UNANSWERED}
UNWANTED = sorted(set(ReminderKind) - WANTED)


def writer(
    *, time_zone: str = "UTC", due: datetime = EIGHT, prisoner: Mapping[str, Any] | None = None, **of_sponsor: Any
) -> Match:
    """An active match whose letter, of one every fifteen days, falls due on the day of `due`.

    Its sponsor wants to hear of letters, birthdays and offers only.
    """
    of_sponsor.setdefault("reminders_off", UNWANTED)
    return make_match(
        sponsor=make_sponsor(account=make_account(time_zone=time_zone), **of_sponsor),
        prisoner=make_prisoner(**{"birth_date": None} | dict(prisoner or {})),
        state=MatchState.ACTIVE,
        answered_at=due - 15 * DAY,
    )


def birthday_match(**changes: Any) -> Match:
    """An active match of somebody who writes no letters and whose prisoner has a birthday in 28 days."""
    born = PartialDate.of((EIGHT + 28 * DAY).date().replace(year=1980))
    return writer(letters_a_month=0, prisoner={"birth_date": born} | changes)


def offered_match(**changes: Any) -> Match:
    """A match that was offered five days ago and not answered."""
    sponsor = make_sponsor(account=make_account(time_zone="UTC"))
    return make_match(sponsor=sponsor, state=MatchState.APPROVED, decided_at=EIGHT - 5 * DAY, **changes)


def letter(match: Match, *, sent_on: date, state: LetterState = LetterState.SENT) -> None:
    """The match's sponsor noted a letter of that day."""
    with transaction():
        session().add(
            Letter(
                match_id=match.id, state=state, sent_on=sent_on, recorded_at=EIGHT, recorded_by=match.sponsor.account_id
            )
        )


def schedule(app: Flask, at: datetime = EIGHT) -> dict[str, Any]:
    """What `flask reminders schedule` prints at that moment."""
    session().rollback()
    return answer(app, "reminders", "schedule", "--now", at.isoformat())


def deliver(app: Flask, at: datetime = EIGHT) -> dict[str, Any]:
    """What `flask mail deliver` prints at that moment, the states with none left out."""
    session().rollback()
    found = answer(app, "mail", "deliver", "--now", at.isoformat())
    return {state: count for state, count in found.items() if count}


def occasions() -> list[str]:
    """Every reminder there is, by its occasion."""
    session().rollback()
    return list(session().scalars(select(Reminder.occasion).order_by(Reminder.occasion)))


def outbox() -> list[OutgoingMail]:
    """Every mail there is, in the order of their occasions."""
    session().rollback()
    return list(session().scalars(select(OutgoingMail).order_by(OutgoingMail.occasion)))
