"""The eligible pairs that a network does not offer. Pure.

A pair left out can help only where its reduced cost is negative; where it is 0, the later levels still have a say;
where it is positive, no best plan holds the pair. So the reserve shrinks from level to level, and as soon as few enough
pairs are undecided it lists them instead of asking the instance again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from app.matching.pairs import Pairs, cheapest_of_each, stand_in
from app.matching.sources import PairSource
from app.matching.tariff import Tariff
from app.matching.types import Ints

LISTED_AT_MOST = 2_000_000
"""As many pairs are listed rather than looked for anew."""

CostOf = Callable[[Pairs], Ints]


@dataclass(frozen=True, eq=False)
class Reserve:
    """The pairs of a source that cost nothing by a tariff, nor at any level so far; offered ones may be among them.

    Few are `listed`, without those that were offered.
    """

    source: PairSource
    tariff: Tariff
    sponsors: int
    ruled_by: tuple[CostOf, ...] = ()
    listed: Pairs | None = None

    def blocks(self) -> Iterator[Pairs]:
        """The pairs, a block at a time; one prisoner's stand side by side in one block."""
        if self.listed is not None:
            yield self.listed
            return
        for left in self.source.within_reach(self.tariff):
            for cost in (self.tariff.cost, *self.ruled_by):
                left = left.at(cost(left) == 0)
            yield left

    def cheapest(self, cost: CostOf, *, offered: Pairs, most: Ints) -> Pairs:
        """Pairs of negative cost that are not offered: of prisoner p the cheapest, `most[p]` or fewer.

        Of the offered pairs only those that the plan uses can have a negative cost; `most` must leave room for them.
        """
        found = []
        for block in self.blocks():
            costs = cost(block)
            places = np.flatnonzero(costs < 0)
            candidates = block.at(places)
            found.append(candidates.at(cheapest_of_each(candidates, costs[places], most=most)))
        return self._but(Pairs.joined(found), offered)

    def listed_if_few(self, *, offered: Pairs) -> "Reserve":
        """The same reserve, listed where it holds few enough pairs."""
        if self.listed is not None:
            return self
        found, count = [], 0
        for block in self.blocks():
            count += len(block)
            if count > LISTED_AT_MOST:
                return self
            found.append(block)
        return replace(self, listed=self._but(Pairs.joined(found), offered).sorted(self.sponsors))

    def narrowed(self, cost: CostOf, *, offered: Pairs) -> "Reserve":
        """What of the reserve costs nothing by this either."""
        if self.listed is not None:
            return replace(self, listed=self._but(self.listed.at(cost(self.listed) == 0), offered))
        return replace(self, ruled_by=(*self.ruled_by, cost)).listed_if_few(offered=offered)

    def all_but(self, offered: Pairs) -> Pairs:
        """Every pair of the reserve that is not offered."""
        return self._but(Pairs.joined(list(self.blocks())), offered)

    def _but(self, pairs: Pairs, offered: Pairs) -> Pairs:
        return without(pairs, offered, sponsors=self.sponsors)


def without(pairs: Pairs, others: Pairs, *, sponsors: int) -> Pairs:
    """The pairs that are not among the others, which stand in canonical order."""
    return pairs.at(~stand_in(others.keys(sponsors), pairs.keys(sponsors)))
