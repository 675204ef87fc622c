"""The levels of the promise, each exact and each before the next. Pure.

A level is a cost on the arcs. Its optimal flows form a face: with the level's potentials, arcs of positive reduced cost
carry nothing, arcs of negative reduced cost are full, and the rest is free (complementary slackness). The next level
is solved on the free arcs alone, so magnitudes are never stacked. Pairs that are not offered are arcs that carry
nothing: the same potentials tell which of them must be offered after all, and which the next level still has to ask.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from app.matching.flow import (
    SOLVER_RANGE,
    Arcs,
    SolverFailed,
    cheapest_flow,
    has_other_flow,
    potentials,
)
from app.matching.instance import Instance
from app.matching.network import Network
from app.matching.pairs import Pairs
from app.matching.policy import Policy
from app.matching.reserve import CostOf, Reserve
from app.matching.tariff import CLOSED, Tariff
from app.matching.types import Flags, Ints

TIE_BREAKS = 2
"""A second hash decides where the first leaves a tie."""

OFFERED_AT_ONCE = 16
"""How many of a prisoner's pairs a first round takes from the reserve; each further round takes twice as many."""


@dataclass(frozen=True, eq=False)
class Level:
    """What a level asks: the cost of any pairs, and of sponsors' first units by sponsor (None: they cost nothing)."""

    of_pairs: CostOf
    of_first_units: Ints | None = None

    def costs(self, network: Network) -> Ints:
        """The cost of every arc."""
        first_units = None if self.of_first_units is None else self.of_first_units[network.frame.first_unit_sponsor]
        return network.costs(pairs=self.of_pairs(network.pairs), first_units=first_units)


@dataclass(frozen=True, eq=False)
class Face:
    """All feasible flows of a network that agree with `flow` on every arc that is not `free`."""

    network: Network
    flow: Ints
    free: Flags

    def offering(self, more: Pairs) -> "Face":
        """The same face with more pairs to choose from."""
        offered, sponsors = len(self.network.pairs), self.network.frame.sponsors
        pairs = Pairs.joined((self.network.pairs, more))
        order = np.argsort(pairs.keys(sponsors), kind="stable")
        nothing, free = np.zeros(len(more), dtype=np.int64), np.ones(len(more), dtype=np.bool_)
        return Face(
            self.network.frame.network(pairs.at(order)),
            np.concatenate((np.concatenate((self.flow[:offered], nothing))[order], self.flow[offered:])),
            np.concatenate((np.concatenate((self.free[:offered], free))[order], self.free[offered:])),
        )

    def without_idle_pairs(self) -> "Face":
        """The same face without the pairs that none of its flows uses."""
        offered = len(self.network.pairs)
        used = (self.flow[:offered] > 0) | self.free[:offered]
        kept = np.concatenate((used, np.ones(len(self.flow) - offered, dtype=np.bool_)))
        return Face(self.network.frame.network(self.network.pairs.at(used)), self.flow[kept], self.free[kept])


def whole_polytope(network: Network) -> Face:
    """The face of all feasible flows."""
    return Face(network, network.all_empty(), np.ones(len(network.arcs), dtype=np.bool_))


def cheapest_flow_of(face: Face, *, cost: Ints) -> Ints:
    """A flow of the face that is cheapest at this cost."""
    places = np.flatnonzero(face.free & face.network.busy)
    flow = face.flow.copy()
    if cost[places].any():
        part, _ = _part(face.network.arcs, places)
        flow[places] = cheapest_flow(part, like=flow[places], cost=cost[places])
    return flow


def cheapest_of(face: Face, *, cost: Ints) -> tuple[Face, Ints]:
    """The cheapest flows of a face at this cost, and the potential of every node that a free arc touches.

    Of all other nodes it is CLOSED or about that: no flow of the face can be led through them.
    """
    arcs, flow = face.network.arcs, cheapest_flow_of(face, cost=cost)
    potential = _potentials_of(replace(face, flow=flow), cost=cost)
    free = np.flatnonzero(face.free)
    reduced = cost[free] + potential[arcs.head[free]] - potential[arcs.tail[free]]
    refuse_contradiction(flow=flow[free], capacity=arcs.capacity[free], reduced=reduced)
    still_free = np.zeros(len(arcs), dtype=np.bool_)
    still_free[free[reduced == 0]] = True
    return Face(face.network, flow, still_free), potential


def refuse_contradiction(*, flow: Ints, capacity: Ints, reduced: Ints) -> None:
    """Raise SolverFailed where a flow leaves an arc of negative reduced cost, or uses one of positive."""
    if (flow[reduced > 0] > 0).any() or (flow[reduced < 0] < capacity[reduced < 0]).any():
        raise SolverFailed("the flow and its potentials contradict each other")


