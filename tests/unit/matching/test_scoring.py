from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import eligibility, relations, scoring
from app.matching.eligibility import ScoredPairs
from app.matching.fit import fit_between, fit_terms
from app.matching.instance_file import write_scored
from app.matching.limits import free_of_charge, role_limits
from app.matching.pairs import Pairs
from app.matching.plan_file import write_plan
from app.matching.policy import DEFAULT_POLICY, FitPoints, Policy
from app.matching.rules import SENTENCES, first_failing, hard_rules
from app.matching.scoring import score
from app.matching.solver import solve
from app.matching.sources import ListedPairs
from app.matching.tariff import ANY, ROLES
from app.matching.tiers import tier_of
from app.vocabulary import SponsorRole
from tests.unit.matching.builders import TODAY, a_prisoner, a_sheet, a_sponsor
from tests.unit.matching.strategies import fact_sheets


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(fact_sheets())
def test_all_pairs_at_once_say_what_each_pair_says_alone(sheet):
    rules, terms = hard_rules(sheet, DEFAULT_POLICY), fit_terms(sheet, DEFAULT_POLICY)
    excluded, eligible = dict.fromkeys(SENTENCES, 0), {}
    for prisoner in sheet.prisoners:
        for sponsor in sheet.sponsors:
            rule = first_failing(rules, prisoner, sponsor)
            if rule:
                excluded[rule.name] += 1
            else:
                eligible[prisoner.id, sponsor.id] = fit_between(terms, prisoner, sponsor)

    scored = score(sheet)

    pairs = scored.instance.ids_of(scored.instance.listed)
    assert pairs == tuple(sorted(eligible))
    assert {pair: scored.terms(*pair) for pair in pairs} == eligible
    assert scored.instance.listed.fit.tolist() == [1 + sum(eligible[pair].values()) for pair in pairs]
    assert scored.excluded == excluded


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(fact_sheets(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_no_byte(sheet, rnd):
    prisoners, sponsors = list(sheet.prisoners), list(sheet.sponsors)
    rnd.shuffle(prisoners), rnd.shuffle(sponsors)
    shuffled = a_sheet(
        prisoners,
        sponsors,
        kind=sheet.kind,
        live_pairs=sheet.live_pairs,
        refused_pairs=sheet.refused_pairs,
        previous=sheet.previous,
    )

    assert write_scored(score(shuffled)) == write_scored(score(sheet))


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(fact_sheets())
def test_pairs_computed_anew_are_the_pairs_that_are_listed(sheet):
    listed = score(sheet)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scoring, "LISTED_AT_MOST", -1)
        patched.setattr(eligibility, "BLOCK_PAIRS", 2)
        computed = score(sheet)

        assert isinstance(computed.instance.pairs, ScoredPairs)
        assert write_scored(computed) == write_scored(listed)
        assert len(computed.instance.pairs) == len(listed.instance.listed)
        everybody = [(p.id, s.id) for p in listed.instance.prisoners for s in listed.instance.sponsors]
        assert computed.instance.named(everybody).fit.tolist() == listed.instance.named(everybody).fit.tolist()
        assert write_plan(solve(computed.instance)) == write_plan(solve(listed.instance))


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(fact_sheets())
def test_merging_tables_changes_no_byte(sheet):
    merged = write_scored(score(sheet))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(relations, "MERGED_CELLS", 0)
        assert write_scored(score(sheet)) == merged


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(fact_sheets(), st.data())
def test_what_is_asked_of_pairs_computed_anew_is_answered_as_from_a_list(sheet, data):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scoring, "LISTED_AT_MOST", -1)
        patched.setattr(eligibility, "TOO_MANY", 0)
        instance = score(sheet).instance
        people, limits = len(instance.prisoners), role_limits(instance)
        listed = ListedPairs(instance.listed, people, len(instance.sponsors))
        price = st.integers(-30, 60)
        tariff = limits.tariff(
            of_sponsor=np.array(data.draw(st.tuples(*[price] * len(instance.sponsors))), dtype=np.int64),
            of_slot=np.array(data.draw(st.tuples(*[price] * (people * len(ROLES)))), dtype=np.int64),
        )
        most = np.array(data.draw(st.tuples(*[st.integers(1, 3)] * people)), dtype=np.int64)
        among = np.array(data.draw(st.tuples(*[st.booleans()] * people)), dtype=np.bool_)

        below = data.draw(st.sampled_from([0, ANY]))

        def answers(source):
            best = Pairs.joined(list(source.best(tariff, most=most, below=below, among=among)))
            in_reach = Pairs.joined(list(source.within_reach(tariff)))
            yield sorted(zip(best.prisoner.tolist(), tariff.cost(best).tolist(), strict=True))
            yield set(instance.ids_of(in_reach))
            yield source.highest_fit().tolist()

        assert list(answers(instance.pairs)) == list(answers(listed))


