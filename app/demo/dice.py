"""Chance that comes out the same again. Pure.

Every invented person has dice of their own, made from the world's seed and their number: a larger world begins with
the same people, and changing one person's rolls changes nobody else's.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")

_ID_BYTES = 10


class Dice:
    """Rolls that depend on nothing but the seed and the label."""

    def __init__(self, seed: int, *label: object) -> None:
        self._random = Random(_text(seed, label))  # noqa: S311  # to be had again, not to be kept secret

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of the things."""
        return things[self._random.randrange(len(things))]

    def weighted(self, weights: Mapping[Thing, float]) -> Thing:
        """One of the keys, as often as its weight says."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def chance(self, likelihood: float) -> bool:
        """Yes in this share of rolls."""
        return self._random.random() < likelihood

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number within the bounds, both included."""
        return self._random.randint(lowest, highest)

    def within(self, shortest: timedelta, longest: timedelta) -> timedelta:
        """A span of whole seconds within the bounds."""
        return timedelta(seconds=self.whole(int(shortest.total_seconds()), int(longest.total_seconds())))

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """The things in another order."""
        return self._random.sample(things, len(things))


def derived_id(seed: int, *label: object) -> str:
    """An id that the same seed gives again; in form like the random ones: 16 characters of lower-case base32."""
    digest = hashlib.sha256(_text(seed, label).encode()).digest()
    return base64.b32encode(digest[:_ID_BYTES]).decode("ascii").lower()


def _text(seed: int, label: tuple[object, ...]) -> str:
    return ":".join(map(str, (seed, *label)))
