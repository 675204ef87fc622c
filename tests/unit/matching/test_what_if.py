"""The difference of two plans: what changed, for whom, and why; and that it is the difference of the best ones."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInput, NotFound
from app.matching import (
    DEFAULT_POLICY,
    Change,
    Difference,
    FactSheet,
    Objective,
    OtherCapacity,
    OtherPolicy,
    OtherSeats,
    Paused,
    Policy,
    score,
    situation,
    solve,
    what_if,
)
from app.matching.policy import FitPoints, HardRuleSwitches, TierPoints
from app.matching.what_if import WhatIf, changed
from app.vocabulary import DetentionStatus, Fact
from tests.unit.matching.builders import TODAY, a_prisoner, a_sheet, a_sponsor
from tests.unit.matching.strategies import fact_sheets

ILL, DISABLED = frozenset({Fact.SERIOUS_ILLNESS}), frozenset({Fact.DISABILITY})
DISABILITY_FIRST = Policy(tier=TierPoints(disability=6, serious_illness=1))


def one_place_for_two() -> FactSheet:
    """A seriously ill prisoner and one with a disability; one sponsor with one place."""
    return a_sheet(prisoners=[a_prisoner(id="P1", facts=ILL), a_prisoner(id="P2", facts=DISABLED)])


def test_nothing_differs_where_nothing_changed():
    found = what_if(one_place_for_two(), OtherPolicy(Policy(version=9)))

    assert found.before == found.after
    assert (found.kept, found.new, found.gone, found.prisoners, found.sponsors) == (1, (), (), (), ())
    assert found.remeasured == found.before.objective


def test_a_policy_that_turns_the_tiers_round_says_who_gains_who_loses_and_why():
    found = what_if(one_place_for_two(), OtherPolicy(DISABILITY_FIRST))

    (covered,), (alone,) = found.newly_covered, found.newly_alone
    assert (covered.id, covered.tier, covered.urgency) == ("P2", (3, 0), {"disability": (2, 6)})
    assert (alone.id, alone.tier, alone.urgency) == ("P1", (2, 4), {"serious_illness": (3, 1)})
    assert (found.who(Change.GAINED), found.who(Change.LOST)) == ((covered,), (alone,))
    assert ([p.prisoner_id for p in found.new], [p.prisoner_id for p in found.gone]) == (["P2"], ["P1"])
    assert (found.sponsors[0].before, found.sponsors[0].after, found.sponsors[0].change) == (("P1",), ("P2",), "moved")


def test_the_figures_of_each_side_are_by_its_own_numbers_and_the_old_plan_is_measured_by_the_new_ones_too():
    found = what_if(one_place_for_two(), OtherPolicy(DISABILITY_FIRST))

    assert found.before.objective.newly_covered_by_tier == (0, 0, 1, 0, 0, 0)
    assert found.before.alone_by_tier == (0, 0, 0, 1, 0, 0)
    assert found.after.objective.newly_covered_by_tier == (1, 0, 0, 0, 0, 0)
    assert found.after.alone_by_tier == (0, 0, 0, 0, 1, 0)
    assert found.remeasured.newly_covered_by_tier == (0, 0, 0, 0, 1, 0)


def test_a_pair_that_comes_or_goes_names_the_terms_that_differ():
    sheet = a_sheet(
        prisoners=[a_prisoner(id="P1", case="C1"), a_prisoner(id="P2", supporter_countries=frozenset())],
        sponsors=[a_sponsor(supports_cases=frozenset({"C1"}))],
    )
    before, after = (Policy(fit=FitPoints(country_spread=points)) for points in (1, 9))
    spread = what_if(sheet, OtherPolicy(after), before)

    (new,), (gone,) = spread.new, spread.gone
    assert (new.prisoner_id, new.terms) == ("P2", {"country_spread": (1, 9)})
    assert new.fit[1] - new.fit[0] == 8
    assert (gone.prisoner_id, gone.terms, gone.fit[0] - gone.fit[1]) == ("P1", {}, 0)
    assert [(shift.id, shift.terms) for shift in spread.prisoners] == [("P1", ()), ("P2", ("country_spread",))]


def test_a_pair_that_one_side_forbids_names_the_rule():
    sheet = a_sheet(prisoners=[a_prisoner(detention_status=DetentionStatus.UNKNOWN)])

    allowed = what_if(sheet, OtherPolicy(Policy(hard_rules=HardRuleSwitches(allow_detention_unknown=True))))

    (new,) = allowed.new
    assert (new.rule, new.fit[0], new.terms) == ("detention_unknown", None, {})
    assert new.fit[1] is not None


def test_more_capacity_reaches_the_next_one():
    found = what_if(one_place_for_two(), OtherCapacity("S1", 2))

    assert [prisoner.id for prisoner in found.newly_covered] == ["P2"]
    assert (found.kept, found.newly_alone, found.gone) == (1, (), ())
    assert (found.before.proposals, found.after.proposals) == (1, 2)


def test_another_seat_brings_a_second_supporter():
    sheet = a_sheet(prisoners=[a_prisoner(id="P1", seats=1)], sponsors=[a_sponsor(id="S1"), a_sponsor(id="S2")])

    found = what_if(sheet, OtherSeats("P1", 2))

    (shift,) = found.who(Change.GAINED)
    assert (len(shift.before), len(shift.after), shift.covered) == (1, 2, (True, True))
    assert found.after.objective.points - found.before.objective.points == found.new[0].fit[1] + 20


def test_a_pause_leaves_somebody_alone_and_says_that_the_pause_did():
    sheet = a_sheet(prisoners=[a_prisoner(id="P1")])

    found = what_if(sheet, Paused("S1"))

    assert [prisoner.id for prisoner in found.newly_alone] == ["P1"]
    assert (found.gone[0].rule, found.gone[0].fit[1]) == ("not_available", None)


def test_whoever_has_a_supporter_of_the_kind_is_never_called_newly_covered_or_alone():
    sheet = a_sheet(prisoners=[a_prisoner(id="P1", supporters_of_kind=1)])

    found = what_if(sheet, Paused("S1"))

    assert [prisoner.covered for prisoner in found.who(Change.LOST)] == [(True, True)]
    assert (found.newly_covered, found.newly_alone) == ((), ())


@pytest.mark.parametrize("change", [OtherCapacity("nobody", 1), OtherSeats("nobody", 1), Paused("nobody")])
def test_somebody_unknown_is_said(change: WhatIf):
    with pytest.raises(NotFound, match="'nobody'"):
        what_if(one_place_for_two(), change)


@pytest.mark.parametrize("change", [OtherCapacity("S1", -1), OtherCapacity("S1", 1001), OtherSeats("P1", -1)])
def test_a_number_that_no_instance_may_have_is_refused(change: WhatIf):
    with pytest.raises(BadInput, match="between 0 and 1000"):
        what_if(one_place_for_two(), change)


POLICIES = st.builds(
    Policy,
    tier=st.builds(TierPoints, disability=st.sampled_from([0, 2, 6]), long_held=st.sampled_from([0, 1, 4])),
    fit=st.builds(FitPoints, country_spread=st.sampled_from([0, 10]), language_basic=st.sampled_from([5, 20])),
    hard_rules=st.builds(
        HardRuleSwitches, allow_detention_unknown=st.booleans(), mandate_days_left=st.sampled_from([0, 90, 900])
    ),
)


@st.composite
def questions(draw: st.DrawFn) -> tuple[FactSheet, WhatIf]:
    sheet = draw(fact_sheets())
    changes: list[st.SearchStrategy[WhatIf]] = [st.builds(OtherPolicy, POLICIES)]
    if sheet.sponsors:
        ids = st.sampled_from([person.id for person in sheet.sponsors])
        changes += [st.builds(OtherCapacity, ids, st.integers(0, 3)), st.builds(Paused, ids)]
    if sheet.prisoners:
        ids = st.sampled_from([person.id for person in sheet.prisoners])
        changes += [st.builds(OtherSeats, ids, st.integers(0, 3))]
    return sheet, draw(st.one_of(changes))


@settings(max_examples=150, deadline=None)
@given(questions())
def test_the_difference_is_that_of_the_two_best_plans(question: tuple[FactSheet, WhatIf]):
    sheet, change = question
    policy = change.policy if isinstance(change, OtherPolicy) else DEFAULT_POLICY
    before = solve(score(sheet).instance)
    after = solve(score(changed(sheet, change), policy).instance, policy)

    found = what_if(sheet, change)

    new, gone = pairs_of(found.new), pairs_of(found.gone)
    assert new == set(after.pairs) - set(before.pairs)
    assert gone == set(before.pairs) - set(after.pairs)
    assert found.kept + len(gone) == found.before.proposals == len(before.pairs)
    assert (found.before.objective, found.after.objective) == (before.objective, after.objective)
    check_people(found, gained=new, lost=gone)


def pairs_of(shifts: tuple) -> set[tuple[str, str]]:
    return {(shift.prisoner_id, shift.sponsor_id) for shift in shifts}


def check_people(found: Difference, *, gained: set, lost: set) -> None:
    """Both sides' shifts are the same pairs, and nobody stands there without one."""
    for people, side in ((found.prisoners, 0), (found.sponsors, 1)):
        assert {person.id for person in people} == {pair[side] for pair in gained | lost}
        for person in people:
            others = {pair[1 - side] for pair in gained if pair[side] == person.id}
            assert set(person.after) - set(person.before) == others
    covered = len(found.newly_covered) - len(found.newly_alone)
    before, after = found.before.objective, found.after.objective
    assert covered == sum(after.newly_covered_by_tier) - sum(before.newly_covered_by_tier)
    assert covered == sum(found.before.alone_by_tier) - sum(found.after.alone_by_tier)


