"""Dates as sources give them: what is known is kept, and nothing is added."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.partial_date import PartialDate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1980", PartialDate(1980)),
        ("1980-03", PartialDate(1980, 3)),
        ("1980-03-31", PartialDate(1980, 3, 31)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
    ],
)
def test_what_a_source_gives_is_what_is_kept(text: str, expected: PartialDate) -> None:
    parsed = PartialDate.parse(text)

    assert parsed == expected
    assert str(parsed) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "80",
        "1980-3",
        "1980-13",
        "2023-02-29",
        "1980-04-31",
        "0000",
        "31.03.1980",
        "1980-03-31 ",
        "1980\n",
        "１９８０",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words vary with the Python version
        PartialDate.parse(text)


@pytest.mark.parametrize("text", ["1980-00", "1980-00-00", "1980-01-00"])
def test_a_zero_is_no_month_and_no_day(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words vary with the Python version
        PartialDate.parse(text)


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(ValueError, match="without a month"):
        PartialDate(1980, None, 5)


def test_only_a_whole_date_has_a_day_in_the_calendar() -> None:
    assert PartialDate(1980).whole is None
    assert PartialDate(1980, 1).whole is None
    assert PartialDate(1980, 1, 1).whole == date(1980, 1, 1)


def test_a_year_alone_is_not_its_first_day() -> None:
    assert PartialDate.parse("1980") != PartialDate.parse("1980-01-01")


def test_a_partial_date_stands_before_the_whole_dates_it_contains() -> None:
    dates = ["1981", "1980-02", "1980-01-02", "1980", "1980-01", "1980-01-01"]

    ordered = sorted(PartialDate.parse(text) for text in dates)

    assert [str(day) for day in ordered] == ["1980", "1980-01", "1980-01-01", "1980-01-02", "1980-02", "1981"]


@given(st.dates())
def test_a_whole_date_survives_being_written_and_read(day: date) -> None:
    assert PartialDate.parse(str(PartialDate.of(day))).whole == day


@given(st.dates(), st.dates())
def test_whole_dates_keep_the_order_of_the_calendar(one: date, other: date) -> None:
    assert (PartialDate.of(one) < PartialDate.of(other)) == (one < other)
    assert (PartialDate.of(one) >= PartialDate.of(other)) == (one >= other)
