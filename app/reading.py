"""The reading budget: how many people's records and rows one member of staff is shown (docs/threats.md, Z8). Pure.

An officer of a security service once read the data of some 8,500 people in ten months of volunteering (docs/domain.md,
"Do no harm" 1). A budget stops nobody who is patient, but makes them slow, and whoever hurries is noticed.

A *record* is one person's own page, with everything on it; a *row* is anybody else who is shown with their name, in a
list or on somebody's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final


class Window(StrEnum):
    """What is counted together: an hour by the clock, a day from midnight to midnight, both in UTC."""

    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Amount:
    """So many records and so many rows."""

    records: int
    rows: int

    def __mul__(self, times: int) -> "Amount":
        return Amount(self.records * times, self.rows * times)


LIMITS: Final[Mapping[Window, Amount]] = {Window.HOUR: Amount(200, 2_000), Window.DAY: Amount(600, 6_000)}
"""What everybody on the staff may be shown. A long list has 100 rows a page, the desk about 40.

A coordinator who vets 100 sponsors (two pages each), decides on 100 proposals (two pages each), looks 60 people up and
turns 40 pages of lists in one day needs about 460 records and 5,000 rows.
"""

NEAR: Final = Fraction(4, 5)
"""From this part of a limit on the pages say how much is left."""


@dataclass(frozen=True, slots=True)
class Used:
    """What one member of staff was shown in this hour and this day.

    `times` is how often `LIMITS` they may be shown: the site's own factor, and what was granted for the day.
    """

    hour: Amount
    day: Amount
    times: int = 1

    def limit(self, window: Window) -> Amount:
        """What they may be shown in the window today."""
        return LIMITS[window] * self.times

    def shown(self, window: Window) -> Amount:
        """What they were shown in it."""
        return self.hour if window is Window.HOUR else self.day


def spent(used: Used) -> Window | None:
    """The window whose limit is passed, the longer one first; None while both hold."""
    return next((window for window in (Window.DAY, Window.HOUR) if _reaches(used, window, Fraction(1))), None)


def nearly_spent(used: Used) -> Window | None:
    """The window of which most is gone, the longer one first; None while there is plenty."""
    return next((window for window in (Window.DAY, Window.HOUR) if _reaches(used, window, NEAR)), None)


def _reaches(used: Used, window: Window, part: Fraction) -> bool:
    """Whether more than this part of the window's limit was shown."""
    shown, limit = used.shown(window), used.limit(window)
    return shown.records > limit.records * part or shown.rows > limit.rows * part


def hour_of(moment: datetime) -> datetime:
    """When the hour that is counted together with this moment began."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def opens_again(window: Window, moment: datetime) -> datetime:
    """When the window that holds this moment is over."""
    hour = hour_of(moment)
    return hour + timedelta(hours=1) if window is Window.HOUR else hour.replace(hour=0) + timedelta(days=1)
