"""Days of the year that are worth a mail ahead: a small table that a programme may change. Pure.

A letter may greet on some of them. Of the Day of Political Prisoners, and of the day of an arrest, no letter may speak
(docs/domain.md, "Letters" 3): they are occasions for godparents to speak up in public, and reminders of them say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from app.reminder_words import Holiday
from app.reminders.facts import PrisonerFacts

POSTAL_LEAD = timedelta(days=28)
"""Post takes two to four weeks (domain.md, letters 13)."""

PREPARING = timedelta(days=14)
"""What a statement, a question or a post takes to prepare."""


@dataclass(frozen=True, slots=True)
class YearlyDay:
    """A day of each year, and whom it concerns."""

    holiday: Holiday
    month: int
    day: int
    concerns: Callable[[PrisonerFacts], bool] = lambda _prisoner: True

    def in_year(self, year: int) -> date:
        """The day in that year."""
        return date(year, self.month, self.day)


GREETED = (
    YearlyDay(Holiday.NEW_YEAR, 1, 1),
    YearlyDay(Holiday.WOMENS_DAY, 3, 8, lambda prisoner: prisoner.is_woman),
)
"""Days on which a card is welcome and passes every censor."""

SPOKEN_OF = (YearlyDay(Holiday.DAY_OF_POLITICAL_PRISONERS, 5, 21),)
"""Days for godparents, never for a letter."""


def same_day_in(year: int, day: date) -> date:
    """The day's anniversary in a year: that of 29 February is on 1 March in a common year."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def newest(day_in: Callable[[int], date], *, lead: timedelta, on: date) -> date | None:
    """When a yearly day was to be told of last, `lead` ahead of it; None where that lies further back than a year."""
    due = (day_in(year) - lead for year in (on.year, on.year + 1))
    return max((day for day in due if day <= on), default=None)
