"""What a whole run leaves to be explained: who would have been next, and who stays alone and why. Pure.

All people at once, by NumPy: at the size of a programme nobody is asked pair by pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.matching.certificate import lowest_prices_of, prices_of, sink_distances, with_closed_ones
from app.matching.eligibility import Eligibility
from app.matching.facts import FactSheet
from app.matching.instance import Instance
from app.matching.limits import open_only, role_limits
from app.matching.network import Network, build_frame
from app.matching.pairs import Pairs
from app.matching.plan import Plan, PlanPrices
from app.matching.policy import DEFAULT_POLICY, HIGHEST_FIT, Policy
from app.matching.prices import Prices, certificate_of, highest_price, prices_from, tariff_of
from app.matching.pricing import enough_offered
from app.matching.reserve import without
from app.matching.rules import hard_rules
from app.matching.tariff import ANY, Tariff
from app.matching.types import Ints
from app.matching.worth import Loss, loss_of

ELIGIBLE = "eligible"
"""What sponsors whom no hard rule keeps away are counted under, beside the names of the rules."""

APART = 16
"""A price is a sum of at most four paths' points, each below the unit of the run: so far apart they cannot be confused
with the weight of a first supporter."""

Counts = Mapping[str, Mapping[str, int]]
"""Sponsors by country, and in each by the first hard rule that fails, or `ELIGIBLE`; no count is 0."""


@dataclass(frozen=True)
class RunnerUp:
    """The next best sponsor for a prisoner, and the least that they would cost everyone together."""

    sponsor_id: str
    loss_at_least: Loss


def plan_prices(instance: Instance, plan: Plan, policy: Policy = DEFAULT_POLICY) -> PlanPrices:
    """Both ends of the prices that prove a plan which `solve` made; the plan needs its certificate.

    The certificate's own prices only say where to begin: first supporters weigh more here (see `PlanPrices`).
    """
    assert plan.certificate is not None, "a plan that was solved has its certificate"
    limits, chosen = role_limits(instance), instance.named(plan.pairs)
    plain = build_frame(instance, limits, policy=policy)
    frame = replace(plain, unit=APART * plain.unit)
    before = tariff_of(limits, prices_from(instance, limits, plan.certificate, highest=highest_price(plain.unit)))

    def highest(network: Network) -> tuple[Prices, Tariff]:
        flow = network.flow_of(chosen)
        prices = prices_of(network, flow=flow, distance=sink_distances(network, flow=flow))
        return prices, tariff_of(limits, prices)

    def lowest(network: Network) -> tuple[Prices, Tariff]:
        prices = lowest_prices_of(network, flow=network.flow_of(chosen))
        return prices, tariff_of(limits, prices)

    _, high, _ = enough_offered(frame, at_prices=before, also=chosen, priced=highest)
    _, low, _ = enough_offered(frame, at_prices=tariff_of(limits, high), also=chosen, priced=lowest)
    closed = with_closed_ones(frame, low)
    return PlanPrices(certificate_of(instance, limits, high), certificate_of(instance, limits, closed), unit=frame.unit)


def runners_up(instance: Instance, plan: Plan, prices: PlanPrices) -> dict[str, RunnerUp]:
    """For each prisoner with a proposal the best pair that the plan does not propose, at its own prices.

    The one that costs everyone least; of equals the better fit, then the lower id. Whoever has no other eligible
    sponsor is missing.
    """
    limits, unit = role_limits(instance), prices.unit
    sets = [prices_from(instance, limits, proof, highest=highest_price(unit)) for proof in prices.both]
    high, low = (open_only(instance, limits, tariff_of(limits, each)) for each in sets)
    chosen = instance.named(plan.pairs)
    has_proposal = np.zeros(len(instance.prisoners), dtype=np.bool_)
    has_proposal[chosen.prisoner] = True
    found: dict[str, RunnerUp] = {}
    for block in instance.pairs.blocks():
        others = without(block.at(has_proposal[block.prisoner]), chosen, sponsors=len(instance.sponsors))
        worse: Ints = np.maximum(high.cost(others), low.cost(others))
        possible = np.flatnonzero(worse < ANY)
        best = possible[_first_of_each(others.at(possible), worse[possible])]
        for (prisoner_id, sponsor_id), loss in zip(instance.ids_of(others.at(best)), worse[best].tolist(), strict=True):
            found[prisoner_id] = RunnerUp(sponsor_id, loss_of(loss, unit))
    return found


def _first_of_each(pairs: Pairs, worse: Ints) -> Ints:
    """The place of each prisoner's pair that costs least; of equals the better fit, then the lower id."""
    starts = pairs.row_starts()
    if not len(starts):
        return starts
    lengths = np.diff(np.append(starts, len(pairs)))
    key = worse * (HIGHEST_FIT + 1) - pairs.fit
    least = np.flatnonzero(key == np.repeat(np.minimum.reduceat(key, starts), lengths))
    return least[pairs.at(least).row_starts()]


def left_alone(facts: FactSheet, plan: Plan, policy: Policy = DEFAULT_POLICY) -> dict[str, Counts]:
    """Every prisoner who has no supporter of the kind even so, with what keeps each country's sponsors away."""
    proposed = {prisoner_id for prisoner_id, _ in plan.pairs}
    alone = [p for p in facts.prisoners if not p.supporters_of_kind and p.id not in proposed]
    rules = hard_rules(facts, policy)
    eligibility = Eligibility([rule.forbids.over(alone, facts.sponsors) for rule in rules], len(facts.sponsors))
    names = [*(rule.name for rule in rules), ELIGIBLE]
    number = {country: place for place, country in enumerate(sorted({one.country for one in facts.sponsors}))}
    country = np.array([number[sponsor.country] for sponsor in facts.sponsors], dtype=np.int64)
    return {alone[place].id: _named(table, list(number), names) for place, table in eligibility.tables_by(country)}


def _named(table: Ints, countries: list[str], names: list[str]) -> Counts:
    by_country = {
        country: {name: count for name, count in zip(names, row, strict=True) if count}
        for country, row in zip(countries, table.tolist(), strict=True)
    }
    return {country: counts for country, counts in by_country.items() if counts}
