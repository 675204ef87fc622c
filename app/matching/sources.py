"""Where eligible pairs come from: a list, or whatever can compute them. Pure.

At 20,000 prisoners and 200,000 sponsors 600 million pairs are eligible. Nobody holds them all: whoever has a question
about each of them asks the source, and gets the few that matter as a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import numpy as np

from app.matching.pairs import Pairs, cheapest_of_each, stand_in
from app.matching.tariff import Tariff
from app.matching.types import Flags, Ints, Numbers, Points

BLOCK_PAIRS = 500_000
"""How many pairs are looked at in one go, or one prisoner's where that is more: bounds memory at any size."""


class PairSource(Protocol):
    """All eligible pairs of an instance. All iterators give them a block at a time, each pair once.

    The pairs of one prisoner stand side by side in one block, in the order of the sponsors.
    """

    def __len__(self) -> int:
        """How many there are."""

    def blocks(self) -> Iterator[Pairs]:
        """All of them."""

    def best(self, tariff: Tariff, *, most: Ints, below: int, among: Flags | None = None) -> Iterator[Pairs]:
        """The `most[p]` pairs of least cost of each prisoner, or of each flagged one; all cost less than `below`."""

    def within_reach(self, tariff: Tariff) -> Iterator[Pairs]:
        """The pairs that pay no more than their fit."""

    def highest_fit(self) -> Ints:
        """No pair of a prisoner has a higher fit; 0 for who has none."""

    def fits(self, prisoner: Numbers, sponsor: Numbers) -> Points:
        """The fit of the pairs that these numbers name; 0 where they are not eligible."""


@dataclass(frozen=True, eq=False)
class ListedPairs:
    """A source that holds its pairs, in canonical order, of so many prisoners and sponsors in all."""

    pairs: Pairs
    prisoners: int
    sponsors: int

    @classmethod
    def of(cls, source: PairSource, prisoners: int, sponsors: int) -> Self:
        """The pairs of another source, all held at once."""
        return cls(Pairs.joined(list(source.blocks())).sorted(sponsors), prisoners, sponsors)

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def keys(self) -> Ints:
        """The pairs' keys, ascending."""
        return self.pairs.keys(self.sponsors)

    def blocks(self) -> Iterator[Pairs]:
        first = 0
        while first < len(self):
            last = min(first + BLOCK_PAIRS, len(self)) - 1
            end = int(np.searchsorted(self.pairs.prisoner, self.pairs.prisoner[last], side="right"))
            yield self.pairs.at(slice(first, end))
            first = end

    def best(self, tariff: Tariff, *, most: Ints, below: int, among: Flags | None = None) -> Iterator[Pairs]:
        for block in self.blocks():
            some = block if among is None else block.at(among[block.prisoner])
            cost = tariff.cost(some)
            places = np.flatnonzero(cost < below)
            affordable = some.at(places)
            yield affordable.at(cheapest_of_each(affordable, cost[places], most=most))

    def within_reach(self, tariff: Tariff) -> Iterator[Pairs]:
        for block in self.blocks():
            yield block.at(tariff.cost(block) <= 0)

    def highest_fit(self) -> Ints:
        highest = np.zeros(self.prisoners, dtype=np.int64)
        starts = self.pairs.row_starts()
        if len(starts):
            highest[self.pairs.prisoner[starts]] = np.maximum.reduceat(self.pairs.fit, starts)
        return highest

    def fits(self, prisoner: Numbers, sponsor: Numbers) -> Points:
        wanted = prisoner * np.int64(self.sponsors) + sponsor
        fit = np.zeros(len(wanted), dtype=np.int16)
        known = stand_in(self.keys, wanted)
        fit[known] = self.pairs.fit[np.searchsorted(self.keys, wanted[known])]
        return fit


@dataclass(frozen=True, eq=False)
class AllButOne:
    """A source without one of its pairs, given by its two numbers."""

    source: PairSource
    prisoner: int
    sponsor: int

    def __len__(self) -> int:
        return len(self.source) - 1

    def blocks(self) -> Iterator[Pairs]:
        return map(self._others, self.source.blocks())

    def best(self, tariff: Tariff, *, most: Ints, below: int, among: Flags | None = None) -> Iterator[Pairs]:
        return map(self._others, self.source.best(tariff, most=most + 1, below=below, among=among))

    def within_reach(self, tariff: Tariff) -> Iterator[Pairs]:
        return map(self._others, self.source.within_reach(tariff))

    def highest_fit(self) -> Ints:
        return self.source.highest_fit()

    def fits(self, prisoner: Numbers, sponsor: Numbers) -> Points:
        return np.where(self._is_it(prisoner, sponsor), np.int16(0), self.source.fits(prisoner, sponsor))

    def _others(self, pairs: Pairs) -> Pairs:
        return pairs.at(~self._is_it(pairs.prisoner, pairs.sponsor))

    def _is_it(self, prisoner: Numbers, sponsor: Numbers) -> Flags:
        found: Flags = (prisoner == self.prisoner) & (sponsor == self.sponsor)
        return found
