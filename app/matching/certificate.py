"""Prices that prove a plan best at levels 1 and 2, from the residual network of its flow. Pure.

A sponsor's distance to the sink is what one unit of their capacity less would cost everyone. All other prices follow
from these and the plan: a seat is worth what the best empty one would bring, or what the dearest sponsor beside it
costs above their fit. OR-Tools gives no duals; these come from the plan alone and so are the same for the same plan.
"""

from dataclasses import replace

import numpy as np

from app.matching.flow import FAR, Arcs, potentials
from app.matching.limits import RoleLimits, usable
from app.matching.network import Frame, Network
from app.matching.pairs import Pairs
from app.matching.policy import HIGHEST_FIT
from app.matching.prices import Prices, tariff_of
from app.matching.types import Ints


def sink_distances(network: Network, *, flow: Ints) -> Ints:
    """Every node's distance to the sink at levels 1 and 2, over the residual network of a flow that is cheapest.

    These are the greatest of all optimal duals, so they are the same whichever cheapest flow they are read from. A node
    behind a role limit that nobody uses yet is as far as its prisoner: it need not be farther.
    """
    frame = network.frame
    distance = _distances(network, network.arcs, flow)
    behind_limit = distance[frame.prisoners + frame.sponsors : frame.sink]
    np.minimum(behind_limit, distance[frame.limits.prisoner], out=behind_limit)
    return distance


def prices_of(network: Network, *, flow: Ints, distance: Ints) -> Prices:
    """The prices of a flow that is cheapest at levels 1 and 2, from the sink distances there."""
    frame = network.frame
    instance, limits = frame.instance, frame.limits
    at_sponsor = distance[frame.prisoners : frame.prisoners + frame.sponsors]
    capacity = np.where(instance.capacity > 0, at_sponsor, 0)
    chosen = network.chosen(flow)
    above_fit = capacity[chosen.sponsor] - chosen.fit.astype(np.int64)
    seat = _seat_worth(network, flow)
    np.maximum.at(seat, chosen.prisoner, above_fit)
    prices = Prices(
        capacity=capacity,
        seats=np.where(instance.seats > 0, np.maximum(-seat, 0), HIGHEST_FIT),
        role_seats=_role_prices(limits, (limits.of(chosen), above_fit), seat),
        seat_points=np.where(instance.seats > 0, np.maximum(seat, 0), 0),
    )
    return with_closed_ones(frame, prices)


def lowest_prices_of(network: Network, *, flow: Ints) -> Prices:
    """The other end of the same optimum: what one unit of capacity more would bring, and seats as dear as can be.

    They prove the plan as well once what is closed has its price, and where the prices above let an alternative look
    free of charge, these do not.
    """
    frame, arcs = network.frame, network.arcs
    instance, limits = frame.instance, frame.limits
    distance = -_distances(network, Arcs(arcs.nodes, arcs.head, arcs.tail, arcs.capacity), flow)
    at_sponsor = distance[frame.prisoners : frame.prisoners + frame.sponsors]
    seat, behind_limit = distance[: frame.prisoners], distance[frame.prisoners + frame.sponsors : frame.sink]
    return Prices(
        capacity=np.maximum(at_sponsor, 0),
        seats=np.where(instance.seats > 0, np.maximum(-seat, 0), HIGHEST_FIT),
        role_seats=np.where(limits.limit > 0, np.maximum(seat[limits.prisoner] - behind_limit, 0), 0),
        seat_points=np.where(instance.seats > 0, np.maximum(seat, 0), 0),
    )


def with_closed_ones(frame: Frame, prices: Prices) -> Prices:
    """Price what is closed (a limit or a capacity of 0) so that none of its pairs is worth more: it costs nothing."""
    limits = frame.limits
    pairs = _undersold(frame, prices)
    behind = limits.of(pairs)
    closed = np.append(limits.limit == 0, False)[behind]  # the last place stands for pairs without a limit
    prices = replace(prices, role_seats=prices.role_seats.copy())
    np.maximum.at(prices.role_seats, behind[closed], -tariff_of(limits, prices).cost(pairs)[closed])
    taken = frame.instance.capacity[pairs.sponsor] == 0
    prices = replace(prices, capacity=prices.capacity.copy())
    np.maximum.at(prices.capacity, pairs.sponsor[taken], -tariff_of(limits, prices).cost(pairs)[taken])
    return prices


def _distances(network: Network, arcs: Arcs, flow: Ints) -> Ints:
    """Every node's distance to the sink at levels 1 and 2, along the network's own arcs or the same turned round."""
    cost = network.points_costs() + network.frame.unit * network.coverage_costs()
    start = np.full(arcs.nodes, FAR)
    start[network.frame.sink] = 0
    return potentials(arcs, flow=flow, cost=cost, start=start)


def _seat_worth(network: Network, flow: Ints) -> Ints:
    """What the best seat left empty beside each prisoner would bring; -FAR where none is empty."""
    frame = network.frame
    steps, empty = frame.steps, flow[len(network.pairs) :][frame.bypasses] > 0
    worth = np.full(frame.prisoners, -FAR)
    np.maximum.at(worth, steps.prisoner[empty], (steps.points + frame.unit * steps.weight)[empty])
    return worth


def _role_prices(limits: RoleLimits, chosen: tuple[Ints, Ints], seat: Ints) -> Ints:
    """For each limit that is reached, how much more a seat is worth than the dearest sponsor of the role costs."""
    of_limit, above_fit = chosen
    concerned = of_limit >= 0
    used = np.bincount(of_limit[concerned], minlength=len(limits.limit))
    dearest = np.full(len(limits.limit), -FAR)
    np.maximum.at(dearest, of_limit[concerned], above_fit[concerned])
    reached = (used > 0) & (used == limits.limit)
    return np.where(reached, seat[limits.prisoner] - dearest, 0)


def _undersold(frame: Frame, prices: Prices) -> Pairs:
    """The pairs that no plan can use and that would be worth more than they pay."""
    instance, limits = frame.instance, frame.limits
    in_reach = instance.pairs.within_reach(tariff_of(limits, prices))
    # A block at a time: all that are in reach would be many times what no plan can use.
    return Pairs.joined([block.at(~usable(instance, limits, block)) for block in in_reach])
