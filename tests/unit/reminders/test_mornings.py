"""M5: mails go in the reader's own morning, whatever the clock on their wall does."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.reminders import NextMornings, going_out, is_morning, next_morning, zone_of

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo)
MOMENTS = st.integers(
    int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2037, 12, 30, tzinfo=UTC).timestamp())
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
DAY = timedelta(days=1)

APIA, LORD_HOWE, TROLL = (ZoneInfo(name) for name in ("Pacific/Apia", "Australia/Lord_Howe", "Antarctica/Troll"))


def _wall(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


@given(MOMENTS, ZONES)
@example(datetime(2011, 12, 30, 9, 30, tzinfo=UTC), APIA)
@example(datetime(2026, 10, 3, 15, 29, tzinfo=UTC), LORD_HOWE)
@example(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), TROLL)
def test_the_next_morning_is_a_morning_not_long_from_now(moment: datetime, zone: ZoneInfo) -> None:
    found = next_morning(moment, zone)

    assert time(8) <= _wall(found, zone) <= time(10)
    assert moment <= found <= moment + 2 * DAY
    assert found.utcoffset() == timedelta()


@given(MOMENTS, ZONES)
def test_it_begins_at_eight_unless_it_has_begun(moment: datetime, zone: ZoneInfo) -> None:
    found = next_morning(moment, zone)

    if is_morning(moment, zone):
        assert found == moment
    else:
        assert _wall(found, zone) == time(8)


@given(st.dates(date(1990, 1, 1), date(2037, 12, 1)), MOMENTS, ZONES)
def test_nothing_goes_before_its_day_or_outside_the_morning(due_on: date, moment: datetime, zone: ZoneInfo) -> None:
    found = going_out(due_on, moment=moment, zone=zone)

    assert found.astimezone(zone).date() >= due_on
    assert is_morning(found, zone)
    assert found >= moment


@pytest.mark.parametrize(
    ("zone", "day_of_change", "day_before"),
    [
        ("Europe/Berlin", "2026-03-29T06:00Z", "2026-03-28T07:00Z"),  # spring: a night of an hour less
        ("Europe/Berlin", "2026-10-25T07:00Z", "2026-10-24T06:00Z"),  # autumn: of an hour more
        ("America/New_York", "2026-03-08T12:00Z", "2026-03-07T13:00Z"),
        ("Australia/Lord_Howe", "2026-10-03T21:00Z", "2026-10-02T21:30Z"),  # by half an hour
        ("Asia/Kathmandu", "2026-10-04T02:15Z", "2026-10-03T02:15Z"),
        ("Pacific/Apia", "2011-12-30T18:00Z", "2011-12-29T18:00Z"),  # 30 December was skipped there
    ],
)
def test_eight_o_clock_around_a_change_of_the_clock(zone: str, day_of_change: str, day_before: str) -> None:
    there = ZoneInfo(zone)
    changed, usual = datetime.fromisoformat(day_of_change), datetime.fromisoformat(day_before)

    assert next_morning(usual - timedelta(hours=1), there) == usual
    assert next_morning(usual + timedelta(hours=3), there) == changed


def test_ten_sharp_is_the_last_of_the_morning() -> None:
    ten = datetime(2026, 11, 22, 10, tzinfo=UTC)

    assert next_morning(ten, ZoneInfo("UTC")) == ten
    assert next_morning(ten + timedelta(seconds=1), ZoneInfo("UTC")) == datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../secrets", "Europe/\0", "Europe"])
def test_a_zone_that_nobody_knows_is_utc(name: str) -> None:
    assert zone_of(name) == ZoneInfo("UTC")


@given(MOMENTS, st.sampled_from(["UTC", "Europe/Warsaw", "Pacific/Auckland", "America/Toronto", "Nowhere"]))
def test_the_next_mornings_know_the_day_they_fall_on(moment: datetime, name: str) -> None:
    mornings = NextMornings(moment)

    goes_at, day = mornings.of(name)

    assert (goes_at, day) == mornings.of(name)
    assert goes_at == next_morning(moment, zone_of(name))
    assert day == goes_at.astimezone(zone_of(name)).date()
