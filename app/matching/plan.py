"""What a run proposes, what that is worth, and the numbers that prove it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.matching.facts import IdPair
from app.vocabulary import SponsorRole


@dataclass(frozen=True)
class Objective:
    """What a plan is worth. `points` is fit and seat points together; `waiting` counts capped whole weeks."""

    newly_covered_by_tier: tuple[int, ...]
    points: int
    fit: int
    kept: int
    waiting: int


@dataclass(frozen=True)
class Certificate:
    """Dual values, by id, that bound what any plan can be worth at levels 1 and 2; what is not named is 0.

    `capacity` is u(sponsor), `seats` v(prisoner), `role_seats` q(prisoner, role), `seat_points` z(prisoner);
    `docs/matching.md` gives the bound.
    """

    capacity: Mapping[str, int]
    seats: Mapping[str, int]
    role_seats: Mapping[str, Mapping[SponsorRole, int]]
    seat_points: Mapping[str, int]


@dataclass(frozen=True)
class Plan:
    """The proposals of one run as sorted (prisoner id, sponsor id).

    `solve` always gives a certificate; a plan from elsewhere may lack one, and is then not believed. `unique` says
    whether no other plan is as good at every level, the tie-break included.
    """

    pairs: tuple[IdPair, ...]
    objective: Objective
    certificate: Certificate | None
    unique: bool


@dataclass(frozen=True)
class PlanPrices:
    """What explains single pairs of one plan: prices that prove it, twice.

    Capacity is as dear as can be in `high` and as cheap as can be in `low`, seats the other way round: what a pair
    costs at least is the higher answer. First supporters weigh so many times `unit` here that no sum of points is ever
    taken for one; so these are not the certificate's numbers.
    """

    high: Certificate
    low: Certificate
    unit: int

    @property
    def both(self) -> tuple[Certificate, Certificate]:
        return self.high, self.low
