"""Why a pair was proposed, why another was not, and what would change it. Pure.

Every number comes from what the run itself used: the hard rules, the terms, and the prices of the plan's certificate.
Tiers and vulnerability points are for coordinators; sponsors are shown fit terms only.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from app.errors import NotFound
from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts
from app.matching.fit import fit_between, fit_terms
from app.matching.instance import Instance
from app.matching.plan import Certificate, Objective, Plan, PlanPrices
from app.matching.policy import DEFAULT_POLICY, Policy
from app.matching.rules import HardRule, first_failing, hard_rules
from app.matching.scoring import score
from app.matching.solver import best_objective
from app.matching.sources import AllButOne
from app.matching.tiers import TIERS, tier_of, vulnerability
from app.matching.worth import Loss, loss_of, unit_over
from app.vocabulary import SupportKind

Person = TypeVar("Person", PrisonerFacts, SponsorFacts)


class Scarce(StrEnum):
    """What a pair would need more of: each has a price in the plan's certificate.

    Where both ends of the prices are known, it is only what is sure to help: with one more of it everyone together
    would gain by this very pair.
    """

    CAPACITY = "capacity"
    ROLE_SEATS = "role_seats"
    SEATS = "seats"


@dataclass(frozen=True)
class Explanation:
    """One pair of one run.

    `rule` is the first hard rule that forbids the pair; an eligible pair has a fit and its terms. `loss_at_least` and
    `scarce` are there for an eligible pair that the plan does not propose.
    """

    prisoner_id: str
    sponsor_id: str
    kind: SupportKind
    tier: int
    vulnerability: dict[str, int]
    rule: HardRule | None
    fit: int | None
    terms: dict[str, int]
    proposed: bool
    loss_at_least: Loss | None
    scarce: tuple[Scarce, ...]


def explain(
    facts: FactSheet,
    *,
    prisoner_id: str,
    sponsor_id: str,
    plan: Plan | None = None,
    policy: Policy | None = None,
    prices: PlanPrices | None = None,
) -> Explanation:
    """Explain a pair; without a plan, only whether and how well it would suit. Raises NotFound for an unknown id.

    With the plan's `prices` the sheet may hold the pair alone, and the loss is told more closely.
    """
    policy = policy or facts.policy or DEFAULT_POLICY
    prisoner, sponsor = _named(facts.prisoners, prisoner_id, "PRISONER"), _named(facts.sponsors, sponsor_id, "SPONSOR")
    rule = first_failing(hard_rules(facts, policy), prisoner, sponsor)
    terms = {} if rule else fit_between(fit_terms(facts, policy), prisoner, sponsor)
    fit = None if rule else 1 + sum(terms.values())
    proposed = plan is not None and (prisoner_id, sponsor_id) in plan.pairs
    proofs = prices.both if prices else (plan.certificate,) if plan and plan.certificate else ()
    loss: Loss | None = None
    scarce: tuple[Scarce, ...] = ()
    if proofs and fit and not proposed:
        unit = prices.unit if prices else unit_over(sum(person.seats for person in facts.prisoners), policy)
        loss = loss_of(max(_worse(prisoner, sponsor, fit=fit, prices=proof) for proof in proofs), unit)
        helpful = _changes(prisoner, sponsor, fit=fit, prices=prices, policy=policy) if prices else set(Scarce)
        scarce = tuple(what for what in Scarce if what in helpful and _price(what, prisoner, sponsor, proofs[0]))
    return Explanation(
        prisoner_id=prisoner_id,
        sponsor_id=sponsor_id,
        kind=facts.kind,
        tier=tier_of(prisoner, on=facts.date, policy=policy),
        vulnerability=vulnerability(prisoner, on=facts.date, policy=policy),
        rule=rule,
        fit=fit,
        terms=terms,
        proposed=proposed,
        loss_at_least=loss,
        scarce=scarce,
    )


def exact_loss(
    instance: Instance, plan: Plan | None, *, prisoner_id: str, sponsor_id: str, policy: Policy = DEFAULT_POLICY
) -> Loss:
    """What proposing this eligible pair as well would cost everyone together, by solving anew around it.

    Without a plan the best one's worth is found first. Raises NotFound where the two are no eligible pair or have no
    seat or capacity at all.
    """
    pair = instance.named([(prisoner_id, sponsor_id)])
    fit = int(pair.fit[0])
    forced = _without(instance, prisoner=int(pair.prisoner[0]), sponsor=int(pair.sponsor[0])) if fit else None
    if forced is None:
        raise NotFound("these two cannot be proposed in this run")
    best = plan.objective if plan else best_objective(instance, policy)
    rest = best_objective(forced, policy, near=plan.certificate if plan else None)
    person = instance.prisoners[pair.prisoner[0]]
    weight = 0 if person.supporters else TIERS - person.tier
    points = fit + policy.seat.points_of(person.supporters + 1)
    return Loss(
        first_supporters=_weight(best) - _weight(rest) - weight,
        points=best.points - rest.points - points,
    )


def ruled_out(facts: FactSheet, prisoner_id: str, policy: Policy | None = None) -> dict[str, int]:
    """How many sponsors each hard rule keeps from a prisoner, the most first. Raises NotFound for an unknown id."""
    alone = replace(facts, prisoners=(_named(facts.prisoners, prisoner_id, "PRISONER"),))
    counted = score(alone, policy).excluded
    return {name: count for name, count in sorted(counted.items(), key=lambda item: -item[1]) if count}


def _named(people: tuple[Person, ...], id_: str, side: str) -> Person:
    for person in people:
        if person.id == id_:
            return person
    raise NotFound(f"{side}: nobody has the id {id_!r}.")


def _worse(prisoner: PrisonerFacts, sponsor: SponsorFacts, *, fit: int, prices: Certificate) -> int:
    """u + v + q - z - fit."""
    paid = sum(_price(what, prisoner, sponsor, prices) for what in Scarce)
    return paid - prices.seat_points.get(prisoner.id, 0) - fit


def _price(what: Scarce, prisoner: PrisonerFacts, sponsor: SponsorFacts, prices: Certificate) -> int:
    if what is Scarce.CAPACITY:
        return prices.capacity.get(sponsor.id, 0)
    if what is Scarce.SEATS:
        return prices.seats.get(prisoner.id, 0)
    return prices.role_seats.get(prisoner.id, {}).get(sponsor.role, 0)


def _changes(
    prisoner: PrisonerFacts, sponsor: SponsorFacts, *, fit: int, prices: PlanPrices, policy: Policy
) -> set[Scarce]:
    """Of what one more would let everyone together gain by the pair.

    At most u (high) is lost where the sponsor is taken from others, at most v - z (low) where the prisoner's seat is,
    and with q (low) one of those for the role.
    """
    place = _price(Scarce.CAPACITY, prisoner, sponsor, prices.high)
    seat = _price(Scarce.SEATS, prisoner, sponsor, prices.low) - prices.low.seat_points.get(prisoner.id, 0)
    of_role = _price(Scarce.ROLE_SEATS, prisoner, sponsor, prices.low)
    next_seat = policy.seat.points_of(prisoner.supporters_of_kind + prisoner.seats + 1)
    gains = {
        Scarce.CAPACITY: fit > seat + of_role,
        Scarce.ROLE_SEATS: fit > place + seat,
        Scarce.SEATS: sponsor.role not in prisoner.role_seats and fit + next_seat > place,
    }
    return {what for what, gain in gains.items() if gain}


def _weight(objective: Objective) -> int:
    return sum((TIERS - tier) * count for tier, count in enumerate(objective.newly_covered_by_tier))


def _without(instance: Instance, *, prisoner: int, sponsor: int) -> Instance | None:
    """The instance once the pair has been given its seat and capacity; None where there is none to give."""
    person, helper = instance.prisoners[prisoner], instance.sponsors[sponsor]
    limits = {role: limit - (role is helper.role) for role, limit in person.role_seats.items()}
    if not person.seats or not helper.capacity or min(limits.values(), default=0) < 0:
        return None
    prisoners, sponsors = list(instance.prisoners), list(instance.sponsors)
    prisoners[prisoner] = replace(person, seats=person.seats - 1, supporters=person.supporters + 1, role_seats=limits)
    sponsors[sponsor] = replace(helper, capacity=helper.capacity - 1)
    return Instance(
        prisoners=tuple(prisoners),
        sponsors=tuple(sponsors),
        pairs=AllButOne(instance.pairs, prisoner, sponsor),
        previous=instance.previous,
    )
