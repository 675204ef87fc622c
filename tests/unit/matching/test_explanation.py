from datetime import timedelta

import pytest
from hypothesis import given, settings

from app.errors import NotFound
from app.matching.explanation import Scarce, exact_loss, explain, ruled_out
from app.matching.facts import FactSheet
from app.matching.plan import Plan
from app.matching.scoring import score
from app.matching.solver import solve
from app.matching.worth import Loss
from app.vocabulary import Fact, SponsorRole
from tests.unit.matching.brute_force import best_plans, feasible, value_of
from tests.unit.matching.builders import TODAY, a_prisoner, a_sheet, a_sponsor, an_instance, capacity, seats
from tests.unit.matching.strategies import fact_sheets, instances

URGENT = a_prisoner(id="P1", facts=frozenset({Fact.SERIOUS_ILLNESS}))
OTHER = a_prisoner(id="P2", supporter_countries=frozenset())


def planned(sheet: FactSheet) -> Plan:
    return solve(score(sheet).instance)


def test_a_proposed_pair_is_explained_by_its_tier_and_terms():
    sheet = a_sheet([URGENT, OTHER])

    found = explain(sheet, prisoner_id="P1", sponsor_id="S1", plan=planned(sheet))

    assert found.proposed
    assert (found.tier, found.vulnerability) == (2, {"serious_illness": 3})
    assert (found.fit, found.terms) == (1, {})
    assert (found.rule, found.loss_at_least, found.scarce) == (None, None, ())


def test_a_pair_that_would_cost_someone_their_first_supporter_says_so():
    sheet = a_sheet([URGENT, OTHER])

    found = explain(sheet, prisoner_id="P2", sponsor_id="S1", plan=planned(sheet))

    assert not found.proposed
    assert found.fit == 11
    # tier 2 weighs 4 and tier 5 weighs 1; ten points would be gained
    assert found.loss_at_least == Loss(first_supporters=3, points=-10)
    assert found.scarce == (Scarce.CAPACITY,)


def test_a_pair_that_costs_points_says_what_is_scarce_and_exactly_how_many_when_solved_anew():
    sheet = a_sheet([OTHER], [a_sponsor(id="S1"), a_sponsor(id="S2", available_until=None)])
    plan = planned(sheet)

    found = explain(sheet, prisoner_id="P2", sponsor_id="S1", plan=plan)

    assert exact_loss(score(sheet).instance, plan, prisoner_id="P2", sponsor_id="S1") == Loss(0, 8)
    assert found.loss_at_least <= Loss(0, 8)
    assert found.scarce == (Scarce.SEATS,)


def test_a_role_seat_can_be_what_is_scarce_and_its_price_counts():
    prisoner = a_prisoner(seats=2, role_seats={SponsorRole.VOLUNTEER: 1})
    one_year, for_ever = TODAY + timedelta(days=400), None
    sponsors = [a_sponsor(), a_sponsor(id="S2", available_until=one_year), a_sponsor(id="S3", available_until=for_ever)]
    sheet = a_sheet([prisoner], sponsors)

    found = explain(sheet, prisoner_id="P1", sponsor_id="S1", plan=planned(sheet))

    assert found.scarce == (Scarce.ROLE_SEATS,)
    # S2, who would be next, has four points more
    assert found.loss_at_least == Loss(0, 4)


def test_what_is_proposed_anyway_costs_nothing():
    people = [seats("P1", tier=0, seats=3, role_seats={SponsorRole.VOLUNTEER: 2})]
    pairs = [("P1", "S1", 30), ("P1", "S2", 20), ("P1", "S3", 10)]
    instance = an_instance(people, [capacity("S1"), capacity("S2"), capacity("S3")], pairs)
    plan = solve(instance)

    losses = [exact_loss(instance, plan, **ids(instance, pair)) for pair in range(3)]

    assert losses == [Loss(0, 0), Loss(0, 0), Loss(0, 10)]


def test_a_forbidden_pair_is_explained_by_the_first_rule():
    sheet = a_sheet(sponsors=[a_sponsor(vetted=False, held=True)])

    found = explain(sheet, prisoner_id="P1", sponsor_id="S1", plan=planned(sheet))

    assert found.rule.name == "not_vetted"
    assert found.rule.sentence == "The sponsor is not vetted."
    assert (found.fit, found.terms, found.loss_at_least) == (None, {}, None)


def test_without_a_plan_only_how_well_the_two_suit_is_explained():
    found = explain(a_sheet([OTHER]), prisoner_id="P2", sponsor_id="S1")

    assert (found.proposed, found.fit, found.loss_at_least) == (False, 11, None)


def test_rules_that_keep_sponsors_from_a_prisoner_are_counted_the_most_first():
    sponsors = [
        a_sponsor(id="S1", languages={}),
        a_sponsor(id="S2", vetted=False),
        a_sponsor(id="S3", vetted=False),
        a_sponsor(id="S4"),
    ]

    assert list(ruled_out(a_sheet(sponsors=sponsors), "P1").items()) == [("not_vetted", 2), ("language", 1)]


@pytest.mark.parametrize(("prisoner", "sponsor"), [("P9", "S1"), ("P1", "S9")])
def test_ids_of_nobody_are_not_found(prisoner, sponsor):
    with pytest.raises(NotFound):
        explain(a_sheet(), prisoner_id=prisoner, sponsor_id=sponsor)


def ids(instance, pair: int) -> dict[str, str]:
    return dict(zip(("prisoner_id", "sponsor_id"), instance.ids_of(instance.listed)[pair], strict=True))


def forced_best(instance, pair: int) -> tuple | None:
    """The best coverage and points of all plans that hold the pair, by trying them all."""
    plans = best_plans(instance, holding=pair)[1]
    return value_of(instance, plans[0])[:2] if plans else None


def weight(coverage: tuple[int, ...]) -> int:
    return sum((6 - tier) * count for tier, count in enumerate(coverage))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(instances(most_pairs=7))
def test_the_exact_loss_is_what_the_best_plan_with_the_pair_lacks(instance):
    plan = solve(instance)
    for pair in range(len(instance.listed)):
        if not feasible(instance, (pair,)):
            with pytest.raises(NotFound):
                exact_loss(instance, plan, **ids(instance, pair))
            continue
        coverage, points = forced_best(instance, pair)

        loss = exact_loss(instance, plan, **ids(instance, pair))

        best = plan.objective
        assert loss.first_supporters == weight(best.newly_covered_by_tier) - weight(coverage)
        assert loss.points == best.points - points


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(fact_sheets())
def test_no_eligible_pair_costs_less_than_its_explanation_says(sheet):
    instance = score(sheet).instance
    plan = solve(instance)
    for pair in range(len(instance.listed)):
        found = explain(sheet, **ids(instance, pair), plan=plan)
        exact = exact_loss(instance, plan, **ids(instance, pair))

        assert found.proposed == (instance.ids_of(instance.listed)[pair] in plan.pairs)
        assert exact == Loss(0, 0) if found.proposed else found.loss_at_least <= exact


def test_the_exact_loss_of_people_who_are_no_pair_is_not_found():
    instance = an_instance([seats("P1")], [capacity("S1")], [])

    with pytest.raises(NotFound):
        exact_loss(instance, solve(instance), prisoner_id="P1", sponsor_id="S1")
