"""Occasions: what a reminder is for, under a name that is the same for everybody who reckons it. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from app.reminder_words import ReminderKind

KEEPS = {
    # Shorter than the shortest rhythm, so that no two of one match ever stand on the same day.
    ReminderKind.LETTER_DUE: timedelta(days=5),
    # Eighteen days are left then; post takes two to four weeks (domain.md, letters 13).
    ReminderKind.BIRTHDAY_AHEAD: timedelta(days=10),
    ReminderKind.HOLIDAY_AHEAD: timedelta(days=10),
    # Shorter than the shortest rhythm of ideas, as above.
    ReminderKind.ACTION_IDEA: timedelta(days=7),
    # Four days are left then for a statement.
    ReminderKind.SPEAK_UP_DATE: timedelta(days=10),
    ReminderKind.OFFER_UNANSWERED: timedelta(days=5),
    ReminderKind.LONG_QUIET: timedelta(days=14),
    # Both marks, 90 and 30 days ahead, are mailed long before the next step.
    ReminderKind.MANDATE_ENDING: timedelta(days=20),
    ReminderKind.RE_CONSENT: timedelta(days=14),
}
"""How long after its due date an occasion may still be mailed. What is older is stale and dropped (M4)."""

TIED_TO_A_DATE = frozenset({ReminderKind.BIRTHDAY_AHEAD, ReminderKind.HOLIDAY_AHEAD, ReminderKind.SPEAK_UP_DATE})
"""A date that does not wait: putting the reminder off does not keep it any longer."""

ABOUT_SPONSOR = frozenset({ReminderKind.LONG_QUIET, ReminderKind.MANDATE_ENDING, ReminderKind.RE_CONSENT})
"""About the sponsor, whoever they stand by; all others are about one match."""

PUT_OFF = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One kind of reminder on one day, about one match or (ABOUT_SPONSOR) one sponsor: `about` is its id.

    `again_on`: the sponsor has put it off until then. A reminder that was put off is an occasion of its own, and
    stands as long as the one that it was put off from.
    """

    kind: ReminderKind
    about: str
    due_on: date
    again_on: date | None = None

    @property
    def key(self) -> str:
        """The occasion as the outbox knows it; one mail for each, ever."""
        again = f":{self.again_on}" if self.again_on else ""
        return f"{self.kind}:{self.about}:{self.due_on}{again}"

    @classmethod
    def parse(cls, key: str) -> Self:
        """The occasion that has this key; raises ValueError for anything else."""
        kind, about, due_on, *put_off = key.split(":")
        days = [date.fromisoformat(day) for day in (due_on, *put_off)]
        if len(days) > 2:
            raise ValueError(f"no occasion is called {key}")
        return cls(ReminderKind(kind), about, *days)

    @property
    def match_id(self) -> str | None:
        """The match that it is about; None where it is about the sponsor."""
        return None if self.kind in ABOUT_SPONSOR else self.about

    @property
    def first(self) -> "Occasion":
        """The occasion as it was before it was put off."""
        return replace(self, again_on=None)

    @property
    def goes_on(self) -> date:
        """The first day on which it may be mailed."""
        return self.again_on or self.due_on

    def put_off(self, on: date) -> "Occasion | None":
        """The same, a week after that day; None where that is too late for it."""
        later = replace(self, again_on=on + PUT_OFF)
        return None if later.is_stale(on + PUT_OFF) else later

    def is_alive(self, on: date) -> bool:
        """Whether it may be mailed on that day and is not stale."""
        return self.goes_on <= on and not self.is_stale(on)

    def is_stale(self, on: date) -> bool:
        """Whether it is too late for it on that day."""
        since = self.due_on if self.kind in TIED_TO_A_DATE else self.goes_on
        return on > since + KEEPS[self.kind]
