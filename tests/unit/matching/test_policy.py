import json

import pytest

from app.errors import BadInput, InvalidPolicy
from app.matching.policy import DEFAULT_POLICY, FitPoints, Policy, SeatPoints, TierPoints, changed_numbers


def test_the_default_gives_at_most_98_points():
    assert DEFAULT_POLICY.fit.highest == 98


def test_a_policy_survives_the_way_through_json():
    policy = Policy(version=7, fit=FitPoints(joint_case=3), seat=SeatPoints(second=15), tier_floors=(8, 6, 4, 2, 1))

    back = Policy.from_dict(json.loads(json.dumps(policy.to_dict())))

    assert (back, back.version) == (policy, 7)


def test_a_policy_that_is_not_kept_has_no_version_to_write():
    assert "version" not in DEFAULT_POLICY.to_dict()
    assert Policy.from_dict(DEFAULT_POLICY.to_dict()).version is None


def test_the_same_numbers_are_the_same_policy_whatever_its_version():
    assert Policy(version=1) == Policy(version=2)
    assert Policy(version=1) != Policy(version=1, fit=FitPoints(joint_case=3))


def test_every_number_has_a_place_and_comes_back_from_it():
    policy = Policy(fit=FitPoints(joint_case=3), tier_floors=(8, 6, 4, 2, 1), waiting_weeks_at_most=9)
    numbers = policy.numbers()

    assert len(numbers) == 34
    assert (numbers["fit.joint_case"], numbers["tier_floors[0]"], numbers["waiting_weeks_at_most"]) == (3, 8, 9)
    assert Policy.from_numbers(numbers) == policy


def test_what_changed_is_named_with_both_numbers():
    changed = Policy(tier=TierPoints(disability=4), seat=SeatPoints(third=0))

    assert changed_numbers(DEFAULT_POLICY, changed) == {"tier.disability": (2, 4), "seat.third": (10, 0)}
    assert changed_numbers(changed, changed) == {}


def test_what_a_policy_does_not_say_keeps_its_default():
    assert Policy.from_dict({"version": 2, "fit": {"joint_case": 4}}).fit == FitPoints(joint_case=4)


@pytest.mark.parametrize(
    ("plain", "complaint"),
    [
        ({"fits": {}}, "policy.fits: unknown term"),
        ({"fit": {"looks": 3}}, "policy.fit.looks: unknown term"),
        ({"tier": {"fame": 3}}, "policy.tier.fame: unknown term"),
        ({"fit": {"joint_case": -1}}, "policy.fit.joint_case: -1 is not between 0 and 1000"),
        ({"fit": {"joint_case": 2.5}}, "policy.fit.joint_case: must be a whole number"),
        ({"fit": {"joint_case": True}}, "policy.fit.joint_case: must be a whole number"),
        ({"fit": {"joint_case": 7}}, "policy.fit: a pair could get 100 points; 99 is the most"),
        ({"fit": 3}, "policy.fit: must be an object"),
        ({"tier": {"disability": -2}}, "policy.tier.disability: -2 is not between 0 and 1000"),
        ({"seat": {"third": 21}}, "policy.seat.third: must not be worth more than the second seat"),
        ({"seat": {"second": 1001}}, "policy.seat.second: 1001 is not between 0 and 1000"),
        (
            {"hard_rules": {"allow_detention_unknown": 1}},
            "policy.hard_rules.allow_detention_unknown: must be true or false",
        ),
        ({"waiting_weeks_at_most": "15"}, "policy.waiting_weeks_at_most: must be a whole number"),
        ({"tier_floors": [6, 4, 3, 2]}, "policy.tier_floors: five numbers are needed, for tiers 0 to 4"),
        ({"tier_floors": [6, 4, 4, 2, 1]}, "policy.tier_floors[2]: must be less than the 4 of the tier before"),
        ({"tier_floors": [6, 4, 3, 2, 0]}, "policy.tier_floors[4]: must be 1 or more"),
        ({"tier_floors": [6, 4, "3", 2, 1]}, "policy.tier_floors[2]: must be a whole number"),
        ({"tier_floors": 6}, "policy.tier_floors: must be a list"),
        ({"version": "3"}, "policy.version: must be a whole number, 1 or more"),
        ({"version": 0}, "policy.version: must be a whole number, 1 or more"),
    ],
)
def test_a_policy_that_no_run_could_use_is_refused_by_name(plain, complaint):
    with pytest.raises(BadInput) as refused:
        Policy.from_dict(plain)

    assert str(refused.value) == complaint


def test_every_problem_is_named_at_once():
    with pytest.raises(InvalidPolicy) as refused:
        Policy.from_dict({"fit": {"joint_case": -1}, "seat": {"third": 21}, "tier_floors": [6, 6, 3, 2, 0]})

    places = [problem.place for problem in refused.value.problems]
    assert places == ["fit.joint_case", "tier_floors[1]", "tier_floors[4]", "seat.third"]


def test_every_unknown_name_is_named_at_once():
    with pytest.raises(InvalidPolicy, match=r"policy\.fits: unknown term; policy\.tier\.fame: unknown term"):
        Policy.from_dict({"fits": 1, "tier": {"fame": 2}})


def test_a_policy_made_in_code_is_checked_as_well():
    with pytest.raises(BadInput, match=r"policy\.tier\.hunger_strike"):
        Policy(tier=TierPoints(hunger_strike=-1))
