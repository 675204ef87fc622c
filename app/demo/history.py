"""The calendar of the demo's past: when people entered, when the matching ran. Pure.

Two years that end at the moment of seeding. Matching ran rarely at first and oftener of late; the last run was last
night, so the desk has fresh proposals.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DAYS_AGO_OF_RUNS: Final = (690, 540, 400, 270, 150, 60, 12)
ENTRY_BEFORE_RUN: Final = timedelta(days=2)
APPOINTED_BEFORE: Final = timedelta(days=730)
LAST_RUN_AGO: Final = timedelta(hours=11)


@dataclass(frozen=True)
class Calendar:
    """The moments of the demo's past, reckoned back from `now` (UTC)."""

    now: datetime

    @property
    def appointed_at(self) -> datetime:
        """When the coordinators began."""
        return self.now - APPOINTED_BEFORE

    @property
    def runs(self) -> tuple[datetime, ...]:
        """When the matching ran, for both support kinds each time; the last one was last night."""
        return (*(self._at_night(days) for days in DAYS_AGO_OF_RUNS), self.now - LAST_RUN_AGO)

    @property
    def entries(self) -> tuple[datetime, ...]:
        """When prisoners were entered, one batch before each run."""
        return tuple(run - ENTRY_BEFORE_RUN for run in self.runs)

    def ago(self, span: timedelta) -> datetime:
        """The moment that lies this far back."""
        return self.now - span

    def _at_night(self, days: int) -> datetime:
        return (self.now - timedelta(days=days)).replace(hour=2, minute=0, second=0, microsecond=0)
