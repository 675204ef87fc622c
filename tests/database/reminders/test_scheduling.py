"""`flask reminders schedule`: what it queues, for when, what it holds back and what it prints."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.actions import reminders
from app.extensions import db
from app.models import Match, PostRoute
from app.vocabulary import LetterState, MailAccess, MailRoute, MatchState, SupportKind, VettingState
from tests.database.cli.runner import run
from tests.database.mail.letters import change
from tests.database.reminders.people import (
    DAY,
    EIGHT,
    birthday_match,
    letter,
    occasions,
    offered_match,
    outbox,
    schedule,
    writer,
)
from tests.factories import make_account, make_facility, make_match, make_sponsor, vouch_for, writing

TODAY = EIGHT.date()


def test_each_occasion_is_queued_once_however_often_it_is_asked_for(app: Flask) -> None:
    writing_match, born, offered = writer(), birthday_match(), offered_match()

    first, second = schedule(app), schedule(app, EIGHT + timedelta(hours=1))

    assert first == {"queued": 3, "already": 0, "skipped": {}}
    assert second == {"queued": 0, "already": 3, "skipped": {}}
    assert occasions() == [
        f"birthday_ahead:{born.id}:{TODAY}",
        f"letter_due:{writing_match.id}:{TODAY}",
        f"offer_unanswered:{offered.id}:{TODAY}",
    ]
    assert {(mail.message, mail.match_id, mail.occasion) for mail in outbox()} == {
        ("birthday_ahead", born.id, f"reminders:{born.sponsor.account_id}:{TODAY}"),
        ("letter_due", writing_match.id, f"reminders:{writing_match.sponsor.account_id}:{TODAY}"),
        ("offer_unanswered", offered.id, f"reminders:{offered.sponsor.account_id}:{TODAY}"),
    }


@pytest.mark.parametrize(
    ("time_zone", "asked_at", "goes_at"),
    [
        ("UTC", "2026-11-22T09:59Z", "2026-11-22T09:59Z"),
        ("UTC", "2026-11-21T10:01Z", "2026-11-22T08:00Z"),
        ("Europe/Kyiv", "2026-11-22T03:00Z", "2026-11-22T06:00Z"),
        ("Europe/Kyiv", "2026-11-22T08:01Z", "2026-11-23T06:00Z"),
        ("America/Toronto", "2026-11-22T08:00Z", "2026-11-22T13:00Z"),
        ("Pacific/Auckland", "2026-11-21T12:00Z", "2026-11-21T19:00Z"),
    ],
)
def test_a_reminder_goes_in_the_sponsors_next_morning(app: Flask, time_zone: str, asked_at: str, goes_at: str) -> None:
    """M5."""
    writer(time_zone=time_zone)

    assert schedule(app, datetime.fromisoformat(asked_at))["queued"] == 1
    assert [mail.due_at for mail in outbox()] == [datetime.fromisoformat(goes_at)]


def test_what_falls_due_after_the_next_morning_is_left_for_later(app: Flask) -> None:
    writer(due=EIGHT + DAY)

    assert schedule(app)["queued"] == 0
    assert schedule(app, EIGHT + timedelta(hours=3))["queued"] == 1


def test_a_letter_counts_whatever_became_of_it(app: Flask) -> None:
    match = writer()
    letter(match, sent_on=TODAY - 20 * DAY)
    letter(match, sent_on=TODAY - 10 * DAY, state=LetterState.RETURNED)

    assert schedule(app)["queued"] == 0
    assert schedule(app, EIGHT + 5 * DAY)["queued"] == 1


def test_a_letter_that_was_only_begun_does_not_count(app: Flask) -> None:
    letter(writer(), sent_on=TODAY - 3 * DAY, state=LetterState.DRAFT)

    assert schedule(app)["queued"] == 1


def test_where_often_only_relatives_mail_arrives_the_rhythm_is_half_as_fast(app: Flask) -> None:
    writer(prisoner={"mail_access": MailAccess.RELATIVES_ONLY})

    assert schedule(app)["queued"] == 0
    assert schedule(app, EIGHT + 15 * DAY)["queued"] == 1


def test_a_godparent_is_told_of_birthdays_and_asked_for_no_letters(app: Flask) -> None:
    match = birthday_match()
    change(match.sponsor, letters_a_month=2)
    change(match, kind=SupportKind.GODPARENT)

    schedule(app)

    assert [mail.message for mail in outbox()] == ["birthday_ahead"]


HELD_BACK = [
    (lambda match: change(match.sponsor.account, email_confirmed_at=None), "address_unconfirmed"),  # B1
    (lambda match: change(match.sponsor.account, disabled_at=EIGHT), "account_disabled"),
    (lambda match: change(match.sponsor, vetting_state=VettingState.PENDING), "vetting_changed"),
    (lambda match: change(match.sponsor, paused_at=EIGHT, paused_by=match.sponsor.account_id), "sponsor_paused"),
    (lambda match: change(match.sponsor, held=True), "on_hold"),
    (lambda match: change(match.prisoner, held=True), "on_hold"),
    (lambda match: change(match.prisoner.facility, postcode=None), "address_incomplete"),  # M9
    (lambda match: change(match.prisoner.facility, street=None, street_cyrillic=None), "address_incomplete"),
    (lambda match: change(match.prisoner, facility_id=None), "address_incomplete"),
]


@pytest.mark.parametrize(("happen", "reason"), HELD_BACK)
def test_what_is_due_and_held_back_is_counted_under_its_reason(app: Flask, happen: Any, reason: str) -> None:
    """B1, M9: nothing is queued; once the reason is gone, it is."""
    happen(writer())
    writer()

    assert schedule(app) == {"queued": 1, "already": 0, "skipped": {reason: 1}}


def test_a_reason_that_has_gone_holds_nothing_back(app: Flask) -> None:
    facility = make_facility(postcode=None)
    match = writer(prisoner={"facility": facility})
    assert schedule(app)["skipped"] == {"address_incomplete": 1}

    change(facility, postcode="000001")
    vouch_for(match.prisoner)

    assert schedule(app, EIGHT + DAY)["queued"] == 1


@pytest.mark.parametrize(("country", "queued"), [("CZ", 0), ("DE", 1)])
def test_no_letter_is_asked_for_where_no_post_goes(app: Flask, country: str, queued: int) -> None:
    with writing():
        db.session.add(PostRoute(from_country="CZ", to_country="BY", route=MailRoute.CLOSED))
        db.session.add(PostRoute(from_country="DE", to_country="CN", route=MailRoute.CLOSED))
    writer(country=country)

    assert schedule(app)["queued"] == queued


@pytest.mark.parametrize("state", sorted(set(MatchState) - {MatchState.ACTIVE, MatchState.APPROVED}))
def test_no_other_match_is_looked_at(app: Flask, state: MatchState) -> None:
    sponsor = make_sponsor(account=make_account(time_zone="UTC"))
    match = make_match(sponsor=sponsor, state=state)
    if match.answered_at:
        change(match, answered_at=EIGHT - 15 * DAY)

    assert schedule(app) == {"queued": 0, "already": 0, "skipped": {}}


def test_for_people_it_prints_a_line_for_each_number(app: Flask) -> None:
    writer()
    change(writer().sponsor, held=True)

    result = run(app, "reminders", "schedule", "--now", EIGHT.isoformat())

    assert [line.split() for line in result.stdout.splitlines()] == [
        ["queued", "1"],
        ["already", "0"],
        ["skipped,", "on_hold", "1"],
    ]


@contextmanager
def _reading() -> Iterator[list[str]]:
    """Every query that is made inside the block."""
    queries: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            queries.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_every_sponsor_is_met_in_batches_of_nine_queries_each(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many fall due, no query is made for one of them alone. Offers and post routes are asked for once."""
    for _ in range(7):
        writer()
    monkeypatch.setattr(reminders, "BATCH", 3)

    with _reading() as queries:
        said = schedule(app)

    assert said == {"queued": 7, "already": 0, "skipped": {}}
    assert len(queries) == 2 + 3 * 9


