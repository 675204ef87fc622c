"""What sponsors choose: quiet days, kinds of reminder, a pause with or without an end, and putting one off."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reminders import (
    MOST_QUIET_DAYS,
    NextMornings,
    Occasion,
    ReminderKind,
    going_out,
    hindrance,
    is_morning,
    next_morning,
    why_not,
)
from app.reminders.occasions import KEEPS, TIED_TO_A_DATE
from tests.unit.reminders.facts import BEGAN, match

DAY = timedelta(days=1)
DUE = BEGAN + 15 * DAY
LETTER = Occasion(ReminderKind.LETTER_DUE, "match", DUE)
MONDAY = date(2026, 11, 23)
BERLIN = ZoneInfo("Europe/Berlin")
QUIET = st.frozensets(st.integers(0, 6), max_size=MOST_QUIET_DAYS)
DATES = st.dates(date(1995, 1, 1), date(2037, 12, 1))


@given(DATES, QUIET)
def test_m5_a_reminder_goes_in_a_morning_of_a_day_that_is_not_quiet(due_on: date, quiet: frozenset[int]) -> None:
    noon = datetime.combine(due_on, datetime.min.time(), UTC) + timedelta(hours=12)

    found = going_out(due_on, moment=noon, zone=BERLIN, quiet_days=quiet)

    assert is_morning(found, BERLIN)
    assert found.astimezone(BERLIN).weekday() not in quiet


@given(DATES, QUIET, st.sampled_from(ReminderKind))
def test_no_choice_of_quiet_days_makes_a_reminder_go_stale(
    due_on: date, quiet: frozenset[int], kind: ReminderKind
) -> None:
    midnight = datetime.combine(due_on, datetime.min.time(), BERLIN).astimezone(UTC)

    day = going_out(due_on, moment=midnight, zone=BERLIN, quiet_days=quiet).astimezone(BERLIN).date()

    assert not Occasion(kind, "match", due_on).is_stale(day)


def test_a_week_of_quiet_days_counts_for_nothing_rather_than_for_ever() -> None:
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)

    assert next_morning(monday, ZoneInfo("UTC"), quiet_days=range(7)) == monday


def test_two_people_of_one_zone_may_have_other_quiet_days() -> None:
    mornings = NextMornings(datetime(2026, 11, 23, 5, tzinfo=UTC))

    found = [mornings.of("UTC", frozenset(quiet))[1] for quiet in ((), (0,), (0, 1), ())]

    assert found == [MONDAY, MONDAY + DAY, MONDAY + 2 * DAY, MONDAY]


@pytest.mark.parametrize("kind", ReminderKind)
def test_m3_only_the_kind_that_was_refused_is_held_back(kind: ReminderKind) -> None:
    facts = match(unwanted=frozenset({ReminderKind.LETTER_DUE}))

    assert hindrance(kind, facts, on=DUE) == ("not_wanted" if kind is ReminderKind.LETTER_DUE else None)


@pytest.mark.parametrize("resumes_on", [None, DUE + DAY])
def test_a_pause_holds_back_until_its_day_or_for_as_long_as_nobody_ends_it(resumes_on: date | None) -> None:
    facts = match(paused=True, resumes_on=resumes_on)

    assert hindrance(ReminderKind.LETTER_DUE, facts, on=DUE) == "sponsor_paused"


def test_a_pause_ends_by_itself_on_its_day() -> None:
    assert hindrance(ReminderKind.LETTER_DUE, match(paused=True, resumes_on=DUE), on=DUE) is None


def test_m4_a_letter_that_was_put_off_comes_a_week_later_and_not_before() -> None:
    again = LETTER.put_off(DUE + DAY)

    assert again is not None
    assert again.key == f"letter_due:match:{DUE}:{DUE + 8 * DAY}"
    found = {day: why_not(again, match(), on=DUE + day * DAY) for day in (7, 8, 13, 14)}
    assert found == {7: "no_longer_due", 8: None, 13: None, 14: "stale"}


def test_what_was_put_off_is_another_occasion_than_the_one_before_and_the_one_after() -> None:
    once = LETTER.put_off(DUE)
    twice = once.put_off(DUE + 7 * DAY) if once else None

    assert twice is not None
    assert len({LETTER.key, once.key, twice.key}) == 3
    assert [Occasion.parse(one.key) for one in (LETTER, once, twice)] == [LETTER, once, twice]


def test_what_was_put_off_falls_away_once_a_letter_is_sent() -> None:
    again = LETTER.put_off(DUE)
    assert again is not None

    assert why_not(again, match(last_letter_on=DUE + 2 * DAY), on=again.goes_on) == "no_longer_due"


def test_the_weekly_rhythm_does_not_bring_two_on_one_day() -> None:
    """Whoever writes every week and puts one off by a week is reminded once, of the newer one."""
    facts = match(letters_a_month=5)
    first = Occasion(ReminderKind.LETTER_DUE, "match", BEGAN + 7 * DAY)
    again = first.put_off(first.due_on)
    newer = Occasion(ReminderKind.LETTER_DUE, "match", BEGAN + 14 * DAY)

    assert again is not None
    assert again.goes_on == newer.due_on
    assert (why_not(again, facts, on=newer.due_on), why_not(newer, facts, on=newer.due_on)) == ("no_longer_due", None)


def test_a_date_does_not_wait_for_whoever_puts_it_off() -> None:
    born = date(1980, 12, 24)
    birthday = Occasion(ReminderKind.BIRTHDAY_AHEAD, "match", date(2026, 11, 26))

    in_time, too_late = birthday.put_off(birthday.due_on + 3 * DAY), birthday.put_off(birthday.due_on + 4 * DAY)

    assert too_late is None
    assert in_time is not None
    assert why_not(in_time, match(birthday=born), on=in_time.goes_on) is None
    assert why_not(in_time, match(birthday=born), on=in_time.goes_on + DAY) == "stale"


def test_what_may_be_put_off_keeps_as_long_as_before() -> None:
    for kind in set(ReminderKind) - TIED_TO_A_DATE:
        again = Occasion(kind, "match", DUE).put_off(DUE)
        assert again is not None
        assert again.is_alive(again.goes_on + KEEPS[kind])


@pytest.mark.parametrize("key", ["letter_due:m:2026-11-22:", "letter_due:m:2026-11-22:2026-11-29:2026-12-06"])
def test_what_is_no_occasion_put_off_is_not_taken_for_one(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Occasion.parse(key)
