from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.flow import (
    FAR,
    Arcs,
    SolverFailed,
    cheapest_flow,
    fits_solver,
    has_other_flow,
    potentials,
    supplies,
)
from app.matching.types import exact_sum


def arcs(nodes: int, *rows: tuple[int, int, int]) -> Arcs:
    tail, head, capacity = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Arcs(nodes, tail, head, capacity)


def whole(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Arcs, np.ndarray]:
    """A small network without parallel arcs and a flow on it."""
    possible = [(a, b) for a, b in product(range(4), repeat=2) if a != b]
    ends = draw(st.lists(st.sampled_from(possible), unique_by=lambda two: tuple(sorted(two)), max_size=6))
    network = arcs(4, *((a, b, draw(st.integers(1, 2))) for a, b in ends))
    return network, whole(*(draw(st.integers(0, int(most))) for most in network.capacity))


def other_flows(network: Arcs, flow: np.ndarray) -> list[tuple[int, ...]]:
    ranges = [range(int(most) + 1) for most in network.capacity]
    wanted = supplies(network, flow)
    return [
        other
        for other in product(*ranges)
        if tuple(flow) != other and np.array_equal(supplies(network, whole(*other)), wanted)
    ]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(networks())
def test_another_flow_is_found_exactly_where_there_is_one(given_network):
    network, flow = given_network

    assert has_other_flow(network, flow=flow) == bool(other_flows(network, flow))


def test_parallel_arcs_alone_are_no_other_flow():
    network = arcs(2, (0, 1, 1), (0, 1, 3))

    assert not has_other_flow(network, flow=whole(1, 2))


def test_the_cheapest_flow_is_found():
    network = arcs(3, (0, 2, 1), (0, 1, 2), (1, 2, 2))

    assert cheapest_flow(network, like=whole(0, 2, 2), cost=whole(5, 1, 1)).tolist() == [0, 2, 2]
    assert cheapest_flow(network, like=whole(0, 2, 2), cost=whole(1, 1, 1)).tolist() == [1, 1, 1]


def test_costs_outside_the_solvers_range_are_refused_before_it_runs():
    network = arcs(2, (0, 1, 1))

    assert not fits_solver(2, 1 << 60)
    with pytest.raises(ValueError, match="outside the solver's range"):
        cheapest_flow(network, like=whole(1), cost=whole(1 << 60))


def test_the_solver_keeps_its_promise_up_to_the_range_we_allow():
    nodes = 1000
    network = arcs(nodes, *((node, node + 1, 1) for node in range(nodes - 1)))
    most = (1 << 62) // (nodes + 1) ** 2 - 1

    assert fits_solver(nodes, most)
    assert not fits_solver(nodes, most + 2)
    flow = cheapest_flow(network, like=np.ones(nodes - 1, dtype=np.int64), cost=np.full(nodes - 1, most))
    assert flow.all()


@pytest.mark.parametrize("capacity", [0, -1])
def test_capacities_that_are_not_positive_are_refused(capacity):
    with pytest.raises(ValueError, match="capacities must be positive"):
        cheapest_flow(arcs(2, (0, 1, capacity)), like=whole(0), cost=whole(1))


def test_whatever_is_not_optimal_is_a_failure_of_the_solver():
    impossible = whole(2)  # more than the arc can carry

    with pytest.raises(SolverFailed, match="INFEASIBLE"):
        cheapest_flow(arcs(2, (0, 1, 1)), like=impossible, cost=whole(1))


def test_potentials_are_distances_to_the_target():
    network = arcs(4, (0, 1, 1), (1, 2, 1), (0, 2, 1))

    distance = potentials(network, flow=whole(0, 0, 0), cost=whole(1, 1, 5), start=whole(FAR, FAR, 0, FAR))

    assert distance.tolist() == [2, 1, 0, FAR]


def test_a_flow_that_is_not_the_cheapest_has_no_potentials():
    network = arcs(3, (0, 2, 1), (0, 1, 1), (1, 2, 1))

    with pytest.raises(SolverFailed, match="negative cycle"):
        potentials(network, flow=whole(1, 0, 0), cost=whole(5, 1, 1), start=whole(0, 0, 0))


def test_sums_never_wrap():
    assert exact_sum(np.full(9, (1 << 62) + 3)) == 9 * ((1 << 62) + 3)
    assert exact_sum(whole()) == 0
