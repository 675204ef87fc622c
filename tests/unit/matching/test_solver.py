"""The solver against every other way to know the answer."""

import random
import subprocess
import sys
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from app.matching import pricing
from app.matching.instance import Instance
from app.matching.levels import tie_break
from app.matching.limits import role_limits, usable
from app.matching.network import Frame, build_frame
from app.matching.plan_file import write_plan
from app.matching.policy import DEFAULT_POLICY, Policy, SeatPoints
from app.matching.pricing import best_flow
from app.matching.solver import solve
from app.matching.verify import verify
from app.matching.worth import objective_of
from app.vocabulary import SponsorRole
from tests.unit.matching.brute_force import best_plans
from tests.unit.matching.builders import an_instance, capacity, seats
from tests.unit.matching.strategies import instances

TOO_LARGE_A_UNIT = 1 << 58


def numbers(instance: Instance, plan) -> tuple[int, ...]:
    everything = instance.ids_of(instance.listed)
    return tuple(everything.index(pair) for pair in plan.pairs)


def frame_of(instance: Instance) -> Frame:
    return build_frame(instance, role_limits(instance), policy=DEFAULT_POLICY)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(instances())
def test_no_set_of_pairs_beats_the_plan_at_any_level(instance):
    best, plans = best_plans(instance)

    plan = solve(instance)

    stated = plan.objective
    assert (stated.newly_covered_by_tier, stated.points, stated.kept, stated.waiting) == best
    assert numbers(instance, plan) in plans
    assert verify(instance, plan).ok


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(instances())
def test_among_equal_plans_the_hash_of_the_ids_decides_and_says_so(instance):
    _, plans = best_plans(instance)
    hashes = tie_break(instance, nodes=frame_of(instance).arcs.nodes, salt=0)(instance.listed)
    least = min(int(hashes[list(pairs)].sum()) for pairs in plans)

    plan = solve(instance)

    assert int(hashes[list(numbers(instance, plan))].sum()) == least
    assert plan.unique


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(instances(most_people=6, most_pairs=20), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_no_byte(instance, rnd):
    listed = instance.listed
    pairs = [(*ids, fit) for ids, fit in zip(instance.ids_of(listed), listed.fit.tolist(), strict=True)]
    parts = [list(instance.prisoners), list(instance.sponsors), pairs, list(instance.previous)]
    for part in parts:
        rnd.shuffle(part)

    shuffled = an_instance(*parts[:3], tuple(parts[3]))

    assert write_plan(solve(shuffled)) == write_plan(solve(instance))


def middle_instance(seed: int) -> Instance:
    rnd = random.Random(seed)
    roles = list(SponsorRole)
    prisoners = [
        seats(
            f"P{number}",
            tier=rnd.randrange(6),
            seats=rnd.choice([1, 2, 4, 5]),
            supporters=rnd.choice([0, 0, 0, 1, 2]),
            role_seats={role: rnd.randrange(3) for role in rnd.sample(roles, rnd.randrange(3))},
        )
        for number in range(25)
    ]
    sponsors = [capacity(f"S{n}", role=rnd.choice(roles), capacity=rnd.randrange(4)) for n in range(40)]
    everybody = [(p.id, s.id) for p in prisoners for s in sponsors]
    pairs = [(*pair, rnd.randint(1, 99)) for pair in rnd.sample(everybody, 300)]
    return an_instance(prisoners, sponsors, pairs)


def best_worth_by_linear_programming(instance: Instance) -> float:
    """Levels 1 and 2 as one linear programme: every pair a variable, every seat still to fill another."""
    listed = instance.listed
    pairs, unit = len(listed), 1 + 119 * int(instance.seats.sum())
    rows, columns, values, limits, rewards = [], [], [], [], []

    def add_row(entries, limit):
        for column, value in entries:
            rows.append(len(limits)), columns.append(column), values.append(value)
        limits.append(limit)

    for number, person in enumerate(instance.prisoners):
        own = np.flatnonzero(listed.prisoner == number).tolist()
        steps = [person.supporters + nth for nth in range(1, person.seats + 1)]
        filled = [(pairs + len(rewards) + place, 1) for place in range(len(steps))]
        rewards += [(6 - person.tier) * unit if step == 1 else {2: 20, 3: 10}.get(step, 0) for step in steps]
        add_row([(pair, 1) for pair in own], person.seats)
        add_row([(pair, -1) for pair in own] + filled, 0)
        for role, limit in person.role_seats.items():
            of_role = [pair for pair in own if instance.sponsors[listed.sponsor[pair]].role is role]
            add_row([(pair, 1) for pair in of_role], limit)
    for number, person in enumerate(instance.sponsors):
        add_row([(pair, 1) for pair in np.flatnonzero(listed.sponsor == number)], person.capacity)
    cost = -np.concatenate((listed.fit, rewards))
    table = coo_matrix((values, (rows, columns)), shape=(len(limits), len(cost)))
    return -linprog(cost, A_ub=table.tocsr(), b_ub=limits, bounds=(0, 1), method="highs").fun


@pytest.mark.parametrize("seed", range(12))
def test_a_linear_programme_finds_nothing_better_on_middle_instances(seed):
    instance = middle_instance(seed)

    verdict = verify(instance, solve(instance))

    assert verdict.ok
    assert verdict.worth == round(best_worth_by_linear_programming(instance))


@pytest.mark.parametrize("seed", range(4))
def test_levels_one_and_two_solved_apart_are_worth_the_same_as_together(seed):
    instance = middle_instance(seed)
    frame = frame_of(instance)
    pairs = instance.listed.at(usable(instance, frame.limits, instance.listed))

    worth = []
    for unit in (frame.unit, TOO_LARGE_A_UNIT):
        network = replace(frame, unit=unit).network(pairs)
        worth.append(objective_of(instance, network.chosen(best_flow(network)), DEFAULT_POLICY))

    assert worth[0].newly_covered_by_tier == worth[1].newly_covered_by_tier
    assert worth[0].points == worth[1].points


def test_a_unit_too_large_for_the_solver_changes_no_byte(monkeypatch):
    instance = middle_instance(3)
    plan = write_plan(solve(instance))
    asked = Mock(return_value=False)
    monkeypatch.setattr(pricing, "fits_solver", asked)

    assert write_plan(solve(instance)) == plan
    assert asked.called


def test_a_prisoner_of_tier_0_goes_before_any_number_of_points():
    instance = an_instance(
        [seats("P1", tier=0), seats("P2", tier=1)], [capacity("S1")], [("P1", "S1", 1), ("P2", "S1", 99)]
    )

    assert solve(instance).pairs == (("P1", "S1"),)


def test_a_second_supporter_is_worth_20_and_a_third_10():
    people = [seats("P1", seats=3), seats("P2", supporters=1), seats("P3", supporters=2), seats("P4", supporters=3)]
    sponsors = [capacity(f"S{number}") for number in range(6)]
    pairs = [("P1", "S0", 1), ("P1", "S1", 1), ("P1", "S2", 1), ("P2", "S3", 1), ("P3", "S4", 1), ("P4", "S5", 1)]

    objective = solve(an_instance(people, sponsors, pairs)).objective

    assert objective.fit == 6
    assert objective.points == 6 + (20 + 10) + 20 + 10


def test_seat_points_are_the_policys():
    instance = an_instance([seats("P1", supporters=1)], [capacity("S1")], [("P1", "S1", 1)])
    policy = Policy(seat=SeatPoints(second=7, third=0))

    plan = solve(instance, policy)

    assert plan.objective.points == 8
    assert verify(instance, plan, policy).ok
    assert not verify(instance, plan).ok


def test_a_seat_already_taken_brings_no_first_seat():
    instance = an_instance(
        [seats("P1", tier=0, supporters=1), seats("P2", tier=5)], [capacity("S1")], [("P1", "S1", 79), ("P2", "S1", 1)]
    )

    assert solve(instance).pairs == (("P2", "S1"),)


def test_a_role_limit_holds_and_an_unnamed_role_may_take_all_seats():
    artist = SponsorRole.ARTIST
    people = [seats("P1", seats=3, role_seats={artist: 1})]
    sponsors = [capacity("S1", role=artist), capacity("S2", role=artist), capacity("S3"), capacity("S4")]
    pairs = [("P1", "S1", 90), ("P1", "S2", 80), ("P1", "S3", 1), ("P1", "S4", 1)]

    assert solve(an_instance(people, sponsors, pairs)).pairs == (("P1", "S1"), ("P1", "S3"), ("P1", "S4"))


def test_an_undecided_proposal_is_kept_where_nothing_better_is_lost():
    people, sponsors = [seats("P1"), seats("P2")], [capacity("S1"), capacity("S2")]
    pairs = [(p.id, s.id, 10) for p in people for s in sponsors]

    straight = solve(an_instance(people, sponsors, pairs, (("P1", "S1"), ("P2", "S2"))))
    crossed = solve(an_instance(people, sponsors, pairs, (("P1", "S2"), ("P2", "S1"))))

    assert straight.pairs == (("P1", "S1"), ("P2", "S2"))
    assert crossed.pairs == (("P1", "S2"), ("P2", "S1"))
    assert straight.objective.kept == crossed.objective.kept == 2


def test_when_one_sponsor_pauses_the_others_proposals_stay():
    people = [seats(f"P{number}") for number in range(30)]
    sponsors = [capacity(f"S{number}") for number in range(30)]
    pairs = [(p.id, s.id, 10) for p in people for s in sponsors]
    before = solve(an_instance(people, sponsors, pairs))

    sponsors[7] = capacity("S7", capacity=0)
    after = solve(an_instance(people, sponsors, pairs, before.pairs))

    assert after.objective.kept == 29
    assert set(after.pairs) < set(before.pairs)


def test_a_previous_pair_that_is_no_longer_eligible_counts_for_nothing():
    instance = an_instance([seats("P1")], [capacity("S1"), capacity("S2")], [("P1", "S1", 5)], (("P1", "S2"),))

    assert solve(instance).objective.kept == 0


def test_who_waits_longest_comes_first_and_waiting_counts_once_and_at_most_15():
    people = [seats("P1"), seats("P2")]
    sponsors = [capacity("S1", capacity=2, waiting_weeks=40), capacity("S2", waiting_weeks=9), capacity("S3")]
    pairs = [(p.id, s.id, 10) for p in people for s in sponsors]

    plan = solve(an_instance(people, sponsors, pairs))

    assert {sponsor for _, sponsor in plan.pairs} == {"S1", "S2"}
    assert plan.objective.waiting == 15 + 9


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(instances(), st.data())
def test_more_room_never_makes_a_plan_worse(instance, data):
    side = data.draw(st.sampled_from(["prisoners", "sponsors"]))
    people = list(getattr(instance, side))
    if not people:
        return
    place = data.draw(st.integers(0, len(people) - 1))
    roomier = {"seats": people[place].seats + 1} if side == "prisoners" else {"capacity": people[place].capacity + 1}
    people[place] = replace(people[place], **roomier)

    with_more = solve(replace(instance, **{side: tuple(people)})).objective

    now = solve(instance).objective
    assert (now.newly_covered_by_tier, now.points) <= (with_more.newly_covered_by_tier, with_more.points)


ARTIST = SponsorRole.ARTIST
NOTHING_TO_PROPOSE = {
    "nobody": an_instance([], [], []),
    "no sponsors": an_instance([seats("P1")], [], []),
    "no prisoners": an_instance([], [capacity("S1")], []),
    "no pairs": an_instance([seats("P1")], [capacity("S1")], []),
    "no capacity": an_instance([seats("P1")], [capacity("S1", capacity=0)], [("P1", "S1", 9)]),
    "no seats": an_instance([seats("P1", seats=0)], [capacity("S1")], [("P1", "S1", 9)]),
    "role not wanted": an_instance(
        [seats("P1", role_seats={ARTIST: 0})], [capacity("S1", role=ARTIST)], [("P1", "S1", 9)]
    ),
    "everybody has all they can": an_instance(
        [seats("P1", seats=0, supporters=3), seats("P2", seats=0, supporters=1)],
        [capacity("S1", capacity=0), capacity("S2", capacity=0)],
        [("P1", "S1", 9), ("P2", "S2", 9)],
        (("P1", "S1"),),
    ),
}


@pytest.mark.parametrize("most_listed", [-1, pricing.ALL_PAIRS], ids=["from shortlists", "from all pairs"])
@pytest.mark.parametrize("instance", NOTHING_TO_PROPOSE.values(), ids=NOTHING_TO_PROPOSE)
def test_where_nothing_can_be_proposed_the_empty_plan_is_proved_best(monkeypatch, instance, most_listed):
    monkeypatch.setattr(pricing, "ALL_PAIRS", most_listed)

    plan = solve(instance)

    assert plan.pairs == ()
    assert plan.objective.points == 0
    assert plan.unique
    assert verify(instance, plan).ok
    assert solve(instance, near=plan.certificate) == plan


@pytest.mark.parametrize("most_listed", [-1, pricing.ALL_PAIRS], ids=["from shortlists", "from all pairs"])
def test_one_person_of_each_side_is_enough(monkeypatch, most_listed):
    monkeypatch.setattr(pricing, "ALL_PAIRS", most_listed)
    instance = an_instance([seats("P1", tier=0)], [capacity("S1")], [("P1", "S1", 9)])

    plan = solve(instance)

    assert plan.pairs == (("P1", "S1"),)
    assert plan.objective.newly_covered_by_tier == (1, 0, 0, 0, 0, 0)
    assert plan.unique
    assert verify(instance, plan).ok


def test_limits_of_roles_that_no_pair_has_do_no_harm():
    people = [seats("P1", role_seats={SponsorRole.ATHLETE: 1, SponsorRole.VOLUNTEER: 1})]
    instance = an_instance(people, [capacity("S1")], [("P1", "S1", 9)])

    assert role_limits(instance).of(instance.listed).tolist() == [1]
    assert verify(instance, solve(instance)).ok


@pytest.mark.slow
def test_everything_but_solving_works_without_loading_the_solver():
    code = "import sys, app.matching; sys.exit('ortools' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
