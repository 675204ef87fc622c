import pytest

from app.matching.policy import DEFAULT_POLICY, Policy, TierPoints
from app.matching.tiers import tier_of, vulnerability
from app.vocabulary import Fact, MailAccess
from tests.unit.matching.builders import TODAY, a_prisoner, day


def points(on=TODAY, policy=DEFAULT_POLICY, **changes) -> dict[str, int]:
    return vulnerability(a_prisoner(**changes), on=on, policy=policy)


def test_without_facts_there_are_no_points():
    assert points() == {}


@pytest.mark.parametrize(
    ("fact", "worth"),
    [
        (Fact.SERIOUS_ILLNESS, 3),
        (Fact.HUNGER_STRIKE, 3),
        (Fact.DISABILITY, 2),
        (Fact.BOTH_PARENTS_HELD, 2),
        (Fact.INCOMMUNICADO, 2),
        (Fact.MENTAL_DISORDER, 2),
        (Fact.SMALL_CHILDREN, 1),
    ],
)
def test_a_recorded_fact_gives_its_points(fact, worth):
    assert points(facts=frozenset({fact})) == {fact.value: worth}


def test_incommunicado_counts_once_whether_fact_or_mail_access():
    cut_off = MailAccess.INCOMMUNICADO

    assert points(mail_access=cut_off) == {"incommunicado": 2}
    assert points(mail_access=cut_off, facts=frozenset({Fact.INCOMMUNICADO})) == {"incommunicado": 2}


@pytest.mark.parametrize(
    ("born", "old"),
    [("1966-11-22", True), ("1966-11-23", False), ("1940-01-01", True), ("1950", False), ("1950-01", False)],
)
def test_exactly_60_is_old_and_a_partial_birth_date_gives_no_age(born, old):
    assert points(birth_date=day(born)) == ({"aged_60_or_over": 2} if old else {})


def test_who_was_born_on_29_february_turns_60_on_that_day():
    born = day("1964-02-29")

    assert "aged_60_or_over" not in points(on=day("2024-02-28").whole, birth_date=born)
    assert "aged_60_or_over" in points(on=day("2024-02-29").whole, birth_date=born)


@pytest.mark.parametrize(
    ("born", "arrested", "minor"),
    [
        ("2006-09-08", "2024-09-07", True),
        ("2006-09-07", "2024-09-07", False),
        ("2008-02-29", "2026-02-28", True),
        ("2008-02-29", "2026-03-01", False),
        ("2008", "2024-09-07", False),
        ("2008-01-01", "2024-09", False),
    ],
)
def test_under_18_counts_on_the_day_of_arrest(born, arrested, minor):
    assert ("under_18_at_arrest" in points(birth_date=day(born), arrested_on=day(arrested))) is minor


@pytest.mark.parametrize(
    ("arrested", "on", "long"),
    [
        ("2023-11-22", "2026-11-22", False),
        ("2023-11-21", "2026-11-22", True),
        ("2020-02-29", "2023-03-01", False),
        ("2020-02-29", "2023-03-02", True),
        ("2020", "2026-11-22", False),
        ("2020-01", "2026-11-22", False),
        ("9999-12-31", "2026-11-22", False),
    ],
)
def test_held_for_more_than_three_years_once_the_third_anniversary_has_passed(arrested, on, long):
    assert ("long_held" in points(on=day(on).whole, arrested_on=day(arrested))) is long


@pytest.mark.parametrize(("years", "long"), [(None, False), (10, False), (10.5, True), (11, True), (99, True)])
def test_a_sentence_over_ten_years_is_long(years, long):
    assert points(sentence_years=years) == ({"long_sentence": 1} if long else {})


FACTS_OF_TIER = [
    (0, {Fact.SERIOUS_ILLNESS, Fact.HUNGER_STRIKE}),
    (1, {Fact.SERIOUS_ILLNESS, Fact.DISABILITY}),
    (1, {Fact.SERIOUS_ILLNESS, Fact.SMALL_CHILDREN}),
    (2, {Fact.SERIOUS_ILLNESS}),
    (3, {Fact.DISABILITY}),
    (4, {Fact.SMALL_CHILDREN}),
    (5, set()),
]


@pytest.mark.parametrize(("tier", "facts"), FACTS_OF_TIER)
def test_points_give_the_tier(tier, facts):
    assert tier_of(a_prisoner(facts=frozenset(facts)), on=TODAY, policy=DEFAULT_POLICY) == tier


@pytest.mark.parametrize("pinned", [0, 5])
def test_a_pinned_tier_wins(pinned):
    prisoner = a_prisoner(facts=frozenset({Fact.SERIOUS_ILLNESS}), pinned_tier=pinned)

    assert tier_of(prisoner, on=TODAY, policy=DEFAULT_POLICY) == pinned


def test_the_policys_points_and_floors_count():
    policy = Policy(tier=TierPoints(small_children=9), tier_floors=(9, 8, 7, 6, 5))

    assert tier_of(a_prisoner(facts=frozenset({Fact.SMALL_CHILDREN})), on=TODAY, policy=policy) == 0
    assert tier_of(a_prisoner(facts=frozenset({Fact.HUNGER_STRIKE})), on=TODAY, policy=policy) == 5
