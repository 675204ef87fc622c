"""What plans are worth: the value of a prisoner's next seat and the objective of a set of pairs. Pure.

Solver and checker share these definitions, and nothing else.
"""

from dataclasses import dataclass

import numpy as np

from app.matching.instance import Instance
from app.matching.pairs import Pairs
from app.matching.plan import Objective
from app.matching.policy import HIGHEST_FIT, REWARDED_SEATS, Policy
from app.matching.tiers import TIERS
from app.matching.types import Ints


@dataclass(frozen=True, order=True)
class Loss:
    """How much worse everyone together would be: first the weight of first supporters lost, then points.

    A first supporter weighs 6 in tier 0 down to 1 in tier 5; where any is lost, points may be gained.
    """

    first_supporters: int
    points: int


def loss_of(worse: int, unit: int) -> Loss:
    """What is lost in levels 1 and 2 together, B being the unit, told apart; nothing where nothing is lost."""
    worse = max(0, worse)
    first_supporters = (worse + unit // 2) // unit
    return Loss(first_supporters, worse - first_supporters * unit)


@dataclass(frozen=True, eq=False)
class SeatSteps:
    """The open seats of all prisoners, as steps of falling worth: `count` seats of prisoner number `prisoner`.

    A prisoner has one step for each of their first, second and third supporter still to come and one for all others,
    in this order. `points` is what one such seat brings; `weight` is its tier's weight where it is a first seat.
    """

    prisoner: Ints
    count: Ints
    points: Ints
    weight: Ints

    def filled(self, supporters: Ints) -> Ints:
        """How many seats of each step are taken when prisoner p gets `supporters[p]` sponsors."""
        before = np.cumsum(self.count) - self.count
        before -= before[np.searchsorted(self.prisoner, self.prisoner)]
        return np.clip(supporters[self.prisoner] - before, 0, self.count)


def first_seat_unit(instance: Instance, policy: Policy) -> int:
    """B: more than all points of any plan together, so that no points buy a lost first supporter."""
    return unit_over(int(instance.seats.sum()), policy)


def unit_over(open_seats: int, policy: Policy) -> int:
    """B for a number of open seats of all prisoners together."""
    return 1 + (HIGHEST_FIT + policy.seat.second) * open_seats


def seat_steps(instance: Instance, policy: Policy) -> SeatSteps:
    """Every prisoner's open seats as steps.

    The weights 6 for tier 0 down to 1 for tier 5 are enough: the sets of prisoners that can be covered together form a
    matroid, so any falling weights give the exact tier-by-tier optimum.
    """
    steps = []
    for nth in range(1, REWARDED_SEATS + 1):
        ahead = nth - instance.supporters
        has = np.flatnonzero((ahead >= 1) & (ahead <= instance.seats))
        weight = TIERS - instance.tiers[has] if nth == 1 else np.zeros_like(has)
        steps.append((has, np.ones_like(has), np.full_like(has, policy.seat.points_of(nth)), weight))
    rewarded = np.clip(REWARDED_SEATS - instance.supporters, 0, instance.seats)
    rest = np.flatnonzero(instance.seats > rewarded)
    steps.append((rest, (instance.seats - rewarded)[rest], np.zeros_like(rest), np.zeros_like(rest)))
    prisoner, *others = (np.concatenate(column) for column in zip(*steps, strict=True))
    order = np.argsort(prisoner, kind="stable")
    return SeatSteps(prisoner[order], *(column[order] for column in others))


def objective_of(instance: Instance, pairs: Pairs, policy: Policy) -> Objective:
    """What these pairs are worth together, by the definitions of `docs/matching.md`."""
    filled = np.bincount(pairs.prisoner, minlength=len(instance.prisoners))
    covered = (filled > 0) & (instance.supporters == 0)
    fit = int(pairs.fit.sum(dtype=np.int64))
    steps = seat_steps(instance, policy)
    seat_points = int((steps.filled(filled) * steps.points).sum())
    given = np.unique(pairs.sponsor)
    waited = np.minimum(instance.waiting_weeks[given], policy.waiting_weeks_at_most)
    return Objective(
        newly_covered_by_tier=tuple(np.bincount(instance.tiers[covered], minlength=TIERS).tolist()),
        points=fit + seat_points,
        fit=fit,
        kept=int(instance.proposed_before(pairs).sum()),
        waiting=int(waited.sum()),
    )
