"""What a list would change, as values: the people held, the rows compared with them, and the counts. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.importing.records import ListStatus, Quarantined, RowProblem, StagedFacility, StagedPerson
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus, Gender


class Outcome(StrEnum):
    """What applying a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class KnownAs:
    """Under which id and address a source knows a held person."""

    source: str
    source_id: str | None = None
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Which source gave a field its present value, and the day that source stood for."""

    source: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPerson:
    """What the application holds of one prisoner, as far as a list can speak of it.

    `key` is the application's own id and comes back untouched. `origins` is by the names of the fields here; a field
    without an origin was written by a coordinator. `status_since` is the day from which `detention_status` stands,
    where it is known.
    """

    key: str
    name: str
    detention_status: DetentionStatus
    known_as: tuple[KnownAs, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict)
    name_latin: str | None = None
    name_cyrillic: str | None = None
    status_since: date | None = None
    gender: Gender | None = None
    birth_date: PartialDate | None = None
    arrested_on: PartialDate | None = None
    verdict_on: PartialDate | None = None
    released_on: PartialDate | None = None
    died_on: PartialDate | None = None
    sentence: str | None = None
    sentence_years: float | None = None
    penalty: str | None = None
    description: str | None = None
    articles: tuple[str, ...] = ()
    facility: StagedFacility | None = None
    home_area: str | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: `old` is held, `new` is what the list says.

    A new `detention_status` is a proposal. `known_as` introduces a person to a list that has not named them before.
    """

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One row of the list, what applying it would do, and to whom."""

    person: StagedPerson
    outcome: Outcome
    held: HeldPerson | None = None
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """A list compared with what is held: every data row is in exactly one of `entries`, `quarantined` and `errors`.

    `settled` are held people whom rows name that are quarantined still, but were decided about: one for each person.
    `matters` are the rows that wait for a person, those that clash with one another together; a row that could change
    nothing whatever is decided is in none.
    """

    rows: int
    entries: tuple[DiffRow, ...]
    quarantined: tuple[Quarantined, ...]
    errors: tuple[RowProblem, ...]
    settled: tuple[DiffRow, ...] = ()
    matters: tuple[tuple[Quarantined, ...], ...] = ()

    def of(self, outcome: Outcome) -> Iterator[DiffRow]:
        """The rows with this outcome, in the order of the file."""
        return (entry for entry in self.entries if entry.outcome is outcome)

    def of_held(self) -> Iterator[DiffRow]:
        """The rows that speak of somebody held, those of earlier decisions last."""
        yield from (entry for entry in self.entries if entry.held)
        yield from self.settled

    def counts(self) -> dict[str, object]:
        """The object that `flask prisoners import --json` prints (docs/commands.md), without `applied`."""
        outcomes = Counter(entry.outcome for entry in self.entries)
        skipped = Counter(entry.person.status for entry in self.of(Outcome.SKIPPED))
        return {
            "rows": self.rows,
            "new": outcomes[Outcome.NEW],
            "changed": outcomes[Outcome.CHANGED],
            "unchanged": outcomes[Outcome.UNCHANGED],
            "skipped": {
                status.value: skipped[status]
                for status in (ListStatus.FORMER, ListStatus.NOT_RECOGNISED, ListStatus.DIED)
            },
            "quarantined": len(self.quarantined),
            "errors": [{"row": e.row, "column": e.column, "message": e.message} for e in self.errors],
        }
