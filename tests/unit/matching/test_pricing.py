import json
import random
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import levels, network, pricing, reserve
from app.matching.instance import Instance
from app.matching.limits import free_of_charge, role_limits
from app.matching.network import build_frame
from app.matching.plan import Certificate
from app.matching.plan_file import write_plan
from app.matching.policy import DEFAULT_POLICY
from app.matching.solver import solve
from app.vocabulary import SponsorRole
from tests.unit.matching.builders import an_instance, capacity, seats
from tests.unit.matching.strategies import instances
from tests.unit.matching.test_solver import middle_instance


def solved_from_shortlists(monkeypatch: pytest.MonkeyPatch, instance, *, length: int) -> bytes:
    with monkeypatch.context() as patched:
        patched.setattr(pricing, "ALL_PAIRS", -1)
        patched.setattr(pricing, "SHORTLIST", length)
        patched.setattr(pricing, "OFFERED_AT_ONCE", length)
        patched.setattr(levels, "OFFERED_AT_ONCE", length)
        return write_plan(solve(instance))


@pytest.mark.slow
@pytest.mark.parametrize("listed_at_most", [0, 1_000], ids=["looked for anew", "listed"])
@settings(max_examples=150, deadline=None)
@given(instance=instances(most_people=5, most_pairs=20))
def test_a_shortlist_changes_no_byte_of_the_plan(listed_at_most, instance):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(reserve, "LISTED_AT_MOST", listed_at_most)
        from_shortlists = solved_from_shortlists(monkeypatch, instance, length=1)

    assert from_shortlists == write_plan(solve(instance))


def instance_of_ties(seed: int) -> Instance:
    """Few distinct numbers, so that hundreds of pairs are undecided until the later levels."""
    rnd = random.Random(seed)
    prisoners = [seats(f"P{n}", tier=rnd.choice([0, 4]), seats=rnd.choice([1, 1, 2])) for n in range(15)]
    sponsors = [capacity(f"S{n}", capacity=rnd.choice([1, 2]), waiting_weeks=rnd.choice([0, 7])) for n in range(60)]
    everybody = [(p.id, s.id) for p in prisoners for s in sponsors]
    pairs = [(*pair, rnd.choice([20, 21])) for pair in rnd.sample(everybody, 600)]
    return an_instance(prisoners, sponsors, pairs, tuple(rnd.sample(everybody, 10)))


MIDDLE = [*(middle_instance(seed) for seed in range(6)), *(instance_of_ties(seed) for seed in range(6))]


@pytest.mark.parametrize("listed_at_most", [0, 1_000], ids=["looked for anew", "listed"])
@pytest.mark.parametrize("instance", MIDDLE)
def test_a_shortlist_changes_no_byte_of_a_middle_plan(monkeypatch, instance, listed_at_most):
    monkeypatch.setattr(reserve, "LISTED_AT_MOST", listed_at_most)

    assert solved_from_shortlists(monkeypatch, instance, length=1) == write_plan(solve(instance))


def test_of_many_pairs_that_tie_few_are_ever_offered(monkeypatch):
    people, helpers = [seats(f"P{n}") for n in range(12)], [capacity(f"S{n}") for n in range(400)]
    instance = an_instance(people, helpers, [(p.id, s.id, 10) for p in people for s in helpers])
    plan = write_plan(solve(instance))
    offered = Mock(side_effect=network.Frame.network)
    monkeypatch.setattr(network.Frame, "network", lambda self, pairs: offered(self, pairs))

    assert solved_from_shortlists(monkeypatch, instance, length=4) == plan
    assert max(len(call.args[1]) for call in offered.call_args_list) < len(instance.pairs) / 10


def test_pairs_in_use_do_not_crowd_out_a_helpful_one(monkeypatch):
    monkeypatch.setattr(pricing, "SHORTLIST_AT_PRICES", 1)
    monkeypatch.setattr(pricing, "OFFERED_AT_ONCE", 1)
    fits = {"S0": 99, "S1": 10, "S2": 50, "S3": 9}
    helpers = [capacity(id_, capacity=2) for id_ in fits]
    instance = an_instance([seats("P1", seats=2)], helpers, [("P1", id_, fit) for id_, fit in fits.items()])
    all_but_s2_are_offered = Certificate(capacity={"S2": 80}, seats={}, role_seats={}, seat_points={})

    assert solve(instance, near=all_but_s2_are_offered).pairs == (("P1", "S0"), ("P1", "S2"))


