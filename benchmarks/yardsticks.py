"""What the engine is measured beside: a bare minimum-cost flow, the same by networkx, and filling seats in turn.

All three are written from docs/matching.md alone and share nothing with the engine. They know levels 1 and 2 only.
"""

import numpy as np
from ortools.graph.python import min_cost_flow

from app.matching import Instance
from app.matching.pairs import Pairs
from app.vocabulary import SponsorRole

TIERS = 6
SEAT_POINTS = {2: 20, 3: 10}
ROLES = tuple(SponsorRole)

Arc = tuple[int, int, int, int]
"""Tail, head, capacity and cost."""


def bare_flow(instance: Instance) -> Pairs:
    """Every pair in one network, one call of OR-Tools, no tie-break: the pairs it proposes."""
    rest, nodes = frame(instance)
    pairs = instance.listed
    tail, head = np.array([arc[:2] for arc in rest], dtype=np.int32).reshape(-1, 2).T
    capacity, cost = np.array([arc[2:] for arc in rest], dtype=np.int64).reshape(-1, 2).T
    solver = min_cost_flow.SimpleMinCostFlow()
    of_pairs = solver.add_arcs_with_capacity_and_unit_cost(
        starts(instance), len(instance.prisoners) + pairs.sponsor, np.ones(len(pairs), dtype=np.int64), -pairs.fit
    )
    solver.add_arcs_with_capacity_and_unit_cost(tail, head, capacity, cost)
    seats = instance.seats
    solver.set_nodes_supplies(np.arange(len(seats), dtype=np.int32), seats)
    solver.set_node_supply(nodes - 1, -int(seats.sum()))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("the bare flow has no optimum")
    return pairs.at(np.asarray(solver.flows(of_pairs)) > 0)


def networkx_flow(instance: Instance) -> Pairs:
    """The same network, solved by networkx."""
    import networkx  # only who asks for this case needs it

    rest, nodes = frame(instance)
    pairs = instance.listed
    heads = (len(instance.prisoners) + pairs.sponsor).tolist()
    graph = networkx.DiGraph()
    for number, seats in enumerate(instance.seats.tolist()):
        graph.add_node(number, demand=-seats)
    graph.add_node(nodes - 1, demand=int(instance.seats.sum()))
    for tail, head, fit in zip(starts(instance).tolist(), heads, pairs.fit.tolist(), strict=True):
        graph.add_edge(tail, head, capacity=1, weight=-fit)
    for place, (tail, head, capacity, cost) in enumerate(rest):
        between = (nodes, place)  # networkx keeps one arc for two nodes: a node between keeps parallel ones apart
        graph.add_edge(tail, between, capacity=capacity, weight=cost)
        graph.add_edge(between, head, capacity=capacity, weight=0)
    flow = networkx.min_cost_flow(graph)
    used = [flow[tail][head] for tail, head in zip(starts(instance).tolist(), heads, strict=True)]
    return pairs.at(np.array(used, dtype=np.int64) > 0)


def greedy(instance: Instance) -> Pairs:
    """Fill every prisoner's seats in turn, tier by tier, with the best-fitting sponsors who have capacity left."""
    capacity, pairs = instance.capacity.copy(), instance.listed
    role_of = [person.role for person in instance.sponsors]
    first = np.searchsorted(pairs.prisoner, np.arange(len(instance.prisoners) + 1))
    taken: list[int] = []
    for number in np.argsort(instance.tiers, kind="stable").tolist():
        person = instance.prisoners[number]
        seats, of_role = person.seats, dict(person.role_seats)
        own = np.arange(first[number], first[number + 1])
        for pair in own[np.argsort(-pairs.fit[own], kind="stable")].tolist():
            sponsor = int(pairs.sponsor[pair])
            if not seats:
                break
            if capacity[sponsor] and of_role.get(role_of[sponsor], 1):
                taken.append(pair)
                seats, capacity[sponsor] = seats - 1, capacity[sponsor] - 1
                of_role[role_of[sponsor]] = of_role.get(role_of[sponsor], person.seats) - 1
    return pairs.at(np.array(sorted(taken), dtype=np.int64))


def frame(instance: Instance) -> tuple[list[Arc], int]:
    """Every arc but the pairs', and the number of nodes: prisoners, sponsors, limited roles, and last the sink."""
    limits = _limits(instance)
    prisoners, sponsors = len(instance.prisoners), len(instance.sponsors)
    sink = prisoners + sponsors + len(limits)
    weight = 1 + 119 * int(instance.seats.sum())
    arcs = [
        (number, prisoners + sponsors + place, seats, 0) for place, ((number, _), seats) in enumerate(limits.items())
    ]
    arcs += [(prisoners + number, sink, person.capacity, 0) for number, person in enumerate(instance.sponsors)]
    for number, person in enumerate(instance.prisoners):
        for nth in range(person.supporters + 1, person.supporters + person.seats + 1):
            worth = (TIERS - person.tier) * weight if nth == 1 else SEAT_POINTS.get(nth, 0)
            arcs.append((number, sink, 1, worth))
    return arcs, sink + 1


def starts(instance: Instance) -> np.ndarray:
    """The node from which every pair starts."""
    behind = np.full((len(instance.prisoners), len(ROLES)), -1, dtype=np.int32)
    behind[:] = np.arange(len(instance.prisoners))[:, None]
    first = len(instance.prisoners) + len(instance.sponsors)
    for place, (number, role) in enumerate(_limits(instance)):
        behind[number, ROLES.index(role)] = first + place
    role_of = np.array([ROLES.index(person.role) for person in instance.sponsors], dtype=np.int32)
    return behind[instance.listed.prisoner, role_of[instance.listed.sponsor]]


def _limits(instance: Instance) -> dict[tuple[int, SponsorRole], int]:
    named = enumerate(instance.prisoners)
    return {(number, role): seats for number, person in named for role, seats in person.role_seats.items()}