def narrowed(face: Face, level: Level, *, reserve: Reserve) -> tuple[Face, Reserve]:
    """The flows that are cheapest at this level over the pairs offered and in reserve, and what is left in reserve."""
    frame = face.network.frame
    at_once = np.full(frame.prisoners, OFFERED_AT_ONCE)
    while True:
        best, potential = cheapest_of(face, cost=level.costs(face.network))
        reduced = _reduced(level, frame.tariff(potential))
        offered = face.network.pairs
        more = reserve.cheapest(reduced, offered=offered, most=at_once + frame.instance.seats)
        if not len(more):
            best = best.without_idle_pairs()
            return best, reserve.narrowed(reduced, offered=best.network.pairs)
        del best  # or the old network would stand in memory beside the next one
        face, at_once = face.offering(more), at_once * 2


def is_single(face: Face) -> bool:
    """Whether the face holds only one set of pairs."""
    places = np.flatnonzero(face.free & face.network.busy)
    part, _ = _part(face.network.arcs, places)
    return not has_other_flow(part, flow=face.flow[places])


def later_levels(face: Face, *, reserve: Reserve, policy: Policy) -> tuple[Face, bool]:
    """Levels 3 to 5 on the face of levels 1 and 2; the second value says whether the answer is the only one."""
    frame = face.network.frame
    instance, nodes = frame.instance, frame.arcs.nodes
    reserve = reserve.listed_if_few(offered=face.network.pairs)
    for level in _keep_and_waiting(instance, policy):
        face, reserve = narrowed(face, level, reserve=reserve)
    for salt in range(TIE_BREAKS):
        face, reserve = narrowed(face, Level(tie_break(instance, nodes=nodes, salt=salt)), reserve=reserve)
        if is_single(face.offering(reserve.all_but(face.network.pairs))):
            return face, True
    return face, False


def tie_break(instance: Instance, *, nodes: int, salt: int) -> CostOf:
    """Gives pairs numbers from their two ids, as large as the solver's range allows for a network of so many nodes."""
    of_prisoner = _hashes([person.id for person in instance.prisoners], f"prisoner {salt}")
    of_sponsor = _hashes([person.id for person in instance.sponsors], f"sponsor {salt}")
    bits = min(40, (SOLVER_RANGE // (nodes + 1) ** 2).bit_length() - 1)

    def numbers(pairs: Pairs) -> Ints:
        mixed = _mixed(of_prisoner[pairs.prisoner] + of_sponsor[pairs.sponsor])
        return (mixed >> np.uint64(64 - bits)).astype(np.int64)

    return numbers


def _reduced(level: Level, tariff: Tariff) -> CostOf:
    return lambda pairs: level.of_pairs(pairs) + tariff.paid(pairs)


def _keep_and_waiting(instance: Instance, policy: Policy) -> Iterator[Level]:
    """Levels 3 and 4, each only where there is something to decide.

    A sponsor's waiting counts once however many pairs: on their first unit of capacity.
    """
    if len(instance.previous_keys):
        yield Level(lambda pairs: -instance.proposed_before(pairs).astype(np.int64))
    weeks = np.minimum(instance.waiting_weeks, policy.waiting_weeks_at_most)
    if weeks.any():
        yield Level(lambda pairs: np.zeros(len(pairs), dtype=np.int64), of_first_units=-weeks)


def _potentials_of(face: Face, *, cost: Ints) -> Ints:
    """Every node's potential, from a cheapest flow. Idle sponsors lead nowhere but to the sink: theirs follow last."""
    network = face.network
    places, idle = np.flatnonzero(face.free & network.busy), np.flatnonzero(face.free & ~network.busy)
    part, nodes = _part(network.arcs, places)
    start = np.zeros(part.nodes, dtype=np.int64)
    potential = np.full(network.arcs.nodes, CLOSED)
    potential[nodes] = potentials(part, flow=face.flow[places], cost=cost[places], start=start)
    np.minimum.at(potential, network.arcs.tail[idle], cost[idle] + potential[network.frame.sink])
    return potential


def _part(arcs: Arcs, places: Ints) -> tuple[Arcs, Ints]:
    """The network of some arcs alone, its nodes numbered anew, and the old numbers of these nodes."""
    tail, head = arcs.tail[places], arcs.head[places]
    used = np.zeros(arcs.nodes, dtype=np.bool_)
    used[tail] = used[head] = True
    number = np.cumsum(used) - 1
    nodes = np.flatnonzero(used)
    return Arcs(len(nodes), number[tail], number[head], arcs.capacity[places]), nodes


def _hashes(ids: list[str], salt: str) -> NDArray[np.uint64]:
    digests = (blake2b(id_.encode(), digest_size=8, key=salt.encode()).digest() for id_ in ids)
    return np.array([int.from_bytes(digest, "big") for digest in digests], dtype=np.uint64)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Stafford's 13th variant of the 64-bit finaliser: every bit of the result depends on every bit given."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
