"""Which pairs the hard rules leave, and how well they suit: from the facts, a block at a time. Pure.

Most rules compare one key of each side, so people with equal keys fall into a class, and a class of prisoners shares
its eligible sponsors. What is listed pair by pair (conflicts, refusals, live matches) is taken out one by one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.matching.pairs import Pairs, cheapest_of_each
from app.matching.relations import Grid, ListedGrid, TableGrid, joint_code
from app.matching.sources import BLOCK_PAIRS
from app.matching.tariff import CLOSED, Tariff
from app.matching.types import Flags, Ints, Numbers, Points

TOO_MANY = 4
"""Above so many times the pairs that are wanted, it pays to find out first how cheap a pair has to be."""


@dataclass(frozen=True, eq=False)
class Eligibility:
    """The hard rules over given prisoners and sponsors, in the order of the rules."""

    rules: Sequence[Grid]
    sponsors: int

    @cached_property
    def tables(self) -> dict[int, TableGrid]:
        """The rules that compare keys, by their place."""
        return {place: rule for place, rule in enumerate(self.rules) if isinstance(rule, TableGrid)}

    @cached_property
    def listed(self) -> ListedGrid:
        """All pairs that some rule lists, and so forbids."""
        keys = [rule.keys for rule in self.rules if isinstance(rule, ListedGrid)]
        return ListedGrid(np.unique(np.concatenate((np.empty(0, dtype=np.int64), *keys))), self.sponsors, 1)

    @cached_property
    def prisoner_class(self) -> Ints:
        """Each prisoner's class: those of one class are alike to every rule that compares."""
        return joint_code(*(table.row_code for table in self.tables.values()))

    @cached_property
    def sponsor_class(self) -> Ints:
        """Each sponsor's class, likewise."""
        return joint_code(*(table.column_code for table in self.tables.values()))

    @cached_property
    def _sponsor_examples(self) -> Numbers:
        return np.unique(self.sponsor_class, return_index=True)[1].astype(np.int32)

    def classes(self, among: Flags | None = None) -> Iterator[Numbers]:
        """The prisoners of each class, or those of them that are flagged; ascending."""
        order = np.argsort(self.prisoner_class, kind="stable")
        order = order if among is None else order[among[order]]
        if len(order):
            ends = np.flatnonzero(np.diff(self.prisoner_class[order])) + 1
            yield from np.split(order.astype(np.int32), ends)

    def open_to(self, prisoner: int) -> Numbers:
        """The sponsors that no comparing rule keeps from this prisoner's class; ascending."""
        allowed = self._failing(prisoner) < 0
        return np.flatnonzero(allowed[self.sponsor_class]).astype(np.int32)

    def count(self) -> tuple[int, Ints]:
        """How many pairs are eligible, and how many each rule forbids, counting the first that fails."""
        size_of_class = np.bincount(self.sponsor_class)
        counts = np.zeros(len(self.rules) + 1, dtype=np.int64)  # the last place stands for eligible pairs
        for members in self.classes():
            np.add.at(counts, self._failing(int(members[0])), size_of_class * len(members))
        row, column = self.listed.pairs()
        np.subtract.at(counts, self._first_failing_at(row, column, self.tables), 1)
        np.add.at(counts, self._first_failing_at(row, column, dict(enumerate(self.rules))), 1)
        return int(counts[-1]), counts[:-1]

    def tables_by(self, group: Ints) -> Iterator[tuple[int, Ints]]:
        """Every prisoner's number with a table: how many sponsors of each group each rule keeps away, the first counts.

        `group` numbers the sponsors' groups; the last column counts those whom no rule keeps away.
        """
        of_class = np.zeros((len(self._sponsor_examples), int(group.max(initial=-1)) + 1), dtype=np.int64)
        np.add.at(of_class, (self.sponsor_class, group), 1)
        row, column = self.listed.pairs()
        by_tables = self._first_failing_at(row, column, self.tables)
        by_all = self._first_failing_at(row, column, dict(enumerate(self.rules)))
        for members in self.classes():
            alike = np.zeros((len(self.rules) + 1, of_class.shape[1]), dtype=np.int64)
            np.add.at(alike, self._failing(int(members[0])), of_class)
            for prisoner in members.tolist():
                own = slice(*np.searchsorted(row, [prisoner, prisoner + 1]))
                table = alike.copy()
                np.subtract.at(table, (by_tables[own], group[column[own]]), 1)
                np.add.at(table, (by_all[own], group[column[own]]), 1)
                yield prisoner, table.T

    def allows(self, prisoner: Numbers, sponsor: Numbers) -> Flags:
        """Which of these pairs are eligible."""
        failing = self._first_failing_at(prisoner, sponsor, dict(enumerate(self.rules)))
        allowed: Flags = failing < 0
        return allowed

    def _failing(self, prisoner: int) -> Ints:
        """For each class of sponsors the place of the first comparing rule that fails with this prisoner, or -1."""
        row = np.full(len(self._sponsor_examples), prisoner, dtype=np.int32)
        return self._first_failing_at(row, self._sponsor_examples, self.tables)

    def _first_failing_at(self, row: Numbers, column: Numbers, rules: Mapping[int, Grid]) -> Ints:
        failing = np.full(len(row), -1)
        for place, rule in reversed(list(rules.items())):
            failing[rule.at(row, column) != 0] = place
        return failing


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """The eligible pairs and their fit, computed anew whenever they are asked for: a pair source of any size.

    `terms` together give the fit but for the one point of every eligible pair; `count` is how many pairs there are.
    """

    eligibility: Eligibility
    terms: Sequence[Grid]
    count: int

    def __len__(self) -> int:
        return self.count

    def blocks(self) -> Iterator[Pairs]:
        for block in self._blocks():
            yield block.pairs(block.fit > 0)

    def best(self, tariff: Tariff, *, most: Ints, below: int, among: Flags | None = None) -> Iterator[Pairs]:
        for block in self._blocks(among):
            cost, wanted = block.cost(tariff), most[block.prisoners]
            chosen = cost < below
            if np.count_nonzero(chosen) > TOO_MANY * wanted.sum():
                chosen &= cost <= _nth_least(cost, int(wanted.max()))
            candidates = block.pairs(chosen)
            yield candidates.at(cheapest_of_each(candidates, tariff.cost(candidates), most=most))

    def within_reach(self, tariff: Tariff) -> Iterator[Pairs]:
        for block in self._blocks():
            yield block.pairs(block.cost(tariff) <= 0)

    def highest_fit(self) -> Ints:
        highest = np.zeros(len(self.eligibility.prisoner_class), dtype=np.int64)
        for block in self._blocks():
            highest[block.prisoners] = block.fit.max(axis=1, initial=0)
        return highest

    def fits(self, prisoner: Numbers, sponsor: Numbers) -> Points:
        fit = sum((term.at(prisoner, sponsor) for term in self.terms), start=np.ones(len(prisoner), dtype=np.int16))
        return np.where(self.eligibility.allows(prisoner, sponsor), fit, np.int16(0))

    def _blocks(self, among: Flags | None = None) -> Iterator["_Block"]:
        for members in self.eligibility.classes(among):
            sponsors = self.eligibility.open_to(int(members[0]))
            height = max(1, BLOCK_PAIRS // max(1, len(sponsors)))
            for first in range(0, len(members), height):
                prisoners = members[first : first + height]
                yield self._block(prisoners, sponsors)

    def _block(self, prisoners: Numbers, sponsors: Numbers) -> "_Block":
        fit = np.ones((len(prisoners), len(sponsors)), dtype=np.int16)
        for term in self.terms:
            fit += term.across(prisoners, sponsors)
        forbidden = self.eligibility.listed.places(prisoners, sponsors)
        fit.reshape(-1)[forbidden] = 0
        return _Block(prisoners, sponsors, fit, forbidden)


def _nth_least(cost: Ints, n: int) -> Ints:
    """The nth least cost of each row, or the greatest where there are fewer, as a column."""
    place = min(n, cost.shape[1]) - 1
    return np.partition(cost, place, axis=1)[:, place : place + 1]


@dataclass(frozen=True, eq=False)
class _Block:
    """Prisoners of one class, and the sponsors open to it; `fit` has a row for each prisoner.

    `forbidden` holds the places, row after row, of the pairs that are not eligible after all.
    """

    prisoners: Numbers
    sponsors: Numbers
    fit: Points
    forbidden: Ints

    def cost(self, tariff: Tariff) -> Ints:
        """What each pair pays above its fit; CLOSED for the forbidden."""
        cost = tariff.across(self.prisoners, self.sponsors)
        cost -= self.fit
        cost.reshape(-1)[self.forbidden] = CLOSED
        return cost

    def pairs(self, chosen: Flags) -> Pairs:
        """The pairs that are flagged."""
        row, column = np.nonzero(chosen)
        return Pairs(self.prisoners[row], self.sponsors[column], self.fit[row, column])