@settings(max_examples=150, deadline=None)
@given(fact_sheets(), POLICIES)
def test_no_policy_makes_the_old_plan_better_than_its_own(sheet: FactSheet, policy: Policy):
    found = what_if(sheet, OtherPolicy(policy))

    assert rank(found.after.objective) >= rank(found.remeasured)


def rank(objective: Objective) -> tuple[int, ...]:
    """The first two levels of the promise, in order."""
    return (*objective.newly_covered_by_tier, objective.points)


def test_the_sheets_own_policy_counts_where_none_is_given():
    sheet = replace(one_place_for_two(), policy=DISABILITY_FIRST)

    assert situation(sheet).plan.pairs == (("P2", "S1"),)
    assert what_if(sheet, OtherPolicy(DISABILITY_FIRST)).prisoners == ()


def test_what_was_proposed_before_is_kept_on_both_sides():
    sheet = a_sheet(
        prisoners=[a_prisoner(id="P1")],
        sponsors=[a_sponsor(id=f"S{n}", available_until=date(TODAY.year + 1, 1, 1)) for n in range(6)],
        previous=frozenset({("P1", "S4")}),
    )

    found = what_if(sheet, OtherCapacity("S1", 3))

    assert (found.kept, found.new, found.before.objective.kept) == (1, (), 1)