def test_of_pairs_computed_anew_the_forbidden_are_never_best_nor_within_reach(monkeypatch):
    monkeypatch.setattr(scoring, "LISTED_AT_MOST", -1)
    monkeypatch.setattr(eligibility, "TOO_MANY", 0)
    people, sponsors = [a_prisoner(id=f"P{n}") for n in range(3)], [a_sponsor(id=f"S{n}") for n in range(5)]
    forbidden = frozenset({("P0", "S1"), ("P1", "S0"), ("P1", "S4"), ("P2", "S2")})
    instance = score(a_sheet(people, sponsors, live_pairs=forbidden)).instance
    free = free_of_charge(instance, role_limits(instance))

    best = Pairs.joined(list(instance.pairs.best(free, most=np.full(3, 3), below=ANY)))
    in_reach = Pairs.joined(list(instance.pairs.within_reach(free)))

    assert best.prisoner.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert forbidden.isdisjoint(instance.ids_of(best))
    everybody = {(person.id, sponsor.id) for person in people for sponsor in sponsors}
    assert set(instance.ids_of(in_reach)) == everybody - forbidden


def test_everybody_appears_with_what_is_open():
    prisoner = a_prisoner(seats=0, supporters_of_kind=2, role_seats={SponsorRole.ARTIST: 1}, pinned_tier=3)

    instance = score(a_sheet([prisoner], [a_sponsor(vetted=False, capacity_left=4)])).instance

    person, sponsor = instance.prisoners[0], instance.sponsors[0]
    assert (person.seats, person.supporters, person.tier) == (0, 2, tier_of(prisoner, on=TODAY, policy=DEFAULT_POLICY))
    assert person.role_seats == {SponsorRole.ARTIST: 1}
    assert (sponsor.role, sponsor.capacity) == (SponsorRole.VOLUNTEER, 4)
    assert len(instance.pairs) == 0


@pytest.mark.parametrize(("days", "weeks"), [(None, 0), (0, 0), (6, 0), (7, 1), (53, 7), (-9, 0)])
def test_waiting_is_counted_in_whole_weeks(days, weeks):
    since = None if days is None else TODAY - timedelta(days=days)

    assert score(a_sheet(sponsors=[a_sponsor(waiting_since=since)])).instance.sponsors[0].waiting_weeks == weeks


def test_a_given_policy_goes_before_the_sheets_own_and_that_before_the_default():
    own, given_policy = Policy(fit=FitPoints(country_spread=3)), Policy(fit=FitPoints(country_spread=4))
    sheet = a_sheet([a_prisoner(supporter_countries=frozenset())])

    def points(*policies, **changes):
        return score(a_sheet(sheet.prisoners, **changes), *policies).terms("P1", "S1")["country_spread"]

    assert points(given_policy, policy=own) == 4
    assert points(policy=own) == 3
    assert points() == 10


def test_there_are_no_terms_of_a_forbidden_pair():
    with pytest.raises(KeyError):
        score(a_sheet(sponsors=[a_sponsor(vetted=False)])).terms("P1", "S1")
