"""Prices of what is scarce, and the bound they put on every plan (weak duality). Pure: no solver.

Whatever non-negative whole numbers the prices are, no plan is worth more than the bound; a plan worth the bound is best
at levels 1 and 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np

from app.errors import BadInput
from app.matching.instance import Instance
from app.matching.limits import RoleLimits
from app.matching.plan import Certificate
from app.matching.policy import HIGHEST_FIT
from app.matching.tariff import ROLES, Tariff
from app.matching.tiers import TIERS
from app.matching.types import Ints, exact_sum
from app.matching.worth import SeatSteps
from app.vocabulary import SponsorRole

_Named: TypeAlias = tuple[Mapping[Any, int], Mapping[Any, int]]


@dataclass(frozen=True, eq=False)
class Prices:
    """u by sponsor, v and z by prisoner, q by named role limit; none is negative."""

    capacity: Ints
    seats: Ints
    role_seats: Ints
    seat_points: Ints


def highest_price(unit: int) -> int:
    """No price need be higher where a point of a first seat's weight is worth `unit`."""
    return (TIERS + 1) * unit + HIGHEST_FIT


def tariff_of(limits: RoleLimits, prices: Prices) -> Tariff:
    """The prices by sponsor and slot: u, and v + q - z."""
    by_limit = np.append(prices.role_seats, 0)  # the last place stands for slots without a limit
    for_seat = np.repeat(prices.seats - prices.seat_points, len(ROLES))
    return limits.tariff(of_sponsor=prices.capacity, of_slot=for_seat + by_limit[limits.of_slot])


def bound(instance: Instance, limits: RoleLimits, steps: SeatSteps, *, prices: Prices, unit: int) -> int:
    """The most that any plan can be worth: fit, seat points, and `unit` times the weight of every first supporter."""
    worth = steps.points + unit * steps.weight
    parts = (
        instance.capacity * prices.capacity,
        instance.seats * prices.seats,
        limits.limit * prices.role_seats,
        steps.count * np.maximum(worth - prices.seat_points[steps.prisoner], 0),
    )
    tariff = tariff_of(limits, prices)
    above = (-tariff.cost(pairs) for pairs in instance.pairs.within_reach(tariff))
    return sum(exact_sum(part) for part in chain(parts, above))


def certificate_of(instance: Instance, limits: RoleLimits, prices: Prices) -> Certificate:
    """The prices by id, without the zeros."""
    role_seats: dict[str, dict[SponsorRole, int]] = {}
    for number in np.flatnonzero(prices.role_seats).tolist():
        prisoner = instance.prisoners[limits.prisoner[number]].id
        role_seats.setdefault(prisoner, {})[limits.name_of(number)] = int(prices.role_seats[number])
    prisoners = [person.id for person in instance.prisoners]
    return Certificate(
        capacity=_by_id([person.id for person in instance.sponsors], prices.capacity),
        seats=_by_id(prisoners, prices.seats),
        role_seats=role_seats,
        seat_points=_by_id(prisoners, prices.seat_points),
    )


def prices_from(instance: Instance, limits: RoleLimits, certificate: Certificate, *, highest: int) -> Prices:
    """The certificate's prices as arrays.

    Raises BadInput for an id or limit that the instance does not have, and for a number below 0 or above `highest`
    (no useful price is higher, and sums must not leave 64 bits).
    """
    by_name = _by_name(instance, limits, certificate)
    return Prices(*(_filled(name, *numbered, highest=highest) for name, numbered in by_name.items()))


def prices_still_known(instance: Instance, limits: RoleLimits, certificate: Certificate, *, highest: int) -> Prices:
    """The prices of an earlier run's certificate as arrays: whoever is new has none, and whoever left is forgotten."""
    columns = []
    for number, prices in _by_name(instance, limits, certificate).values():
        column = np.zeros(len(number), dtype=np.int64)
        for key, price in prices.items():
            if key in number:
                column[number[key]] = min(max(price, 0), highest)
        columns.append(column)
    return Prices(*columns)


def _by_name(instance: Instance, limits: RoleLimits, certificate: Certificate) -> dict[str, _Named]:
    """Each kind of price by its key, with the numbers of the keys that the instance knows, in the order of Prices."""
    limit_number = {
        (instance.prisoners[prisoner].id, limits.name_of(number)): number
        for number, prisoner in enumerate(limits.prisoner.tolist())
    }
    named = {
        (prisoner, role): price for prisoner, prices in certificate.role_seats.items() for role, price in prices.items()
    }
    return {
        "capacity": (instance.sponsor_number, certificate.capacity),
        "seats": (instance.prisoner_number, certificate.seats),
        "role_seats": (limit_number, named),
        "seat_points": (instance.prisoner_number, certificate.seat_points),
    }


def _by_id(ids: list[str], prices: Ints) -> dict[str, int]:
    return {id_: price for id_, price in zip(ids, prices.tolist(), strict=True) if price}


def _filled(name: str, number: Mapping[Any, int], prices: Mapping[Any, int], *, highest: int) -> Ints:
    filled = np.zeros(len(number), dtype=np.int64)
    for key, price in prices.items():
        if key not in number:
            raise BadInput(f"certificate.{name}: {_named(key)!r} is not in the instance")
        if not 0 <= price <= highest:
            raise BadInput(f"certificate.{name}: the price of {_named(key)!r} is not between 0 and {highest}")
        filled[number[key]] = price
    return filled


def _named(key: str | tuple[str, SponsorRole]) -> str:
    """Whose price it is: an id, or a prisoner's with the role that is limited."""
    return key if isinstance(key, str) else ".".join(key)
