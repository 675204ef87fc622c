"""From an instance to the best plan: the levels in order, then the numbers that prove it. Pure."""

from app.matching.certificate import prices_of
from app.matching.flow import SolverFailed
from app.matching.instance import Instance
from app.matching.levels import later_levels
from app.matching.limits import role_limits
from app.matching.network import Frame, build_frame
from app.matching.plan import Certificate, Objective, Plan
from app.matching.policy import DEFAULT_POLICY, Policy
from app.matching.prices import certificate_of, highest_price, prices_still_known, tariff_of
from app.matching.pricing import Optimum, first_levels
from app.matching.tariff import Tariff
from app.matching.verify import verify
from app.matching.worth import objective_of


def solve(instance: Instance, policy: Policy = DEFAULT_POLICY, *, near: Certificate | None = None) -> Plan:
    """The one best plan: exact at every level of `docs/matching.md`, the same for the same instance in any order.

    `near` is the certificate of a run that differed little; it changes how long this takes, and nothing else. Every
    plan that is returned verifies; raises SolverFailed where the solver or this program is at fault.
    """
    best = _first_levels(instance, policy, near)
    face, unique = later_levels(best.face, reserve=best.reserve, policy=policy)
    chosen = face.network.chosen(face.flow)
    prices = prices_of(face.network, flow=face.flow, distance=best.distance)
    plan = Plan(
        pairs=instance.ids_of(chosen),
        objective=objective_of(instance, chosen, policy),
        certificate=certificate_of(instance, face.network.frame.limits, prices),
        unique=unique,
    )
    verdict = verify(instance, plan, policy)
    if not verdict.ok:
        raise SolverFailed(f"the plan does not verify: {verdict.reason}")
    return plan


def best_objective(
    instance: Instance, policy: Policy = DEFAULT_POLICY, *, near: Certificate | None = None
) -> Objective:
    """What the best plan is worth at levels 1 and 2, in less time than `solve`; the rest is of any such plan."""
    face = _first_levels(instance, policy, near).face
    return objective_of(instance, face.network.chosen(face.flow), policy)


def _first_levels(instance: Instance, policy: Policy, near: Certificate | None) -> Optimum:
    frame = build_frame(instance, role_limits(instance), policy=policy)
    return first_levels(frame, at_prices=_prices_before(frame, near) if near else None)


def _prices_before(frame: Frame, near: Certificate) -> Tariff:
    known = prices_still_known(frame.instance, frame.limits, near, highest=highest_price(frame.unit))
    return tariff_of(frame.limits, known)