def test_a_tie_with_a_pair_that_was_never_offered_is_no_unique_answer(monkeypatch):
    hashes = np.array([5, 9, 5])
    monkeypatch.setattr(levels, "tie_break", lambda *_, **__: lambda pairs: hashes[pairs.sponsor])
    monkeypatch.setattr(pricing, "SHORTLIST_AT_PRICES", 1)
    helpers = [capacity(f"S{number}") for number in range(3)]
    instance = an_instance([seats("P1")], helpers, [("P1", helper.id, 10) for helper in helpers])
    all_but_the_third_are_offered = Certificate(capacity={"S2": 50}, seats={}, role_seats={}, seat_points={})

    plan = solve(instance, near=all_but_the_third_are_offered)

    assert plan.pairs == (("P1", "S0"),)
    assert not plan.unique


WRONG_PRICES = st.integers(-3, 1 << 70)
BY_ID = st.dictionaries(st.sampled_from(["P0", "P1", "S0", "S1", "S2", "X"]), WRONG_PRICES)
BY_ROLE = st.dictionaries(st.sampled_from(list(SponsorRole)), WRONG_PRICES)
CERTIFICATES = st.builds(
    Certificate,
    capacity=BY_ID,
    seats=BY_ID,
    role_seats=st.dictionaries(st.sampled_from(["P0", "P1", "X"]), BY_ROLE),
    seat_points=BY_ID,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(instances(most_people=5, most_pairs=20), CERTIFICATES)
def test_whatever_certificate_it_begins_near_changes_no_byte(instance, certificate):
    assert write_plan(solve(instance, near=certificate)) == write_plan(solve(instance))


@pytest.mark.parametrize("seed", range(6))
def test_a_run_after_small_changes_may_begin_near_the_one_before(seed):
    before = middle_instance(seed)
    plan = solve(before)
    sponsors = list(before.sponsors[2:])
    sponsors[0] = replace(sponsors[0], capacity=0)
    kept = before.listed.at(before.listed.sponsor >= 2)
    pairs = (kept.prisoner, kept.sponsor - 2, kept.fit)
    after, _ = Instance.of(prisoners=before.prisoners, sponsors=sponsors, pairs=pairs, previous=plan.pairs)

    assert write_plan(solve(after, near=plan.certificate)) == write_plan(solve(after))


def test_a_run_again_finds_everything_in_its_first_offer(monkeypatch):
    instance = middle_instance(2)
    plan = solve(instance)
    again = replace(instance, previous=plan.pairs)
    asked = Mock(wraps=pricing.best_flow)
    monkeypatch.setattr(pricing, "best_flow", asked)

    assert solve(again, near=plan.certificate).pairs == plan.pairs
    assert asked.call_count == 1


def test_a_pair_left_out_that_ties_is_kept_where_it_stood_before(monkeypatch):
    helpers = [capacity(f"S{number}") for number in range(5)]
    pairs = [("P1", helper.id, 10) for helper in helpers]
    for before in helpers:
        instance = an_instance([seats("P1")], helpers, pairs, (("P1", before.id),))

        plan = json.loads(solved_from_shortlists(monkeypatch, instance, length=2))

        assert plan["pairs"] == [["P1", before.id]]


def test_the_shortlist_holds_the_best_who_have_capacity_and_whom_the_run_before_proposed(monkeypatch):
    monkeypatch.setattr(pricing, "SHORTLIST", 1)
    helpers = [capacity(f"S{number}") for number in range(4)]
    fits = {"S0": 10, "S1": 30, "S2": 20, "S3": 1, "S9": 99}
    pairs = [("P1", id_, fit) for id_, fit in fits.items()]
    before = (("P1", "S3"), ("P1", "S9"))
    instance = an_instance([seats("P1")], [*helpers, capacity("S9", capacity=0)], pairs, before)

    assert shortlisted(instance) == {"S1", "S2", "S3"}  # one, one for the seat, and the one before


def test_at_prices_the_shortlist_holds_the_best_at_these_prices(monkeypatch):
    monkeypatch.setattr(pricing, "SHORTLIST_AT_PRICES", 0)
    helpers = [capacity(f"S{number}") for number in range(3)]
    instance = an_instance([seats("P1")], helpers, [("P1", "S0", 10), ("P1", "S1", 30), ("P1", "S2", 20)])

    assert shortlisted(instance, S1=9) == {"S1"}
    assert shortlisted(instance, S1=11) == {"S2"}


def shortlisted(instance, **price_of_sponsor: int) -> set[str]:
    frame = build_frame(instance, role_limits(instance), policy=DEFAULT_POLICY)
    prices = np.array([price_of_sponsor.get(person.id, 0) for person in instance.sponsors])
    tariff = replace(free_of_charge(instance, frame.limits), of_sponsor=prices) if price_of_sponsor else None
    return {sponsor for _, sponsor in instance.ids_of(pricing.shortlists(frame, tariff))}
