"""Levels 1 and 2 on as few pairs as prove enough. Pure.

Up to ALL_PAIRS every pair is offered. Beyond, each prisoner is offered their SHORTLIST best pairs; the prices of that
optimum then tell which of the others could help, and those are offered too, until none could: the result is exact.
With the prices of a run before, the shortlists hold the best pairs at these prices instead, and so nearly everything
that the new optimum needs.

The prices are the same whichever optimal flow they are read from, so what no pair left out could improve here, none
could improve at the prices of the final plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from app.matching.certificate import sink_distances
from app.matching.flow import fits_solver, reduced_costs
from app.matching.levels import (
    OFFERED_AT_ONCE,
    Face,
    cheapest_flow_of,
    cheapest_of,
    refuse_contradiction,
    whole_polytope,
)
from app.matching.limits import free_of_charge, open_only, usable
from app.matching.network import Frame, Network
from app.matching.pairs import Pairs
from app.matching.reserve import Reserve, without
from app.matching.tariff import ANY, Tariff
from app.matching.types import Ints

ALL_PAIRS = 2_000_000
SHORTLIST = 64
SHORTLIST_AT_PRICES = 16
"""Prices tell far better than fit which pairs will be wanted, so fewer will do."""
NONE = Pairs.joined(())

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Optimum:
    """Every plan that is best at levels 1 and 2 over all pairs, offered or in reserve; `distance` prices the nodes."""

    face: Face
    distance: Ints
    reserve: Reserve


def first_levels(frame: Frame, *, at_prices: Tariff | None = None) -> Optimum:
    """Levels 1 and 2, beginning with the best pairs at these prices (None: every pair, or the best by fit)."""
    if at_prices is None and len(frame.instance.pairs) <= ALL_PAIRS:
        return _over_all(frame)

    def priced(network: Network) -> tuple[tuple[Ints, Ints], Tariff]:
        flow = best_flow(network)
        distance = sink_distances(network, flow=flow)
        return (flow, distance), frame.tariff(distance)

    network, (flow, distance), tariff = enough_offered(frame, at_prices=at_prices, priced=priced)
    face = _face(network, flow=flow, distance=distance)
    return Optimum(face, distance, Reserve(frame.instance.pairs, tariff, frame.sponsors))


def enough_offered(
    frame: Frame, *, at_prices: Tariff | None, priced: Callable[[Network], tuple[Found, Tariff]], also: Pairs = NONE
) -> tuple[Network, Found, Tariff]:
    """A network whose own prices say that no pair left out could help, with what `priced` found in it.

    It begins with the best pairs at these prices (None: by fit alone) and those named `also`. `priced` finds something
    in a network, and the prices there; the third value is the last of these prices, CLOSED for what no plan can use.
    """
    instance, limits = frame.instance, frame.limits
    pairs = Pairs.joined((shortlists(frame, at_prices), also)).unique(frame.sponsors)
    highest_fit = instance.pairs.highest_fit()
    at_once = np.full(frame.prisoners, OFFERED_AT_ONCE)
    while True:
        network = frame.network(pairs)
        found, prices = priced(network)
        tariff = open_only(instance, limits, prices)
        some = tariff.least() < highest_fit
        # Only offered pairs that the plan uses cost less than nothing: there is room for these, and for others.
        helpful = instance.pairs.best(tariff, most=at_once + instance.seats, below=0, among=some)
        more = without(Pairs.joined(list(helpful)), pairs, sponsors=frame.sponsors)
        if not len(more):
            return network, found, tariff
        del network, found  # or they would stand in memory beside the next ones
        pairs, at_once = Pairs.joined((pairs, more)).sorted(frame.sponsors), at_once * 2


def shortlists(frame: Frame, at_prices: Tariff | None) -> Pairs:
    """Each prisoner's best pairs (None: by fit alone), and those of the run before: most will be proposed again."""
    instance, limits = frame.instance, frame.limits
    length = SHORTLIST_AT_PRICES if at_prices else SHORTLIST
    tariff = open_only(instance, limits, at_prices) if at_prices else free_of_charge(instance, limits)
    best = instance.pairs.best(tariff, most=length + instance.seats, below=ANY)
    before = instance.named(instance.previous)
    before = before.at(before.fit > 0)
    return Pairs.joined([before.at(usable(instance, limits, before)), *best]).unique(frame.sponsors)


def best_flow(network: Network) -> Ints:
    """A flow that is best at levels 1 and 2 among the pairs offered.

    Both at once where a first supporter's worth fits the solver's range, else one after the other.
    """
    coverage, points = network.coverage_costs(), network.points_costs()
    together = coverage * network.frame.unit + points
    if fits_solver(network.arcs.nodes, int(np.abs(together).max(initial=0))):
        return cheapest_flow_of(whole_polytope(network), cost=together)
    covering, _ = cheapest_of(whole_polytope(network), cost=coverage)
    return cheapest_flow_of(covering, cost=points)


def _over_all(frame: Frame) -> Optimum:
    """Levels 1 and 2 with every pair offered that a plan can use at all."""
    instance, limits = frame.instance, frame.limits
    network = frame.network(instance.listed.at(usable(instance, limits, instance.listed)))
    flow = best_flow(network)
    distance = sink_distances(network, flow=flow)
    tariff = open_only(instance, limits, frame.tariff(distance))
    nothing = Reserve(instance.pairs, tariff, frame.sponsors, listed=NONE)
    return Optimum(_face(network, flow=flow, distance=distance), distance, nothing)


def _face(network: Network, *, flow: Ints, distance: Ints) -> Face:
    """The flows that are as good as this one at levels 1 and 2, among the pairs offered."""
    cost = network.coverage_costs() * network.frame.unit + network.points_costs()
    reduced = reduced_costs(network.arcs, cost=cost, potential=distance)
    refuse_contradiction(flow=flow, capacity=network.arcs.capacity, reduced=reduced)
    return Face(network, flow, reduced == 0).without_idle_pairs()
