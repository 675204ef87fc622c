"""One matching problem of one support kind, in canonical order. Pure.

Prisoners and sponsors stand in the order of their ids and pairs in the order of both, so whatever is computed from an
instance cannot depend on the order in which anything was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np

from app.matching.facts import IdPair
from app.matching.pairs import Pairs, stand_in
from app.matching.sources import ListedPairs, PairSource
from app.matching.types import Flags, Ints
from app.vocabulary import SponsorRole


@dataclass(frozen=True)
class OpenSeats:
    """A prisoner as the solver sees them: seats still open, supporters of the kind already there."""

    id: str
    tier: int
    seats: int
    supporters: int = 0
    role_seats: dict[SponsorRole, int] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenCapacity:
    """A sponsor as the solver sees them: capacity still open, whole weeks waited."""

    id: str
    role: SponsorRole
    capacity: int
    waiting_weeks: int = 0


@dataclass(frozen=True, eq=False)
class Instance:
    """Prisoners and sponsors sorted by their ids, and the eligible pairs of them by number.

    From people in any order: `Instance.of`.
    """

    prisoners: tuple[OpenSeats, ...]
    sponsors: tuple[OpenCapacity, ...]
    pairs: PairSource
    previous: tuple[IdPair, ...]

    @classmethod
    def of(
        cls,
        *,
        prisoners: Sequence[OpenSeats],
        sponsors: Sequence[OpenCapacity],
        pairs: tuple[Ints, Ints, Ints],
        previous: Sequence[IdPair] = (),
    ) -> tuple[Self, Ints]:
        """Put everything in canonical order; return the instance and, for each of its pairs, its place in `pairs`.

        `pairs` holds prisoner numbers, sponsor numbers and fit, the numbers being places in the given sequences.
        """
        prisoner_order = sorted(range(len(prisoners)), key=lambda place: prisoners[place].id)
        sponsor_order = sorted(range(len(sponsors)), key=lambda place: sponsors[place].id)
        renumbered = Pairs.of(_renumbered(prisoner_order)[pairs[0]], _renumbered(sponsor_order)[pairs[1]], pairs[2])
        order = np.argsort(renumbered.keys(len(sponsors)), kind="stable")
        instance = cls(
            prisoners=tuple(prisoners[place] for place in prisoner_order),
            sponsors=tuple(sponsors[place] for place in sponsor_order),
            pairs=ListedPairs(renumbered.at(order), len(prisoners), len(sponsors)),
            previous=tuple(sorted(previous)),
        )
        return instance, order

    @cached_property
    def tiers(self) -> Ints:
        return np.array([p.tier for p in self.prisoners], dtype=np.int64)

    @cached_property
    def seats(self) -> Ints:
        return np.array([p.seats for p in self.prisoners], dtype=np.int64)

    @cached_property
    def supporters(self) -> Ints:
        return np.array([p.supporters for p in self.prisoners], dtype=np.int64)

    @cached_property
    def capacity(self) -> Ints:
        return np.array([s.capacity for s in self.sponsors], dtype=np.int64)

    @cached_property
    def waiting_weeks(self) -> Ints:
        return np.array([s.waiting_weeks for s in self.sponsors], dtype=np.int64)

    @cached_property
    def prisoner_number(self) -> dict[str, int]:
        return {prisoner.id: number for number, prisoner in enumerate(self.prisoners)}

    @cached_property
    def sponsor_number(self) -> dict[str, int]:
        return {sponsor.id: number for number, sponsor in enumerate(self.sponsors)}

    @cached_property
    def listed(self) -> Pairs:
        """Every eligible pair in canonical order. Holds them all: for small instances, and for writing them down."""
        if isinstance(self.pairs, ListedPairs):
            return self.pairs.pairs
        return ListedPairs.of(self.pairs, len(self.prisoners), len(self.sponsors)).pairs

    @cached_property
    def previous_keys(self) -> Ints:
        """The keys of the undecided proposals of the run before, of people who are still here; ascending."""
        known = [pair for pair in self.previous if pair[0] in self.prisoner_number and pair[1] in self.sponsor_number]
        return np.unique(self.named(known).keys(len(self.sponsors)))

    def named(self, pairs: Sequence[IdPair]) -> Pairs:
        """These pairs by number, in the order given. Fit is 0 where two are not eligible, and numbers -1 of nobody."""
        prisoner = np.array([self.prisoner_number.get(id_, -1) for id_, _ in pairs], dtype=np.int32)
        sponsor = np.array([self.sponsor_number.get(id_, -1) for _, id_ in pairs], dtype=np.int32)
        fit = np.zeros(len(pairs), dtype=np.int16)
        known = (prisoner >= 0) & (sponsor >= 0)
        fit[known] = self.pairs.fits(prisoner[known], sponsor[known])
        return Pairs(prisoner, sponsor, fit)

    def ids_of(self, pairs: Pairs) -> tuple[IdPair, ...]:
        """The prisoner's id and the sponsor's of every pair."""
        numbers = zip(pairs.prisoner.tolist(), pairs.sponsor.tolist(), strict=True)
        return tuple((self.prisoners[prisoner].id, self.sponsors[sponsor].id) for prisoner, sponsor in numbers)

    def proposed_before(self, pairs: Pairs) -> Flags:
        """Which of these were undecided proposals of the run before."""
        return stand_in(self.previous_keys, pairs.keys(len(self.sponsors)))


def _renumbered(order: Sequence[int]) -> Ints:
    """For each old place, the new one."""
    new = np.empty(len(order), dtype=np.int64)
    new[np.array(order, dtype=np.int64)] = np.arange(len(order))
    return new
