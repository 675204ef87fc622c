"""Whole years between two days. Pure.

One definition serves ages, terms and mandates: somebody born on 29 February has their birthday on 1 March in a common
year.
"""

from datetime import date


def anniversary(start: date, years: int) -> date:
    """The day on which `years` whole years have passed since `start`; raises ValueError past the calendar's end."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)


def whole_years(start: date, end: date) -> int:
    """How many whole years lie between two days (negative where `end` is before `start`)."""
    years = end.year - start.year
    before_the_day = (end.month, end.day) < (start.month, start.day)
    return years - before_the_day
