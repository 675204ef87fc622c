"""Occasions: what a reminder is for, under a name that is the same for everybody who reckons it. Pure."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from app.vocabulary import ReminderKind

KEEPS = {
    # Shorter than the shortest rhythm, so that no two of one match ever stand on the same day.
    ReminderKind.LETTER_DUE: timedelta(days=5),
    # Eighteen days are left then; post takes two to four weeks (domain.md, letters 13).
    ReminderKind.BIRTHDAY_AHEAD: timedelta(days=10),
    ReminderKind.OFFER_UNANSWERED: timedelta(days=5),
}
"""How long after its due date an occasion may still be mailed. What is older is stale and dropped (M4)."""

TIED_TO_A_DATE = frozenset({ReminderKind.BIRTHDAY_AHEAD})
"""A date that does not wait: putting the reminder off does not keep it any longer."""

PUT_OFF = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One kind of reminder about one match on one day.

    `again_on`: the sponsor has put it off until then. A reminder that was put off is an occasion of its own, and
    stands as long as the one that it was put off from.
    """

    kind: ReminderKind
    match_id: str
    due_on: date
    again_on: date | None = None

    @property
    def key(self) -> str:
        """The occasion as the outbox knows it; one mail for each, ever."""
        again = f":{self.again_on}" if self.again_on else ""
        return f"{self.kind}:{self.match_id}:{self.due_on}{again}"

    @classmethod
    def parse(cls, key: str) -> Self:
        """The occasion that has this key; raises ValueError for anything else."""
        kind, match_id, due_on, *put_off = key.split(":")
        days = [date.fromisoformat(day) for day in (due_on, *put_off)]
        if len(days) > 2:
            raise ValueError(f"no occasion is called {key}")
        return cls(ReminderKind(kind), match_id, *days)

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
