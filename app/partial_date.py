"""Dates as sources give them: a year, a year and month, or a whole day. Pure.

"1980" is not 1 January 1980. A partial date keeps what is known and never grows a day of its own, so that an age or a
birthday is computed from whole dates only (docs/matching.md, "Tiers").
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Self

ADULT_YEARS = 18

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A year, perhaps a month, perhaps a day. Raises ValueError when the calendar has no such date."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month is no date")
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; raise ValueError for anything else or for an impossible date."""
        found = _ISO.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        return cls(year, month, day)

    @classmethod
    def of(cls, day: date) -> Self:
        """The whole date `day`."""
        return cls(day.year, day.month, day.day)

    @property
    def whole(self) -> date | None:
        """The calendar day, or None where the date is partial."""
        if self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def latest(self) -> date:
        """The last of the days that it may be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __lt__(self, other: Self) -> bool:
        """Order by what is known; a partial date stands before the whole dates it contains."""
        return (self.year, self.month or 0, self.day or 0) < (other.year, other.month or 0, other.day or 0)


def may_be_under_age(birth_date: PartialDate, *, on: date) -> bool:
    """Whether somebody born then may be under 18 on that day; a partial date counts as its latest day."""
    born = birth_date.latest
    return (born.year, born.month, born.day) > (on.year - ADULT_YEARS, on.month, on.day)
