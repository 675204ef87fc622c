"""Which occasion falls due on which day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reminders import Occasion, ReminderKind, interval, standing
from app.reminders.occasions import KEEPS
from app.vocabulary import MailAccess, MatchState, SupportKind
from tests.unit.reminders.facts import BEGAN, match

DAY = timedelta(days=1)
RHYTHM = (ReminderKind.LETTER_DUE, ReminderKind.BIRTHDAY_AHEAD, ReminderKind.OFFER_UNANSWERED)
DATES = st.dates(date(2020, 1, 1), date(2032, 12, 31))


def due(on: date, **changes: Any) -> list[tuple[ReminderKind, date]]:
    """Which letters, birthdays and offers stand on the day, of a match with these changes."""
    found = standing(match(**changes), on)
    return [(occasion.kind, occasion.due_on) for occasion in found if occasion.kind in RHYTHM]


@pytest.mark.parametrize(
    ("letters", "access", "days"),
    [
        (1, MailAccess.OPEN, 30),
        (2, MailAccess.SELECTIVE, 15),
        (4, MailAccess.UNKNOWN, 8),
        (7, MailAccess.OPEN, 7),
        (31, MailAccess.OPEN, 7),
        (2, MailAccess.RELATIVES_ONLY, 30),
        (31, MailAccess.RELATIVES_ONLY, 14),
        (0, MailAccess.OPEN, None),
        (4, MailAccess.INCOMMUNICADO, None),
    ],
)
def test_the_rhythm_follows_the_letters_a_month_and_who_gets_mail(
    letters: int, access: MailAccess, days: int | None
) -> None:
    assert interval(letters, access) == (None if days is None else timedelta(days=days))


def test_the_first_letter_is_due_one_interval_after_the_match_became_active() -> None:
    first = BEGAN + 15 * DAY

    assert due(first - DAY) == []
    assert due(first) == due(first + 5 * DAY) == [(ReminderKind.LETTER_DUE, first)]
    assert due(first + 6 * DAY) == []
    assert due(first + 15 * DAY) == [(ReminderKind.LETTER_DUE, first + 15 * DAY)]


def test_a_letter_that_was_sent_counts_from_its_own_day() -> None:
    sent = BEGAN + 10 * DAY

    assert due(BEGAN + 15 * DAY, last_letter_on=sent) == []
    assert due(sent + 15 * DAY, last_letter_on=sent) == [(ReminderKind.LETTER_DUE, sent + 15 * DAY)]


def test_a_letter_noted_by_somebody_whose_day_is_ahead_of_ours_makes_nothing_due() -> None:
    assert due(BEGAN, last_letter_on=BEGAN + DAY) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": SupportKind.GODPARENT},
        {"letters_a_month": 0},
        {"mail_access": MailAccess.INCOMMUNICADO},
        {"state": MatchState.PAUSED},
        {"state": MatchState.ENDED},
        {"active_since": None},
    ],
)
def test_nobody_is_asked_for_letters_where_none_are_expected(changes: dict[str, Any]) -> None:
    assert due(BEGAN + 15 * DAY, **changes) == []


@given(DATES, DATES, st.integers(1, 31), st.sampled_from(MailAccess))
def test_no_two_letters_are_ever_due_at_once_or_closer_than_the_rhythm(
    since: date, on: date, letters: int, access: MailAccess
) -> None:
    rhythm = interval(letters, access)
    found = due(on, active_since=since, letters_a_month=letters, mail_access=access)

    assert len(found) <= 1
    assert all(rhythm and (day - since) % rhythm == timedelta() and day > since for _, day in found)


def test_a_birthday_is_told_of_four_weeks_ahead_and_not_much_later() -> None:
    born = date(1980, 12, 24)
    ahead = [(ReminderKind.BIRTHDAY_AHEAD, date(2026, 11, 26))]

    quiet = {"birthday": born, "letters_a_month": 0}
    assert due(date(2026, 11, 25), **quiet) == []
    assert due(date(2026, 11, 26), **quiet) == due(date(2026, 12, 6), **quiet) == ahead
    assert due(date(2026, 12, 7), **quiet) == []


def test_a_birthday_in_january_is_told_of_in_the_year_before() -> None:
    found = due(date(2026, 12, 20), birthday=date(1980, 1, 15), kind=SupportKind.GODPARENT)

    assert found == [(ReminderKind.BIRTHDAY_AHEAD, date(2026, 12, 18))]


@pytest.mark.parametrize(
    ("year", "ahead"),
    [(2027, date(2027, 2, 1)), (2028, date(2028, 2, 1))],
)
def test_whoever_was_born_on_29_february_has_a_birthday_every_year(year: int, ahead: date) -> None:
    """M5: on 1 March in a common year, as ages are reckoned; both are 28 days after 1 February."""
    found = due(date(year, 2, 2), birthday=date(1984, 2, 29), letters_a_month=0)

    assert found == [(ReminderKind.BIRTHDAY_AHEAD, ahead)]


@given(st.dates(date(1930, 1, 1), date(2008, 12, 31)), st.integers(2021, 2032))
def test_every_birthday_is_told_of_exactly_once_a_year(born: date, year: int) -> None:
    first = date(year, 1, 1)
    facts = match(birthday=born, letters_a_month=0)

    whole_year = range((date(year + 1, 1, 1) - first).days)
    found = {o for number in whole_year for o in standing(facts, first + number * DAY) if o.due_on >= first}
    days = {occasion.due_on for occasion in found if occasion.kind is ReminderKind.BIRTHDAY_AHEAD}

    assert len(days) == 1


def test_somebody_incommunicado_can_get_no_card() -> None:
    assert due(date(2026, 12, 1), birthday=date(1980, 12, 24), mail_access=MailAccess.INCOMMUNICADO) == []


def test_an_open_offer_is_mentioned_once_after_five_days_and_never_again() -> None:
    facts = {"state": MatchState.APPROVED, "active_since": None}
    days = [BEGAN + number * DAY for number in range(60)]

    found = {day: due(day, **facts) for day in days}

    mentioned = [day for day, occasions in found.items() if occasions]
    assert (mentioned[0], mentioned[-1]) == (BEGAN + 5 * DAY, BEGAN + 10 * DAY)
    assert {tuple(occasions) for occasions in found.values()} == {
        (),
        ((ReminderKind.OFFER_UNANSWERED, BEGAN + 5 * DAY),),
    }


@given(st.sampled_from(ReminderKind), st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16), DATES)
def test_an_occasion_is_known_again_by_its_key(kind: ReminderKind, match_id: str, due_on: date) -> None:
    occasion = Occasion(kind, match_id, due_on)

    assert Occasion.parse(occasion.key) == occasion
    assert len(occasion.key) <= 160


@pytest.mark.parametrize("key", ["", "offer:abc", "nothing:abc:2026-11-22", "letter_due:abc:22 November", "a:b:c:d"])
def test_what_is_no_occasion_is_not_taken_for_one(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Occasion.parse(key)


@pytest.mark.parametrize("kind", ReminderKind)
def test_an_occasion_is_alive_from_its_day_until_its_limit(kind: ReminderKind) -> None:
    occasion, last = Occasion(kind, "match", BEGAN), BEGAN + KEEPS[kind]

    assert [occasion.is_alive(day) for day in (BEGAN - DAY, BEGAN, last, last + DAY)] == [False, True, True, False]
    assert [occasion.is_stale(day) for day in (BEGAN - DAY, BEGAN, last, last + DAY)] == [False, False, False, True]
