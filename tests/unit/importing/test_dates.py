"""Dates as lists write them."""

from calendar import month_name
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.importing.dates import ImpossibleDate, UnreadableDate, first_date, read_date
from app.partial_date import PartialDate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1985", "1985"),
        ("1985-03", "1985-03"),
        ("1985-3-7", "1985-03-07"),
        ("07.03.1985", "1985-03-07"),
        ("7.3.1985 г.", "1985-03-07"),
        ("29 September 2026", "2026-09-29"),
        ("September 29, 2026", "2026-09-29"),
        ("april 2026", "2026-04"),
        ("Sept. 2026", "2026-09"),
        ("7 сентября 2026 г.", "2026-09-07"),
        ("Апрель 2026", "2026-04"),
        ("29 верасня 2026", "2026-09-29"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_a_date_is_kept_as_partial_as_it_is_written(text: str, expected: str) -> None:
    assert str(read_date(text)) == expected


@pytest.mark.parametrize(
    "text", ["2021-02-30", "1954-02-29", "2020-13-01", "31.04.2021", "30 February 2021", "31 июня 2021", "2021-00-10"]
)
def test_a_whole_date_outside_the_calendar_is_impossible(text: str) -> None:
    with pytest.raises(ImpossibleDate, match="not in the calendar"):
        read_date(text)


@pytest.mark.parametrize(
    "text", ["1952-08021", "19812", "03/07/1985", "soon", "12 Brumaire 1799", "2021-13", "", "1985-03-07-01", "٢٠٢١"]
)
def test_what_is_no_date_is_never_guessed_at(text: str) -> None:
    with pytest.raises(UnreadableDate):
        read_date(text)


def test_a_cell_of_several_lines_gives_its_first_date() -> None:
    assert str(first_date("appealed\n12 May 2024\n1 June 2025")) == "2024-05-12"


def test_an_impossible_line_before_any_date_makes_the_cell_impossible() -> None:
    with pytest.raises(ImpossibleDate):
        first_date("2021-02-30\n2021-03-01")


@given(some.dates())
def test_every_day_of_the_calendar_is_read_in_every_notation(day: date) -> None:
    written = (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year:04}",
        f"{day.day} {month_name[day.month]} {day.year:04}",
    )
    assert {read_date(text) for text in written} == {PartialDate.of(day)}


@given(some.text(max_size=60))
def test_any_text_is_a_date_or_a_named_failure(text: str) -> None:
    try:
        found = first_date(text)
    except (ImpossibleDate, UnreadableDate):
        return
    assert 1 <= found.year <= 9999
