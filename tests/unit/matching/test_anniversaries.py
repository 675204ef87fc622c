from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.anniversaries import anniversary, whole_years


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(1966, 11, 22), date(2026, 11, 21), 59),
        (date(1966, 11, 22), date(2026, 11, 22), 60),
        (date(1964, 2, 29), date(2025, 2, 28), 60),
        (date(1964, 2, 29), date(2025, 3, 1), 61),
        (date(1964, 2, 29), date(2024, 2, 28), 59),
        (date(1964, 2, 29), date(2024, 2, 29), 60),
        (date(2026, 11, 22), date(2026, 11, 21), -1),
    ],
)
def test_whole_years_are_complete_on_the_anniversary(start, end, years):
    assert whole_years(start, end) == years


def test_29_february_has_its_anniversary_on_1_march_in_a_common_year():
    assert anniversary(date(2020, 2, 29), 3) == date(2023, 3, 1)
    assert anniversary(date(2020, 2, 29), 4) == date(2024, 2, 29)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 90))
def test_both_ways_to_count_agree(start, end, years):
    assert (whole_years(start, end) >= years) == (end >= anniversary(start, years))
