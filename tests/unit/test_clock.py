"""The one source of "now"."""

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app import clock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_now_is_in_utc_and_moves_with_the_system() -> None:
    before = datetime.now(UTC)

    seen = clock.now()

    assert seen.tzinfo is UTC
    assert before <= seen <= datetime.now(UTC)


def test_a_set_clock_stands_still_inside_the_block() -> None:
    with clock.at(NOON):
        assert (clock.now(), clock.now()) == (NOON, NOON)
        assert clock.today() == date(2026, 11, 22)


def test_the_clock_runs_again_after_the_block() -> None:
    with clock.at(NOON - timedelta(days=10_000)):
        pass

    assert clock.now() > NOON - timedelta(days=10_000)


def test_the_clock_runs_again_after_a_failure_inside_the_block() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(NOON - timedelta(days=10_000)):
        _ = 1 / 0

    assert clock.now() > NOON - timedelta(days=10_000)


def test_an_inner_block_gives_the_outer_time_back() -> None:
    with clock.at(NOON):
        with clock.at(NOON + timedelta(hours=1)):
            assert clock.now() == NOON + timedelta(hours=1)
        assert clock.now() == NOON


def test_none_leaves_the_clock_as_it_is() -> None:
    with clock.at(NOON), clock.at(None):
        assert clock.now() == NOON


def test_a_moment_of_another_zone_is_kept_in_utc_and_gives_the_utc_day() -> None:
    minsk = timezone(timedelta(hours=3))

    with clock.at(datetime(2026, 11, 23, 1, 30, tzinfo=minsk)):
        assert clock.now().utcoffset() == timedelta(0)
        assert clock.today() == date(2026, 11, 22)


def test_a_moment_without_a_zone_is_refused() -> None:
    with (
        pytest.raises(ValueError, match="time zone"),
        clock.at(datetime(2026, 11, 22)),  # noqa: DTZ001 - the missing zone is the point
    ):
        pass


def test_a_clock_set_in_one_thread_leaves_other_threads_alone() -> None:
    seen: list[datetime] = []

    with clock.at(NOON - timedelta(days=10_000)):
        other = threading.Thread(target=lambda: seen.append(clock.now()))
        other.start()
        other.join()

    assert seen[0] > NOON - timedelta(days=10_000)
