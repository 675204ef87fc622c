"""What a run leaves to be explained, for everybody at once: the same answers as pair by pair."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock

import pytest
from hypothesis import given, settings

from app.matching import alternatives, pricing
from app.matching.alternatives import ELIGIBLE, RunnerUp, left_alone, plan_prices, runners_up
from app.matching.explanation import Scarce, exact_loss, explain, ruled_out
from app.matching.facts import FactSheet, IdPair
from app.matching.instance import Instance
from app.matching.limits import role_limits
from app.matching.plan import Certificate, Plan
from app.matching.policy import DEFAULT_POLICY
from app.matching.prices import bound, prices_from
from app.matching.rules import first_failing, hard_rules
from app.matching.scoring import score
from app.matching.solver import best_objective, solve
from app.matching.worth import Loss, seat_steps
from app.vocabulary import SponsorRole
from tests.unit.matching.builders import TODAY, a_prisoner, a_sheet, a_sponsor, an_instance, capacity, seats
from tests.unit.matching.strategies import fact_sheets, instances
from tests.unit.matching.test_solver import middle_instance


def planned(sheet: FactSheet) -> Plan:
    return solve(score(sheet).instance)


def next_best(instance: Instance) -> dict[str, RunnerUp]:
    plan = solve(instance)
    return runners_up(instance, plan, plan_prices(instance, plan))


def test_the_runner_up_is_the_sponsor_who_costs_everyone_least():
    pairs = [("P1", "S1", 30), ("P1", "S2", 10), ("P1", "S3", 20)]
    instance = an_instance([seats("P1")], [capacity("S1"), capacity("S2"), capacity("S3")], pairs)

    found = next_best(instance)["P1"]

    assert (found.sponsor_id, found.loss_at_least) == ("S3", Loss(0, 10))


def test_a_sponsor_with_better_fit_is_no_runner_up_where_others_need_them_more():
    people = [seats("P1"), seats("P2", tier=0)]
    pairs = [("P1", "S1", 30), ("P1", "S2", 20), ("P1", "S3", 10), ("P2", "S2", 1)]
    instance = an_instance(people, [capacity("S1"), capacity("S2"), capacity("S3")], pairs)

    found = next_best(instance)

    assert (found["P1"].sponsor_id, found["P1"].loss_at_least) == ("S3", Loss(0, 20))
    assert "P2" not in found


def test_of_equals_the_better_fit_is_named():
    people = [seats("P1"), seats("P2", supporters=3), seats("P3", supporters=3)]
    pairs = [("P1", "S1", 30), ("P1", "S2", 10), ("P1", "S3", 20), ("P2", "S3", 10), ("P3", "S3", 10)]
    instance = an_instance(people, [capacity("S1"), capacity("S2"), capacity("S3")], pairs)

    found = next_best(instance)["P1"]

    assert (found.sponsor_id, found.loss_at_least) == ("S3", Loss(0, 20))


def test_of_equals_in_fit_too_the_lower_id_is_named():
    people = [seats("P1", seats=2, role_seats={SponsorRole.ARTIST: 1})]
    sponsors = [capacity("S0"), *(capacity(id_, role=SponsorRole.ARTIST) for id_ in ("S1", "S3", "S2"))]
    pairs = [("P1", "S0", 9), ("P1", "S1", 9), ("P1", "S3", 5), ("P1", "S2", 5)]
    instance = an_instance(people, sponsors, pairs)

    assert next_best(instance)["P1"].sponsor_id == "S2"


def test_a_closed_role_or_a_full_sponsor_is_nobodys_runner_up():
    people = [seats("P1", role_seats={SponsorRole.ARTIST: 0})]
    sponsors = [capacity("S1"), capacity("S2", role=SponsorRole.ARTIST), capacity("S3", capacity=0)]
    instance = an_instance(people, sponsors, [("P1", "S1", 9), ("P1", "S2", 8), ("P1", "S3", 7)])

    assert next_best(instance) == {}


def test_who_gets_no_proposal_has_no_runner_up():
    people = [seats("P1", tier=0), seats("P2")]
    instance = an_instance(people, [capacity("S1")], [("P1", "S1", 9), ("P2", "S1", 99)])

    assert solve(instance).pairs == (("P1", "S1"),)
    assert next_best(instance) == {}


def test_a_large_loss_of_points_in_a_tiny_programme_is_no_loss_of_a_first_supporter():
    instance = an_instance([seats("P1")], [capacity("S1"), capacity("S2")], [("P1", "S1", 99), ("P1", "S2", 1)])

    assert next_best(instance)["P1"].loss_at_least == Loss(0, 98)


def test_who_is_left_alone_is_counted_by_country_and_first_failing_rule():
    sponsors = [
        a_sponsor(id="S1"),
        a_sponsor(id="S2", vetted=False, held=True),
        a_sponsor(id="S3", country="FR", languages={}),
        a_sponsor(id="S4", country="FR", held=True),
        a_sponsor(id="S5", country="FR", held=True),
    ]
    sheet = a_sheet([a_prisoner(supporters_of_kind=0), a_prisoner(id="P2", pinned_tier=0)], sponsors)

    found = left_alone(sheet, planned(sheet))

    assert found == {"P1": {"DE": {ELIGIBLE: 1, "not_vetted": 1}, "FR": {"language": 1, "held": 2}}}


def test_whoever_has_somebody_is_not_alone():
    sheet = a_sheet([a_prisoner(supporters_of_kind=1, held=True)])

    assert left_alone(sheet, planned(sheet)) == {}


def test_without_sponsors_everybody_is_alone_and_nothing_is_counted():
    sheet = a_sheet(sponsors=[])

    assert left_alone(sheet, planned(sheet)) == {"P1": {}}


def test_what_is_listed_pair_by_pair_counts_for_its_own_prisoner_alone():
    people = [a_prisoner(id=f"P{number}", held=True) for number in range(4)]
    sheet = a_sheet(
        people,
        [a_sponsor(id="S1"), a_sponsor(id="S2"), a_sponsor(id="S3", country="FR", vetted=False)],
        refused_pairs=frozenset({("P1", "S1"), ("P3", "S3")}),
    )

    found = left_alone(sheet, planned(sheet))

    alike = {"DE": {"held": 2}, "FR": {"not_vetted": 1}}
    other = {"DE": {"refused_before": 1, "held": 1}, "FR": {"not_vetted": 1}}
    assert found == {"P0": alike, "P1": other, "P2": alike, "P3": alike}


@pytest.mark.parametrize("seed", range(3))
def test_the_runners_up_are_the_same_a_block_at_a_time(monkeypatch: pytest.MonkeyPatch, seed: int):
    instance = middle_instance(seed)
    whole = next_best(instance)
    monkeypatch.setattr("app.matching.sources.BLOCK_PAIRS", 1)

    assert len(list(instance.pairs.blocks())) >= len(whole) > 5
    assert next_best(instance) == whole


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(instances())
def test_both_ends_of_the_prices_prove_the_plan_and_bound_every_loss(instance):
    plan = solve(instance)
    prices = plan_prices(instance, plan)

    for proof in prices.both:
        assert proved_worth(plan, prices.unit) == most(instance, proof, prices.unit)
    for prisoner_id, runner_up in runners_up(instance, plan, prices).items():
        exact = exact_loss(instance, plan, prisoner_id=prisoner_id, sponsor_id=runner_up.sponsor_id)
        assert runner_up.loss_at_least <= exact


def proved_worth(plan: Plan, unit: int) -> int:
    weights = sum((6 - tier) * count for tier, count in enumerate(plan.objective.newly_covered_by_tier))
    return unit * weights + plan.objective.points


def most(instance: Instance, proof: Certificate, unit: int) -> int:
    limits, steps = role_limits(instance), seat_steps(instance, DEFAULT_POLICY)
    return bound(instance, limits, steps, prices=prices_from(instance, limits, proof, highest=8 * unit), unit=unit)


@pytest.mark.parametrize("seed", range(6))
def test_leaving_pairs_out_at_first_gives_the_same_prices(monkeypatch: pytest.MonkeyPatch, seed: int):
    instance = middle_instance(seed)
    plan = solve(instance)
    monkeypatch.setattr(pricing, "SHORTLIST_AT_PRICES", len(instance.pairs))
    whole = plan_prices(instance, plan)
    monkeypatch.setattr(pricing, "SHORTLIST_AT_PRICES", 1)
    monkeypatch.setattr(pricing, "OFFERED_AT_ONCE", 1)
    asked = Mock(wraps=alternatives.lowest_prices_of)
    monkeypatch.setattr(alternatives, "lowest_prices_of", asked)

    assert plan_prices(instance, plan) == whole
    assert asked.call_count > 1


@pytest.mark.slow
@pytest.mark.parametrize("listed_at_most", [-1, 1_000], ids=["computed", "listed"])
@settings(max_examples=60, deadline=None)
@given(sheet=fact_sheets())
def test_all_at_once_says_what_is_said_pair_by_pair(listed_at_most, sheet):
    plan = planned(sheet)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.matching.scoring.LISTED_AT_MOST", listed_at_most)
        found = next_best(score(sheet).instance)

    for prisoner_id, runner_up in found.items():
        losses = {sponsor.id: loss_of_pair(sheet, plan, prisoner_id, sponsor.id) for sponsor in sheet.sponsors}
        possible = {id_: loss for id_, loss in losses.items() if loss is not None}
        assert runner_up.loss_at_least == possible[runner_up.sponsor_id] == min(possible.values())
    for prisoner_id, by_country in left_alone(sheet, plan).items():
        totals = {}
        for counts in by_country.values():
            for name, count in counts.items():
                totals[name] = totals.get(name, 0) + count
        eligible = totals.pop(ELIGIBLE, 0)
        assert totals == ruled_out(sheet, prisoner_id)
        assert eligible == how_many_suit(sheet, prisoner_id)


def loss_of_pair(sheet: FactSheet, plan: Plan, prisoner_id: str, sponsor_id: str) -> Loss | None:
    prices = plan_prices(score(sheet).instance, plan)
    return explain(sheet, prisoner_id=prisoner_id, sponsor_id=sponsor_id, plan=plan, prices=prices).loss_at_least


def how_many_suit(sheet: FactSheet, prisoner_id: str) -> int:
    rules = hard_rules(sheet, sheet.policy or DEFAULT_POLICY)
    prisoner = next(person for person in sheet.prisoners if person.id == prisoner_id)
    return sum(first_failing(rules, prisoner, sponsor) is None for sponsor in sheet.sponsors)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(fact_sheets())
def test_with_one_more_of_what_is_scarce_everyone_gains_by_the_pair(sheet):
    instance = score(sheet).instance
    plan = solve(instance)
    prices = plan_prices(instance, plan)

    for prisoner_id, sponsor_id in instance.ids_of(instance.listed):
        found = explain(sheet, prisoner_id=prisoner_id, sponsor_id=sponsor_id, plan=plan, prices=prices)
        for what in found.scarce:
            assert worth_with(roomier(instance, (prisoner_id, sponsor_id), what), prisoner_id, sponsor_id) > worth(
                instance
            )


def worth(instance: Instance) -> tuple[int, int]:
    best = best_objective(instance)
    return sum((6 - tier) * count for tier, count in enumerate(best.newly_covered_by_tier)), best.points


def worth_with(instance: Instance, prisoner_id: str, sponsor_id: str) -> tuple[int, int]:
    """What the best plan is worth that holds the pair."""
    loss = exact_loss(instance, None, prisoner_id=prisoner_id, sponsor_id=sponsor_id)
    weight, points = worth(instance)
    return weight - loss.first_supporters, points - loss.points


def roomier(instance: Instance, pair: IdPair, what: Scarce) -> Instance:
    """The instance with one more of what a pair needs."""
    prisoners, sponsors = list(instance.prisoners), list(instance.sponsors)
    prisoner, sponsor = instance.prisoner_number[pair[0]], instance.sponsor_number[pair[1]]
    person, helper = prisoners[prisoner], sponsors[sponsor]
    if what is Scarce.CAPACITY:
        sponsors[sponsor] = replace(helper, capacity=helper.capacity + 1)
    elif what is Scarce.SEATS:
        prisoners[prisoner] = replace(person, seats=person.seats + 1)
    else:
        limits = person.role_seats | {helper.role: person.role_seats[helper.role] + 1}
        prisoners[prisoner] = replace(person, role_seats=limits)
    return replace(instance, prisoners=tuple(prisoners), sponsors=tuple(sponsors))


def test_each_kind_of_scarcity_is_found_where_it_is():
    one_year, for_ever = TODAY + timedelta(days=400), None
    pairs = {
        Scarce.SEATS: ([a_prisoner()], [a_sponsor(), a_sponsor(id="S2", available_until=for_ever)]),
        Scarce.CAPACITY: ([a_prisoner(), a_prisoner(id="P2", pinned_tier=0)], [a_sponsor()]),
        Scarce.ROLE_SEATS: (
            [a_prisoner(seats=2, role_seats={SponsorRole.VOLUNTEER: 1})],
            [a_sponsor(), a_sponsor(id="S2", available_until=one_year)],
        ),
    }
    for what, (prisoners, sponsors) in pairs.items():
        sheet = a_sheet(prisoners, sponsors)
        plan = planned(sheet)
        prices = plan_prices(score(sheet).instance, plan)

        assert explain(sheet, prisoner_id="P1", sponsor_id="S1", plan=plan, prices=prices).scarce == (what,)
