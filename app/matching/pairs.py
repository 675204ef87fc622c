"""Eligible pairs as a list. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from app.matching.types import Flags, Ints, Numbers, Points

TURN = np.int64(0x9E3779B1)
TURN_BITS = 20
TURN_MASK = np.int64((1 << TURN_BITS) - 1)
FAR_ABOVE = np.int64(1 << 42)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pair k joins prisoner number `prisoner[k]` and sponsor number `sponsor[k]`, who suit each other by `fit[k]`."""

    prisoner: Numbers
    sponsor: Numbers
    fit: Points

    @classmethod
    def of(cls, prisoner: Ints | Numbers, sponsor: Ints | Numbers, fit: Ints | Points) -> Self:
        """Pairs from columns of any whole-number type."""
        return cls(prisoner.astype(np.int32), sponsor.astype(np.int32), fit.astype(np.int16))

    @classmethod
    def joined(cls, parts: Sequence["Pairs"]) -> Self:
        """The pairs of all parts, one part after the other."""
        none = (np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int16))
        columns = zip(none, *((part.prisoner, part.sponsor, part.fit) for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    def __len__(self) -> int:
        return len(self.fit)

    def at(self, places: Ints | Flags | slice) -> "Pairs":
        """Some of the pairs."""
        return Pairs(self.prisoner[places], self.sponsor[places], self.fit[places])

    def keys(self, sponsors: int) -> Ints:
        """One number for each pair, out of `sponsors` sponsors in all; ascending in canonical order."""
        return self.prisoner * np.int64(sponsors) + self.sponsor

    def sorted(self, sponsors: int) -> "Pairs":
        """The same pairs in canonical order: by prisoner, then by sponsor."""
        return self.at(np.argsort(self.keys(sponsors), kind="stable"))

    def unique(self, sponsors: int) -> "Pairs":
        """The same pairs in canonical order, each once."""
        return self.at(np.unique(self.keys(sponsors), return_index=True)[1])

    def row_starts(self) -> Ints:
        """Where each prisoner's pairs begin, if they stand side by side."""
        return np.flatnonzero(np.diff(self.prisoner, prepend=-1))


def stand_in(keys: Ints, wanted: Ints) -> Flags:
    """Which of the wanted keys are among these, which ascend."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.bool_)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Flags = keys[place] == wanted
    return found


def cheapest_of_each(block: Pairs, cost: Ints, *, most: Ints) -> Ints:
    """The places of each prisoner's pairs of least cost in a block, at most `most[p]` of prisoner p's.

    Among equal costs every prisoner begins at another sponsor, or all would be offered the same few.
    """
    starts = block.row_starts()
    lengths = np.diff(np.append(starts, len(block)))
    allowed = most[block.prisoner[starts]]
    keep = np.ones(len(block), dtype=np.bool_)
    for row in np.flatnonzero(lengths > allowed).tolist():
        inside = slice(int(starts[row]), int(starts[row] + lengths[row]))
        turned = (block.sponsor[inside] + np.int64(block.prisoner[starts[row]])) * TURN & TURN_MASK
        above = np.minimum(cost[inside] - cost[inside].min(), FAR_ABOVE)
        ranked = np.argpartition(above << TURN_BITS | turned, allowed[row])
        keep[inside] = False
        keep[inside.start + ranked[: allowed[row]]] = True
    return np.flatnonzero(keep)
