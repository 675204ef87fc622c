"""Judges a plan without a solver. Pure.

Feasibility and every stated figure are computed anew from the pairs; that nothing beats the plan at levels 1 and 2 is
proved by its certificate. Nothing here trusts whoever made the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.errors import BadInput
from app.matching.instance import Instance
from app.matching.limits import RoleLimits, role_limits
from app.matching.pairs import Pairs
from app.matching.plan import Plan
from app.matching.policy import DEFAULT_POLICY, Policy
from app.matching.prices import bound, highest_price, prices_from
from app.matching.types import Flags
from app.matching.worth import first_seat_unit, objective_of, seat_steps


@dataclass(frozen=True)
class Verdict:
    """Whether a plan holds, and if not the reason; `worth` and `bound` are what the proof compared, if it got there."""

    ok: bool
    reason: str | None = None
    worth: int | None = None
    bound: int | None = None


def verify(instance: Instance, plan: Plan, policy: Policy = DEFAULT_POLICY) -> Verdict:
    """Whether the plan is feasible, says truly what it is worth, and is best at levels 1 and 2. Never raises."""
    limits = role_limits(instance)
    chosen = instance.named(plan.pairs)
    reason = (
        _not_a_set(instance, plan, chosen)
        or next(_overfull(instance, limits, chosen), None)
        or _misstated(instance, plan, chosen=chosen, policy=policy)
    )
    if reason:
        return Verdict(ok=False, reason=reason)
    return _proved(instance, limits, plan=plan, chosen=chosen, policy=policy)


def _not_a_set(instance: Instance, plan: Plan, chosen: Pairs) -> str | None:
    """Why the plan's pairs are no sorted set of eligible pairs, if so."""
    for place in _places(chosen.fit == 0)[:1]:
        prisoner, sponsor = plan.pairs[place]
        return f"pairs[{place}]: {prisoner} and {sponsor} are not an eligible pair"
    for place in _places(np.diff(chosen.keys(len(instance.sponsors))) <= 0)[:1]:
        return f"pairs[{place + 1}]: stands twice or out of order"
    return None


def _overfull(instance: Instance, limits: RoleLimits, chosen: Pairs) -> Iterator[str]:
    """A sentence for everybody who has more than their seats, role seats or capacity."""
    beside = np.bincount(chosen.prisoner, minlength=len(instance.prisoners))
    carried = np.bincount(chosen.sponsor, minlength=len(instance.sponsors))
    concerned = limits.of(chosen)
    of_role = np.bincount(concerned[concerned >= 0], minlength=len(limits.limit))
    for number in _places(beside > instance.seats):
        yield f"{instance.prisoners[number].id} has more sponsors than open seats"
    for number in _places(carried > instance.capacity):
        yield f"{instance.sponsors[number].id} has more prisoners than capacity"
    for number in _places(of_role > limits.limit):
        prisoner = instance.prisoners[limits.prisoner[number]].id
        yield f"{prisoner} has more sponsors of the role {limits.name_of(number)} than seats for it"


def _misstated(instance: Instance, plan: Plan, *, chosen: Pairs, policy: Policy) -> str | None:
    true = objective_of(instance, chosen, policy)
    for name, value in vars(true).items():
        stated = getattr(plan.objective, name)
        if stated != value:
            return f"objective.{name}: the plan states {stated}, its pairs give {value}"
    return None


def _proved(instance: Instance, limits: RoleLimits, *, plan: Plan, chosen: Pairs, policy: Policy) -> Verdict:
    if plan.certificate is None:
        return Verdict(ok=False, reason="the plan has no certificate")
    unit = first_seat_unit(instance, policy)
    steps = seat_steps(instance, policy)
    try:
        prices = prices_from(instance, limits, plan.certificate, highest=highest_price(unit))
    except BadInput as refused:
        return Verdict(ok=False, reason=str(refused))
    most = bound(instance, limits, steps, prices=prices, unit=unit)
    beside = np.bincount(chosen.prisoner, minlength=len(instance.prisoners))
    worth = plan.objective.points + unit * int((steps.filled(beside) * steps.weight).sum())
    if worth < most:
        return Verdict(False, f"not proved best: worth {worth}, but the certificate allows {most}", worth, most)
    return Verdict(True, None, worth, most)


def _places(flags: Flags) -> list[int]:
    places: list[int] = np.flatnonzero(flags).tolist()
    return places
