"""The limits that prisoners' seats put on single sponsor roles. Pure."""

from dataclasses import dataclass

import numpy as np

from app.matching.instance import Instance
from app.matching.pairs import Pairs
from app.matching.tariff import ANY, CLOSED, ROLES, Tariff
from app.matching.types import Flags, Ints
from app.vocabulary import SponsorRole


@dataclass(frozen=True, eq=False)
class RoleLimits:
    """The role limits that the instance names: at most `limit` sponsors of role number `role` beside the prisoner.

    A prisoner has one slot for each role; every pair belongs to one. `sponsor_role` holds each sponsor's role number.
    """

    prisoner: Ints
    role: Ints
    limit: Ints
    of_slot: Ints
    """For each slot the number of its limit, or -1."""
    sponsor_role: Ints

    def slots(self, pairs: Pairs) -> Ints:
        """The slot of each pair."""
        slots: Ints = pairs.prisoner * len(ROLES) + self.sponsor_role[pairs.sponsor]
        return slots

    def of(self, pairs: Pairs) -> Ints:
        """The number of the limit that concerns each pair, or -1."""
        return self.of_slot[self.slots(pairs)]

    def tariff(self, *, of_sponsor: Ints, of_slot: Ints) -> Tariff:
        """Prices by sponsor and by slot."""
        return Tariff(self.sponsor_role, of_sponsor, of_slot)

    def name_of(self, number: int) -> SponsorRole:
        """The role that a limit concerns."""
        return ROLES[int(self.role[number])]


def role_limits(instance: Instance) -> RoleLimits:
    """Every named role limit, in the order of prisoners and roles."""
    number_of = {role: number for number, role in enumerate(ROLES)}
    named = sorted(
        (prisoner, number_of[role], limit)
        for prisoner, person in enumerate(instance.prisoners)
        for role, limit in person.role_seats.items()
    )
    prisoner, role, limit = np.array(named, dtype=np.int64).reshape(-1, 3).T
    of_slot = np.full(len(instance.prisoners) * len(ROLES), -1)
    of_slot[prisoner * len(ROLES) + role] = np.arange(len(named))
    sponsor_role = np.array([number_of[person.role] for person in instance.sponsors], dtype=np.int64)
    return RoleLimits(prisoner, role, limit, of_slot, sponsor_role)


def open_only(instance: Instance, limits: RoleLimits, tariff: Tariff) -> Tariff:
    """The same prices, but what no plan can use (no capacity, no seat, no seat for the role) is CLOSED."""
    shut = np.append(limits.limit == 0, False)[limits.of_slot]  # the last place stands for slots without a limit
    no_seat = np.repeat(instance.seats < 1, len(ROLES))
    return limits.tariff(
        of_sponsor=np.where(instance.capacity < 1, CLOSED, tariff.of_sponsor),
        of_slot=np.where(no_seat | shut, CLOSED, tariff.of_slot),
    )


def free_of_charge(instance: Instance, limits: RoleLimits) -> Tariff:
    """No price at all, but for what is CLOSED."""
    nothing = np.zeros(len(instance.sponsors), dtype=np.int64)
    return open_only(instance, limits, limits.tariff(of_sponsor=nothing, of_slot=np.zeros_like(limits.of_slot)))


def usable(instance: Instance, limits: RoleLimits, pairs: Pairs) -> Flags:
    """Which pairs have a seat, a role seat and capacity left at all."""
    flags: Flags = free_of_charge(instance, limits).paid(pairs) < ANY
    return flags
