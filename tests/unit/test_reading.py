"""The reading budget as arithmetic: what is spent, what is nearly spent, when it opens again (Z8)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.reading import LIMITS, Amount, Used, Window, nearly_spent, opens_again, spent

NOTHING = Amount(0, 0)
MOMENT = datetime(2026, 11, 22, 23, 40, 5, tzinfo=UTC)


@pytest.mark.parametrize("window", Window)
@pytest.mark.parametrize(("records", "rows"), [(1, 0), (0, 1)])
def test_z8_a_limit_may_be_reached_and_not_passed(window: Window, records: int, rows: int) -> None:
    limit = LIMITS[window]
    reached, passed = limit, Amount(limit.records + records, limit.rows + rows)

    def used(amount: Amount) -> Used:
        return Used(hour=amount, day=NOTHING) if window is Window.HOUR else Used(hour=NOTHING, day=amount)

    assert spent(used(reached)) is None
    assert nearly_spent(used(reached)) is window
    assert spent(used(passed)) is window


def test_z8_there_is_no_word_of_the_budget_while_there_is_plenty() -> None:
    hour, day = LIMITS[Window.HOUR], LIMITS[Window.DAY]
    most = Used(
        hour=Amount(hour.records * 4 // 5, hour.rows * 4 // 5), day=Amount(day.records * 4 // 5, day.rows * 4 // 5)
    )

    assert nearly_spent(most) is None


def test_z8_each_grant_is_as_much_again() -> None:
    day = LIMITS[Window.DAY]
    beyond = Amount(day.records * 2, 0)

    assert spent(Used(hour=NOTHING, day=beyond)) is Window.DAY
    assert spent(Used(hour=NOTHING, day=beyond, times=2)) is None


def test_z8_hour_and_day_are_over_by_the_clock_of_utc() -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=30)))

    assert opens_again(Window.HOUR, elsewhere) == datetime(2026, 11, 23, tzinfo=UTC)
    assert opens_again(Window.HOUR, MOMENT - timedelta(hours=2)) == datetime(2026, 11, 22, 22, tzinfo=UTC)
    assert opens_again(Window.DAY, elsewhere) == datetime(2026, 11, 23, tzinfo=UTC)


def test_z8_an_ordinary_day_of_a_coordinator_fits() -> None:
    """100 sponsors vetted and 100 proposals decided, two pages each; 60 people looked up; 40 pages of lists."""
    records = 100 * 2 + 100 * 2 + 60
    rows = 40 * 100 + records * 2

    assert nearly_spent(Used(hour=NOTHING, day=Amount(min(records, 480), min(rows, 4_800)))) is None
    assert spent(Used(hour=NOTHING, day=Amount(records, rows))) is None
