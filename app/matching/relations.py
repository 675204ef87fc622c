"""What holds between any prisoner and any sponsor: asked of one pair, or of all pairs at once. Pure.

A relation is written once. For one pair it is answered directly; for all pairs the few distinct keys of either side
are compared once and the answers looked up by NumPy, so the two views cannot disagree in what they mean and no pair is
ever visited by Python.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import numpy as np

from app.matching.facts import IdPair, PrisonerFacts, SponsorFacts
from app.matching.pairs import stand_in
from app.matching.types import Ints, Numbers, Points

MERGED_CELLS = 1 << 20
"""Tables are merged into one as long as it has no more cells than this, and so stays near the processor."""

PrisonerKey = TypeVar("PrisonerKey", bound=Hashable)
SponsorKey = TypeVar("SponsorKey", bound=Hashable)


class Grid(Protocol):
    """A relation's answers for given prisoners (rows) and sponsors (columns)."""

    def across(self, rows: Numbers, columns: Numbers) -> Points:
        """The answers of each of these prisoners with each of these sponsors (ascending), one row for a prisoner."""

    def at(self, row: Numbers, column: Numbers) -> Points:
        """The answers of single pairs."""


class Relation(Protocol):
    """Gives a small whole number for every pair; 0 is "no"."""

    def between(self, prisoner: PrisonerFacts, sponsor: SponsorFacts) -> int:
        """The answer for one pair."""

    def over(self, prisoners: Sequence[PrisonerFacts], sponsors: Sequence[SponsorFacts]) -> Grid:
        """The answers for all pairs."""


@dataclass(frozen=True)
class Comparison(Generic[PrisonerKey, SponsorKey]):
    """A relation that depends on one key of each side; both sides must have few distinct keys."""

    of_prisoner: Callable[[PrisonerFacts], PrisonerKey]
    of_sponsor: Callable[[SponsorFacts], SponsorKey]
    answer: Callable[[PrisonerKey, SponsorKey], int]

    def between(self, prisoner: PrisonerFacts, sponsor: SponsorFacts) -> int:
        return int(self.answer(self.of_prisoner(prisoner), self.of_sponsor(sponsor)))

    def over(self, prisoners: Sequence[PrisonerFacts], sponsors: Sequence[SponsorFacts]) -> "TableGrid":
        row_keys, row_code = _coded([self.of_prisoner(prisoner) for prisoner in prisoners])
        column_keys, column_code = _coded([self.of_sponsor(sponsor) for sponsor in sponsors])
        answers = [[self.answer(row, column) for column in column_keys] for row in row_keys]
        table = np.array(answers, dtype=np.int16).reshape(len(row_keys), len(column_keys))
        return TableGrid(table, row_code, column_code)


@dataclass(frozen=True)
class TableGrid:
    """Answers by key: `table[row_code[i], column_code[j]]`."""

    table: Points
    row_code: Ints
    column_code: Ints

    def across(self, rows: Numbers, columns: Numbers) -> Points:
        return self.table[self.row_code[rows]].take(self.column_code[columns], axis=1)

    def at(self, row: Numbers, column: Numbers) -> Points:
        found: Points = self.table[self.row_code[row], self.column_code[column]]
        return found

    def plus(self, other: "TableGrid") -> "TableGrid | None":
        """The sum of two tables as one table over their joint keys; None where that would be too large."""
        rows, row = _examples(joint_code(self.row_code, other.row_code))
        columns, column = _examples(joint_code(self.column_code, other.column_code))
        if len(rows) * len(columns) > MERGED_CELLS:
            return None
        return TableGrid(self.across(rows, columns) + other.across(rows, columns), row, column)


@dataclass(frozen=True)
class Listing:
    """A relation that holds for listed pairs of ids and gives `points` there; ids of nobody present are ignored."""

    pairs: frozenset[IdPair]
    points: int = 1

    def between(self, prisoner: PrisonerFacts, sponsor: SponsorFacts) -> int:
        return self.points if (prisoner.id, sponsor.id) in self.pairs else 0

    def over(self, prisoners: Sequence[PrisonerFacts], sponsors: Sequence[SponsorFacts]) -> "ListedGrid":
        row = {prisoner.id: number for number, prisoner in enumerate(prisoners)}
        column = {sponsor.id: number for number, sponsor in enumerate(sponsors)}
        keys = [row[a] * len(sponsors) + column[b] for a, b in self.pairs if a in row and b in column]
        return ListedGrid(np.array(sorted(keys), dtype=np.int64), len(sponsors), self.points)


