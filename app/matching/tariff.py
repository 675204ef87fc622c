"""What pairs have to pay for their sponsor and for their seat: one price for each sponsor and each slot. Pure.

A prisoner has one slot for each role. What a pair costs, in all that follows, is what it pays above its fit.
"""

from dataclasses import dataclass

import numpy as np

from app.matching.pairs import Pairs
from app.matching.types import Ints, Numbers
from app.vocabulary import SponsorRole

ROLES = tuple(SponsorRole)

CLOSED = np.int64(1 << 60)
"""The price of what cannot be had at all: two of them and whatever a level costs stay within 64 bits."""

ANY = int(CLOSED // 2)
"""More than any cost without a price of CLOSED."""


@dataclass(frozen=True, eq=False)
class Tariff:
    """Prices by sponsor, and by slot (prisoner and role); `sponsor_role` holds the number of each sponsor's role."""

    sponsor_role: Ints
    of_sponsor: Ints
    of_slot: Ints

    def slots(self, pairs: Pairs) -> Ints:
        """The slot of each pair."""
        slots: Ints = pairs.prisoner * len(ROLES) + self.sponsor_role[pairs.sponsor]
        return slots

    def paid(self, pairs: Pairs) -> Ints:
        """What each pair pays."""
        total: Ints = self.of_sponsor[pairs.sponsor] + self.of_slot[self.slots(pairs)]
        return total

    def cost(self, pairs: Pairs) -> Ints:
        """What each pair pays above its fit."""
        cost: Ints = self.paid(pairs) - pairs.fit
        return cost

    def across(self, prisoners: Numbers, sponsors: Numbers) -> Ints:
        """What each of these prisoners pays with each of these sponsors, one row for a prisoner."""
        of_role = self.of_slot.reshape(-1, len(ROLES))[prisoners]
        paid = of_role.take(self.sponsor_role[sponsors], axis=1)
        paid += self.of_sponsor[sponsors]
        return paid

    def least(self) -> Ints:
        """The least that a pair of each prisoner pays."""
        cheapest = self.of_slot.reshape(-1, len(ROLES)).min(axis=1)
        total: Ints = cheapest + self.of_sponsor.min(initial=CLOSED)
        return total
