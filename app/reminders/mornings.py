"""The sponsor's own morning: from 08:00 to 10:00 on the clock on their wall, whatever that clock does. Pure.

Clocks change at night: since 1990 no place has had a change that touched its 08:00. A day that a place skipped has no
morning, and the next one is meant. So it is for a day of the week on which the sponsor wants quiet.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BEGINS, ENDS = time(8), time(10)
"""Both included."""

MOST_QUIET_DAYS = 5
"""Of a week. Reminders keep for five days: were there more, some would go stale before their morning came."""

ONE_DAY = timedelta(days=1)
_UTC = ZoneInfo("UTC")


def zone_of(name: str) -> ZoneInfo:
    """The time zone with this IANA name; UTC for a name that means nothing (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _UTC


def is_morning(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether it is morning there at that moment."""
    return BEGINS <= moment.astimezone(zone).time() <= ENDS


def next_morning(moment: datetime, zone: ZoneInfo, *, quiet_days: Collection[int] = ()) -> datetime:
    """The moment itself where it is morning there; else the beginning of the next morning, in UTC.

    `quiet_days` (0 is Monday) have no morning; more than MOST_QUIET_DAYS count for nothing.
    """
    quiet = quiet_days if len(quiet_days) <= MOST_QUIET_DAYS else ()
    day = moment.astimezone(zone).date()
    if is_morning(moment, zone) and day.weekday() not in quiet:
        return moment
    while True:
        begins = datetime.combine(day, BEGINS, zone).astimezone(UTC)
        if begins >= moment and begins.astimezone(zone).weekday() not in quiet:
            return begins
        day += ONE_DAY


def going_out(due_on: date, *, moment: datetime, zone: ZoneInfo, quiet_days: Collection[int] = ()) -> datetime:
    """When a reminder goes that may go from `moment` on: in the first morning there on its due date or later."""
    begins = datetime.combine(due_on, time(), zone).astimezone(UTC)
    return next_morning(max(moment, begins), zone, quiet_days=quiet_days)


class NextMornings:
    """Everybody's next morning after one moment, each reckoned once: zones and weeks are far fewer than sponsors."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment
        self._known: dict[tuple[str, frozenset[int]], tuple[datetime, date]] = {}

    def of(self, zone_name: str, quiet_days: frozenset[int] = frozenset()) -> tuple[datetime, date]:
        """The moment in UTC, and the day it falls on there."""
        key = zone_name, quiet_days
        if key not in self._known:
            zone = zone_of(zone_name)
            morning = next_morning(self._moment, zone, quiet_days=quiet_days)
            self._known[key] = morning, morning.astimezone(zone).date()
        return self._known[key]