@dataclass(frozen=True)
class ListedGrid:
    """Answers that are 0 but for few pairs, kept as sorted `row * columns + column`."""

    keys: Ints
    columns: int
    points: int

    def across(self, rows: Numbers, columns: Numbers) -> Points:
        answers = np.zeros((len(rows), len(columns)), dtype=np.int16)
        answers.reshape(-1)[self.places(rows, columns)] = self.points
        return answers

    def at(self, row: Numbers, column: Numbers) -> Points:
        listed = stand_in(self.keys, row * np.int64(self.columns) + column)
        return listed.astype(np.int16) * np.int16(self.points)

    def pairs(self) -> tuple[Numbers, Numbers]:
        """The rows and the columns of the listed pairs."""
        row, column = np.divmod(self.keys, max(1, self.columns))
        return row.astype(np.int32), column.astype(np.int32)

    def places(self, rows: Numbers, columns: Numbers) -> Ints:
        """Where the listed pairs stand among the pairs of each of these rows with each of these columns, in order."""
        first = np.searchsorted(self.keys, rows * np.int64(self.columns))
        ends = np.searchsorted(self.keys, (rows + np.int64(1)) * self.columns)
        line = np.repeat(np.arange(len(rows)), ends - first)
        listed = np.concatenate([self.keys[a:b] for a, b in zip(first, ends, strict=True)] or [self.keys[:0]])
        column = listed - rows[line] * np.int64(self.columns)
        found = np.flatnonzero(stand_in(columns.astype(np.int64), column))
        places: Ints = line[found] * len(columns) + np.searchsorted(columns, column[found])
        return places


@dataclass(frozen=True)
class Tally:
    """How many of several yes-or-no relations hold, as points: `points[count]`."""

    parts: tuple[Relation, ...]
    points: tuple[int, ...]

    def between(self, prisoner: PrisonerFacts, sponsor: SponsorFacts) -> int:
        return self.points[sum(part.between(prisoner, sponsor) for part in self.parts)]

    def over(self, prisoners: Sequence[PrisonerFacts], sponsors: Sequence[SponsorFacts]) -> "Grid":
        counts = merged([part.over(prisoners, sponsors) for part in self.parts])
        points = np.array(self.points, dtype=np.int16)
        if len(counts) == 1 and isinstance(counts[0], TableGrid):
            return replace(counts[0], table=points[counts[0].table])
        return TallyGrid(tuple(counts), points)


@dataclass(frozen=True)
class TallyGrid:
    """The answers of a tally too varied for one table: every part's answer counted, then the count's points."""

    parts: tuple[Grid, ...]
    points: Points

    def across(self, rows: Numbers, columns: Numbers) -> Points:
        return self._looked_up([part.across(rows, columns) for part in self.parts])

    def at(self, row: Numbers, column: Numbers) -> Points:
        return self._looked_up([part.at(row, column) for part in self.parts])

    def _looked_up(self, answers: list[Points]) -> Points:
        count = sum(answers[1:], start=answers[0])
        found: Points = self.points[count]
        return found


def merged(grids: Sequence[Grid]) -> list[Grid]:
    """As few grids as give the same answers in sum: tables are added up as long as the joint one stays small."""
    few: list[Grid] = []
    for grid in grids:
        for place, other in enumerate(few):
            both = other.plus(grid) if isinstance(other, TableGrid) and isinstance(grid, TableGrid) else None
            if both is not None:
                few[place] = both
                break
        else:
            few.append(grid)
    return few


def joint_code(first: Ints, *others: Ints) -> Ints:
    """One number for each combination of codes that occurs, in the order of the combinations."""
    joint = first
    for code in others:
        joint = np.unique(joint * (int(code.max(initial=0)) + 1) + code, return_inverse=True)[1]
    return joint


def _examples(code: Ints) -> tuple[Numbers, Ints]:
    """For each code that occurs the first place where it does, and all codes as numbers of these."""
    _, place, number = np.unique(code, return_index=True, return_inverse=True)
    return place.astype(np.int32), number


def _coded(keys: Sequence[PrisonerKey]) -> tuple[list[PrisonerKey], Ints]:
    """The distinct keys in order of appearance, and each key's number."""
    number: dict[PrisonerKey, int] = {}
    codes = [number.setdefault(key, len(number)) for key in keys]
    return list(number), np.array(codes, dtype=np.int64)
