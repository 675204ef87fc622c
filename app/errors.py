"""Named failures. Pure. `web/errorhandlers.py` turns them into pages, `cli` into exit codes.

Each carries a sentence that may be shown to the person who caused it: no ids, no addresses, nothing they may not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


class VestkaError(Exception):
    """What every named failure is."""


class NotAllowed(VestkaError):
    """The person may know the thing exists but may not do this (403)."""


class NotFound(VestkaError):
    """There is no such thing, or it is not theirs to see: both look alike (404)."""


class Conflict(VestkaError):
    """The world is not as the person saw it (409)."""


class InvalidTransition(Conflict):
    """The state has no such move."""


class StaleRecord(Conflict):
    """Somebody changed the record since the person read it."""


class HasDuties(Conflict):
    """The person has work here that somebody else must take over first."""


class CapacityExceeded(Conflict):
    """The sponsor carries as many people as they offered to."""


class SeatsTaken(Conflict):
    """No seat of this kind is open beside the prisoner."""


class NotEligible(Conflict):
    """A hard rule forbids the pair now; `rule` is its name in docs/matching.md."""

    def __init__(self, rule: str, sentence: str) -> None:
        super().__init__(sentence)
        self.rule = rule


class ReadingSpent(VestkaError):
    """Somebody was shown as much as their reading budget holds (429); `until` is when it opens again."""

    def __init__(self, until: datetime) -> None:
        super().__init__("The reading budget is used up.")
        self.until = until


class Unavailable(VestkaError):
    """Something that the program stands on does not answer just now (503)."""


class TooManyAttempts(VestkaError):
    """Somebody tries too often: `seconds` is how long they wait (429)."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Too many attempts. Wait a little, then try again.")
        self.seconds = seconds


class SealBroken(VestkaError):
    """A sealed value does not open: its key is not the right one, or it was changed or moved."""


class SecretChanged(VestkaError):
    """The site's secret is not the one under which rows are looked for."""


class BadInput(VestkaError):
    """Input that cannot be used; the sentence names the place (exit 2)."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a policy: where, and a text (marked for translation) with its values.

    `place` is a number's, as `app.matching.policy` has them; a whole group's; or a name that no policy knows.
    """

    place: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"policy.{self.place}: {self.text % self.values}"


class InvalidPolicy(BadInput):
    """A policy that no run could use; its sentence names every problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class TextProblem:
    """One thing that is wrong with a text that somebody edits: in which part, and a sentence (marked for translation)
    with its values."""

    part: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.part}: {self.text % self.values}"


class InvalidText(BadInput):
    """A text that must not be kept; its sentence names every problem with its place."""

    def __init__(self, problems: Sequence[TextProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)
