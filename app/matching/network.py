"""The flow network of an instance. Pure.

Prisoner p sends one unit for each open seat: along a pair to a sponsor and on to the sink, through a (p, role) node
where the role's seats are limited, or straight to the sink along a bypass that stands for the seat left empty and costs
what the seat would have been worth. Bypass costs fall from the first seat on, so the cheapest bypasses are used first
and the network is exact.

A network need not offer every eligible pair; what is the same whichever it offers is its frame.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from app.matching.flow import Arcs
from app.matching.instance import Instance
from app.matching.limits import RoleLimits
from app.matching.pairs import Pairs, stand_in
from app.matching.policy import Policy
from app.matching.tariff import CLOSED, ROLES, Tariff
from app.matching.types import Flags, Ints
from app.matching.worth import SeatSteps, first_seat_unit, seat_steps


@dataclass(frozen=True, eq=False)
class Frame:
    """All of an instance's network but the pairs.

    The `arcs` stand in this order: role limits, a sponsor's first unit, their further units, bypasses. Nodes are
    prisoners, sponsors, limits, and last the sink. `unit` is what one point of a first seat's weight is worth.
    """

    instance: Instance
    limits: RoleLimits
    arcs: Arcs
    first_units: slice
    first_unit_sponsor: Ints
    bypasses: slice
    steps: SeatSteps
    unit: int

    @property
    def prisoners(self) -> int:
        return len(self.instance.prisoners)

    @property
    def sponsors(self) -> int:
        return len(self.instance.sponsors)

    @property
    def sink(self) -> int:
        return self.arcs.nodes - 1

    @cached_property
    def slot_node(self) -> Ints:
        """The node from which a slot's pairs start: the limit's where there is one, else the prisoner's."""
        prisoner = np.repeat(np.arange(self.prisoners), len(ROLES))
        limit = self.limits.of_slot
        return np.where(limit < 0, prisoner, self.prisoners + self.sponsors + limit)

    def network(self, pairs: Pairs) -> "Network":
        """The network that offers these pairs, given in canonical order; a flow must be able to use each."""
        tail = self.slot_node[self.limits.slots(pairs)]
        head = self.prisoners + pairs.sponsor.astype(np.int64)
        arcs = Arcs(
            self.arcs.nodes,
            np.concatenate((tail, self.arcs.tail)),
            np.concatenate((head, self.arcs.head)),
            np.concatenate((np.ones_like(tail), self.arcs.capacity)),
        )
        return Network(self, pairs, arcs)

    def tariff(self, potential: Ints) -> Tariff:
        """Node potentials as prices: a pair's reduced cost is its cost and what it pays here.

        A node whose potential is CLOSED or more cannot take part.
        """
        at_sponsor = potential[self.prisoners : self.prisoners + self.sponsors]
        at_slot = potential[self.slot_node]
        return self.limits.tariff(
            of_sponsor=np.where(at_sponsor >= CLOSED, CLOSED, at_sponsor),
            of_slot=np.where(at_slot >= CLOSED, CLOSED, -at_slot),
        )


@dataclass(frozen=True, eq=False)
class Network:
    """A frame and the pairs it offers; the arcs of the pairs come first."""

    frame: Frame
    pairs: Pairs
    arcs: Arcs

    @cached_property
    def busy(self) -> Flags:
        """All arcs but those of sponsors to whom nobody is offered: these carry nothing."""
        frame = self.frame
        reached = np.ones(self.arcs.nodes, dtype=np.bool_)
        reached[frame.prisoners : frame.prisoners + frame.sponsors] = False
        reached[frame.prisoners + self.pairs.sponsor] = True
        busy: Flags = reached[self.arcs.tail]
        return busy

    def costs(
        self, *, pairs: Ints | None = None, first_units: Ints | None = None, bypasses: Ints | None = None
    ) -> Ints:
        """Costs of every arc; what is not named costs nothing."""
        costs = np.zeros(len(self.arcs), dtype=np.int64)
        if pairs is not None:
            costs[: len(self.pairs)] = pairs
        of_frame = costs[len(self.pairs) :]
        if first_units is not None:
            of_frame[self.frame.first_units] = first_units
        if bypasses is not None:
            of_frame[self.frame.bypasses] = bypasses
        return costs

    def coverage_costs(self) -> Ints:
        """Level 1: a first seat left empty costs its tier's weight."""
        return self.costs(bypasses=self.frame.steps.weight)

    def points_costs(self) -> Ints:
        """Level 2: a pair earns its fit, a seat left empty costs its points."""
        return self.costs(pairs=-self.pairs.fit.astype(np.int64), bypasses=self.frame.steps.points)

    def all_empty(self) -> Ints:
        """The flow that leaves every seat empty: always feasible."""
        flow = np.zeros(len(self.arcs), dtype=np.int64)
        flow[len(self.pairs) :][self.frame.bypasses] = self.frame.steps.count
        return flow

    def flow_of(self, chosen: Pairs) -> Ints:
        """The flow that uses these of the pairs, given in canonical order, and no others."""
        frame, arcs = self.frame, self.frame.arcs
        leaving = np.bincount(frame.slot_node[frame.limits.slots(chosen)], minlength=arcs.nodes)
        arriving = np.bincount(frame.prisoners + chosen.sponsor, minlength=arcs.nodes)
        beside = np.bincount(chosen.prisoner, minlength=frame.prisoners)
        limited, first = slice(frame.first_units.start), frame.first_units
        further = slice(first.stop, frame.bypasses.start)
        parts = (
            stand_in(chosen.keys(frame.sponsors), self.pairs.keys(frame.sponsors)),
            leaving[arcs.head[limited]],
            np.minimum(arriving[arcs.tail[first]], 1),
            np.maximum(arriving[arcs.tail[further]] - 1, 0),
            frame.steps.count - frame.steps.filled(beside),
        )
        return np.concatenate(parts).astype(np.int64)

    def chosen(self, flow: Ints) -> Pairs:
        """The pairs that a flow uses, in canonical order."""
        return self.pairs.at(flow[: len(self.pairs)] > 0)


def build_frame(instance: Instance, limits: RoleLimits, *, policy: Policy) -> Frame:
    """The frame of an instance's network."""
    steps = seat_steps(instance, policy)
    prisoners, sponsors = len(instance.prisoners), len(instance.sponsors)
    sink = prisoners + sponsors + len(limits.limit)
    limited = np.flatnonzero((limits.limit > 0) & (instance.seats[limits.prisoner] > 0))
    some, several = np.flatnonzero(instance.capacity > 0), np.flatnonzero(instance.capacity > 1)
    tail = (limits.prisoner[limited], prisoners + some, prisoners + several, steps.prisoner)
    to_sink = (np.full(len(group), sink) for group in (some, several, steps.prisoner))
    head = (prisoners + sponsors + limited, *to_sink)
    capacity = (limits.limit[limited], np.ones_like(some), instance.capacity[several] - 1, steps.count)
    ends = np.cumsum([len(group) for group in tail]).tolist()
    return Frame(
        instance=instance,
        limits=limits,
        arcs=Arcs(sink + 1, *(np.concatenate(groups).astype(np.int64) for groups in (tail, head, capacity))),
        first_units=slice(ends[0], ends[1]),
        first_unit_sponsor=some,
        bypasses=slice(ends[2], ends[3]),
        steps=steps,
        unit=first_seat_unit(instance, policy),
    )
