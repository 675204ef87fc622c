"""What reading a list gives: staged people, and what went wrong on the way. Pure.

Nothing here is stored. A staged person is one data row of a list as its source wrote it, brought into the field's
words; `comparing` says what it would change, and a person decides.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus, FacilityKind, Gender


class ListStatus(StrEnum):
    """What a list says of a person. Only `held` becomes a new record (docs/domain.md, "Do no harm" 5)."""

    HELD = "held"
    FORMER = "former"
    NOT_RECOGNISED = "not_recognised"
    DIED = "died"


class Clash(StrEnum):
    """Why a row waits for a person to decide (docs/domain.md, "Do no harm" 8: never merge two people)."""

    SOURCE_ID = "same_source_id"
    SOURCE_ADDRESS = "same_source_address"
    NAME_AND_BIRTH = "same_name_and_birth_date"
    SEVERAL_HELD = "several_held_people_fit"
    OTHER_SOURCE_ID = "held_under_another_source_id"
    SEVERAL_ROWS = "several_rows_fit_one_held_person"
    LEFT_OUT = "left_out_by_a_coordinator"


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFacility:
    """A place as a list names it; `kind` is None where the title names no kind that we know."""

    title: str
    kind: FacilityKind | None = None
    number: str | None = None
    street: str | None = None
    postcode: str | None = None
    city: str | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """What stays the same in every script and spelling: kind and number, else the title without case."""
        if self.kind is not None and self.number is not None:
            return self.kind.value, self.number
        return "", " ".join(self.title.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedPerson:
    """One data row that can be read. None and empty mean that the list says nothing.

    `row` counts data rows from 1. `source_url` is the first address of the row, `other_urls` are further ones.
    `sentence_years` is in years (4.5); 99 stands for life and for death. `detention_status` is what the row amounts to:
    for a former or dead person it is the change that the list proposes. Only a former person has `released_on`.
    """

    row: int
    name: str
    status: ListStatus
    detention_status: DetentionStatus
    name_latin: str | None = None
    name_cyrillic: str | None = None
    source_id: str | None = None
    source_url: str | None = None
    other_urls: tuple[str, ...] = ()
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
class RowProblem:
    """What is wrong in one data row, in one line; `column` is the heading as the file writes it."""

    row: int
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that may be somebody else's too, why, and the rows it clashes with (itself left out).

    It waits for a person, unless a person has `decided` about it already.
    """

    person: StagedPerson
    clash: Clash
    with_rows: tuple[int, ...] = ()
    decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A list as read: every data row is in exactly one of `people`, `quarantined` and `errors`.

    `warnings` are for the reader of the dry run: a value that was left out though its row was taken.
    """

    filename: str
    source: str
    as_of: date
    shape: str
    rows: int
    people: tuple[StagedPerson, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    errors: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
