"""Minimum-cost flow: the call to OR-Tools, and exact potentials by NumPy. Pure.

OR-Tools is loaded only when something is solved, so that whoever verifies a plan, scores or explains one runs without
a solver.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from app.matching.types import Ints

SOLVER_RANGE = 1 << 62
"""OR-Tools multiplies costs by the number of nodes, and adds such costs along a path: cost x nodes² must stay below."""

FAR = np.int64(1 << 61)
"""The distance of a node from which the target cannot be reached."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """The arcs of a directed network with `nodes` nodes; capacities are positive."""

    nodes: int
    tail: Ints
    head: Ints
    capacity: Ints

    def __len__(self) -> int:
        return len(self.tail)


class SolverFailed(RuntimeError):
    """The solver did not give an optimum, or gave one that its own potentials contradict: a fault of the program."""


def fits_solver(nodes: int, highest_cost: int) -> bool:
    """Whether OR-Tools can solve a network of this size with costs up to this without leaving its range."""
    return highest_cost * (nodes + 1) ** 2 < SOLVER_RANGE


def cheapest_flow(arcs: Arcs, *, like: Ints, cost: Ints) -> Ints:
    """The cheapest flow with the same supplies as the feasible flow `like`.

    Raises SolverFailed where the solver answers anything but "optimal", and ValueError for costs or capacities outside
    its range (OR-Tools reports a negative capacity only as a bad result).
    """
    from ortools.graph.python import min_cost_flow  # loaded only here: see the module's docstring

    if not fits_solver(arcs.nodes, int(np.abs(cost).max(initial=0))):
        raise ValueError("costs are outside the solver's range")
    if (arcs.capacity < 1).any():
        raise ValueError("capacities must be positive")
    solver = min_cost_flow.SimpleMinCostFlow()
    numbers = solver.add_arcs_with_capacity_and_unit_cost(
        arcs.tail.astype(np.int32), arcs.head.astype(np.int32), arcs.capacity, cost
    )
    solver.set_nodes_supplies(np.arange(arcs.nodes, dtype=np.int32), supplies(arcs, like))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise SolverFailed(f"the solver answered {status.name}")
    return np.asarray(solver.flows(numbers), dtype=np.int64)


def supplies(arcs: Arcs, flow: Ints) -> Ints:
    """What each node sends out more than it takes in."""
    supply = np.zeros(arcs.nodes, dtype=np.int64)
    np.add.at(supply, arcs.tail, flow)
    np.subtract.at(supply, arcs.head, flow)
    return supply


def potentials(arcs: Arcs, *, flow: Ints, cost: Ints, start: Ints) -> Ints:
    """The greatest distances d <= start with d(x) <= cost(x, y) + d(y) on every residual arc.

    Exact Bellman-Ford in 64-bit integers, all arcs at a time. With `start` 0 at one node and FAR elsewhere these are
    the distances to that node. Raises SolverFailed where the residual network has a negative cycle, that is, where the
    flow is not the cheapest.
    """
    forward, backward = flow < arcs.capacity, flow > 0
    source = np.concatenate((arcs.tail[forward], arcs.head[backward]))
    target = np.concatenate((arcs.head[forward], arcs.tail[backward]))
    length = np.concatenate((cost[forward], -cost[backward]))
    distance = start.copy()
    for _ in range(arcs.nodes + 1):
        known = distance[target]
        nearer = distance.copy()
        np.minimum.at(nearer, source, np.where(known >= FAR, FAR, known + length))
        if np.array_equal(nearer, distance):
            return distance
        distance = nearer
    raise SolverFailed("the flow is not the cheapest: its residual network has a negative cycle")


def reduced_costs(arcs: Arcs, *, cost: Ints, potential: Ints) -> Ints:
    """Cost + potential(head) - potential(tail): on an optimal flow no less than 0 where flow may grow."""
    return cost + potential[arcs.head] - potential[arcs.tail]


def has_other_flow(arcs: Arcs, *, flow: Ints) -> bool:
    """Whether flow can be sent round some cycle of the residual network, other than to and fro between two nodes.

    Parallel arcs count as one. A strongly connected part of the residual network has only such trivial cycles exactly
    where its connections form a tree.
    """
    forward, backward = flow < arcs.capacity, flow > 0
    steps = np.concatenate(
        (
            np.stack((arcs.tail[forward], arcs.head[forward]), axis=1),
            np.stack((arcs.head[backward], arcs.tail[backward]), axis=1),
        )
    )
    if not len(steps):
        return False
    part = _strong_parts(arcs.nodes, steps)
    inside = steps[part[steps[:, 0]] == part[steps[:, 1]]]
    connections = np.unique(np.sort(inside, axis=1), axis=0)
    in_tree = np.bincount(part, minlength=arcs.nodes) - 1
    joined = np.bincount(part[connections[:, 0]], minlength=arcs.nodes)
    return bool((joined > np.maximum(in_tree, 0)).any())


def _strong_parts(nodes: int, steps: Ints) -> Ints:
    """For each node the number of its strongly connected part (Kosaraju's two searches)."""
    finished = _finishing_order(range(nodes), _Neighbours(nodes, steps))
    back = _Neighbours(nodes, steps[:, ::-1])
    part, seen, parts = [-1] * nodes, [False] * nodes, 0
    for root in reversed(finished):
        if part[root] < 0:
            for node in _finishing_order((root,), back, seen):
                part[node] = parts
            parts += 1
    return np.array(part, dtype=np.int64)


class _Neighbours:
    """The nodes that single steps lead to, by the node they start from."""

    def __init__(self, nodes: int, steps: Ints) -> None:
        ordered = steps[np.argsort(steps[:, 0], kind="stable")]
        self.nodes = nodes
        self.first: list[int] = np.searchsorted(ordered[:, 0], np.arange(nodes + 1)).tolist()
        self.target: list[int] = ordered[:, 1].tolist()

    def of(self, node: int) -> Iterator[int]:
        return iter(self.target[self.first[node] : self.first[node + 1]])


def _finishing_order(roots: Iterable[int], neighbours: _Neighbours, seen: list[bool] | None = None) -> list[int]:
    """The nodes reached from the roots, each after all that it leads to; nodes already `seen` are left out."""
    seen = [False] * neighbours.nodes if seen is None else seen
    finished: list[int] = []
    for root in roots:
        if seen[root]:
            continue
        seen[root] = True
        path = [(root, neighbours.of(root))]
        while path:
            node, ahead = path[-1]
            new = next((other for other in ahead if not seen[other]), None)
            if new is None:
                finished.append(node)
                path.pop()
            else:
                seen[new] = True
                path.append((new, neighbours.of(new)))
    return finished