def test_an_ended_batch_that_was_just_full_ends_the_round(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        writer()
    monkeypatch.setattr(reminders, "BATCH", 2)

    assert schedule(app) == {"queued": 4, "already": 0, "skipped": {}}


def test_a_clock_that_jumps_brings_one_mail_for_each_interval(app: Flask) -> None:
    """M5: a clock a day off. The days come from the match alone, so nothing comes twice."""
    match = writer(time_zone="Europe/Berlin", due=datetime(2026, 3, 20, 8, tzinfo=UTC))
    days = [0, 1, -1, 2, 15, 14, 16, 3, 30, 29, 15]

    for day in days:
        schedule(app, datetime(2026, 3, 20, 5, tzinfo=UTC) + day * DAY)

    expected = [date(2026, 3, 20), date(2026, 4, 4), date(2026, 4, 19)]
    assert occasions() == [f"letter_due:{match.id}:{day}" for day in expected]


def test_moving_to_another_time_zone_makes_nothing_twice(app: Flask) -> None:
    match: Match = writer(time_zone="Pacific/Auckland")
    schedule(app, EIGHT - timedelta(hours=14))

    change(match.sponsor.account, time_zone="America/Toronto")

    assert schedule(app) == {"queued": 0, "already": 1, "skipped": {}}
