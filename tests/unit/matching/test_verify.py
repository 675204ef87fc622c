"""The checker refuses what is not true: negative controls."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.instance import Instance
from app.matching.plan import Certificate, Plan
from app.matching.policy import DEFAULT_POLICY
from app.matching.solver import solve
from app.matching.verify import verify
from app.matching.worth import objective_of
from app.vocabulary import SponsorRole
from tests.unit.matching.brute_force import best_plans, feasible
from tests.unit.matching.builders import an_instance, capacity, seats
from tests.unit.matching.strategies import instances

ARTIST = SponsorRole.ARTIST

INSTANCE = an_instance(
    [seats("P1", tier=0, seats=2, role_seats={ARTIST: 1}), seats("P2", tier=3), seats("P3", supporters=1)],
    [capacity("S1", role=ARTIST), capacity("S2", role=ARTIST), capacity("S3", capacity=2)],
    [
        ("P1", "S1", 60),
        ("P1", "S2", 50),
        ("P1", "S3", 40),
        ("P2", "S1", 70),
        ("P2", "S2", 10),
        ("P2", "S3", 30),
        ("P3", "S3", 5),
        ("P3", "S2", 45),
    ],
    (("P1", "S1"),),
)
PLAN = solve(INSTANCE)


def reason(plan: Plan) -> str:
    verdict = verify(INSTANCE, plan)
    assert not verdict.ok
    assert verdict.reason is not None
    return verdict.reason


def with_true_figures(pairs: tuple) -> Plan:
    return replace(PLAN, pairs=pairs, objective=objective_of(INSTANCE, INSTANCE.named(pairs), DEFAULT_POLICY))


def test_the_solvers_plan_is_believed():
    verdict = verify(INSTANCE, PLAN)

    assert verdict.ok
    assert verdict.worth == verdict.bound


def test_a_pair_that_is_not_eligible_is_found():
    assert "not an eligible pair" in reason(replace(PLAN, pairs=(*PLAN.pairs, ("P3", "S1"))))


def test_ids_of_nobody_are_found():
    assert "not an eligible pair" in reason(replace(PLAN, pairs=(("P9", "S1"),)))


def test_a_pair_that_stands_twice_is_found():
    assert "twice" in reason(replace(PLAN, pairs=(PLAN.pairs[0], *PLAN.pairs)))


def test_unsorted_pairs_are_found():
    assert "out of order" in reason(replace(PLAN, pairs=PLAN.pairs[::-1]))


def test_too_many_sponsors_are_found():
    pairs = (("P2", "S1"), ("P2", "S2"))

    assert "P2 has more sponsors than open seats" in reason(with_true_figures(pairs))


def test_too_much_for_a_sponsor_is_found():
    pairs = (("P1", "S1"), ("P2", "S1"))

    assert "S1 has more prisoners than capacity" in reason(with_true_figures(pairs))


def test_too_many_of_a_role_are_found():
    pairs = (("P1", "S1"), ("P1", "S2"))

    assert "P1 has more sponsors of the role artist" in reason(with_true_figures(pairs))


@pytest.mark.parametrize("name", ["points", "fit", "kept", "waiting"])
def test_a_wrong_figure_is_named(name):
    wrong = replace(PLAN.objective, **{name: getattr(PLAN.objective, name) + 1})

    assert f"objective.{name}" in reason(replace(PLAN, objective=wrong))


def test_wrong_coverage_is_named():
    wrong = replace(PLAN.objective, newly_covered_by_tier=(1, 1, 0, 0, 0, 0))

    assert "newly_covered_by_tier" in reason(replace(PLAN, objective=wrong))


@pytest.mark.parametrize("left_out", PLAN.pairs)
def test_a_plan_that_leaves_a_pair_out_is_not_proved_best(left_out):
    fewer = tuple(pair for pair in PLAN.pairs if pair != left_out)

    assert "not proved best" in reason(with_true_figures(fewer))


def test_a_plan_without_a_certificate_is_not_believed():
    assert "no certificate" in reason(replace(PLAN, certificate=None))


def test_an_empty_certificate_proves_nothing():
    assert "not proved best" in reason(replace(PLAN, certificate=Certificate({}, {}, {}, {})))


ONE_OF_EACH_PRICE = [("capacity", "S1"), ("seats", "P2"), ("role_seats", "P1"), ("seat_points", "P3")]


def tampered(name: str, key: str, price: int) -> Plan:
    prices = dict(getattr(PLAN.certificate, name))
    prices[key] = {ARTIST: price} if name == "role_seats" else price
    return replace(PLAN, certificate=replace(PLAN.certificate, **{name: prices}))


@pytest.mark.parametrize(("name", "key"), ONE_OF_EACH_PRICE)
@pytest.mark.parametrize("price", [-1, 1 << 70, 1 << 63, 1 << 40])
def test_a_price_outside_its_range_is_refused_and_never_wraps(name, key, price):
    assert "is not between 0 and" in reason(tampered(name, key, price))


def test_a_price_of_a_role_is_refused_by_prisoner_and_role():
    assert "role_seats: the price of 'P1.artist' is" in reason(tampered("role_seats", "P1", -1))
    assert "role_seats: 'P2.artist' is not in the instance" in reason(tampered("role_seats", "P2", 1))


def test_a_lower_price_of_scarce_capacity_proves_nothing():
    scarce = next(iter(PLAN.certificate.capacity))

    assert "not proved best" in reason(tampered("capacity", scarce, 0))


def test_a_price_for_nobody_is_refused():
    assert "'S9' is not in the instance" in reason(tampered("capacity", "S9", 1))


def test_a_plan_is_not_believed_for_an_instance_with_another_fit():
    listed = INSTANCE.listed
    for place in range(len(listed)):
        fit = listed.fit.copy()
        fit[place] = 99 if fit[place] < 50 else 1
        other = replace(INSTANCE, pairs=replace(INSTANCE.pairs, pairs=replace(listed, fit=fit)))

        believed = verify(other, PLAN).ok

        assert believed <= (solve(other).objective == PLAN.objective)


@st.composite
def plans_with_prices(draw: st.DrawFn) -> tuple[Instance, Plan]:
    """A small instance, some feasible plan of it with its true figures, and prices near the right ones."""
    instance = draw(instances())
    count = len(instance.listed)
    pairs = tuple(sorted(draw(st.sets(st.integers(0, count - 1), max_size=4)))) if count else ()
    if not feasible(instance, pairs):
        pairs = ()
    chosen = instance.listed.at(list(pairs))
    right = solve(instance).certificate
    moved = st.integers(-1, 1) | st.integers(-2000, 2000)
    prices = {
        name: {key: max(0, price + draw(moved)) for key, price in getattr(right, name).items()}
        for name in ("capacity", "seats", "seat_points")
    }
    certificate = draw(st.sampled_from([right, replace(right, **prices)]))
    objective = objective_of(instance, chosen, DEFAULT_POLICY)
    return instance, Plan(instance.ids_of(chosen), objective, certificate, unique=False)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(plans_with_prices())
def test_no_prices_prove_a_plan_that_another_beats(given_plan):
    instance, plan = given_plan

    if verify(instance, plan).ok:
        (coverage, points, _, _), _ = best_plans(instance)
        assert (plan.objective.newly_covered_by_tier, plan.objective.points) == (coverage, points)
