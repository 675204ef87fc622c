from datetime import date

import pytest

from app.matching.facts import Wishes
from app.matching.fit import RELATED_PROFESSIONS, SENTENCES, fit_between, fit_terms
from app.matching.policy import DEFAULT_POLICY, FitPoints, Policy
from app.matching.scoring import score
from app.vocabulary import AgeGroup, Gender, LanguageLevel, ProfessionGroup, SupportKind
from tests.unit.matching.builders import a_prisoner, a_sheet, a_sponsor, day

FLUENT, BASIC = LanguageLevel.FLUENT, LanguageLevel.BASIC
G = ProfessionGroup


def terms(prisoner=None, sponsor=None, policy=DEFAULT_POLICY, **sheet_changes) -> dict[str, int]:
    """The pair's terms, asked of the one pair and of the whole run."""
    prisoner, sponsor = prisoner or a_prisoner(), sponsor or a_sponsor()
    sheet = a_sheet([prisoner], [sponsor], **sheet_changes)
    scored = score(sheet, policy)
    assert scored.terms(prisoner.id, sponsor.id) == fit_between(fit_terms(sheet, policy), prisoner, sponsor)
    assert scored.instance.listed.fit.tolist() == [1 + sum(scored.terms(prisoner.id, sponsor.id).values())]
    return scored.terms(prisoner.id, sponsor.id)


def test_a_plain_pair_has_no_terms_and_a_fit_of_one():
    assert terms() == {}


def test_every_term_has_a_sentence():
    assert list(fit_terms(a_sheet(), DEFAULT_POLICY)) == list(SENTENCES)


@pytest.mark.parametrize(
    ("passed", "read", "written", "translation", "points"),
    [
        ({"ru", "be"}, {"ru", "be"}, {"ru": FLUENT}, False, 30),
        ({"ru", "be"}, {"ru", "be"}, {"ru": BASIC, "be": FLUENT}, False, 30),
        ({"ru", "be"}, {"ru"}, {"ru": BASIC, "be": FLUENT}, False, 20),
        ({"ru"}, {"ru"}, {"ru": BASIC}, True, 20),
        ({"ru"}, {"be"}, {"ru": FLUENT}, True, 5),
        ({"ru"}, {"be"}, {"ru": FLUENT}, False, 0),
        ({"ru"}, {"ru"}, {}, True, 5),
    ],
)
def test_language_counts_where_the_facility_passes_it_and_the_prisoner_reads_it(
    passed, read, written, translation, points
):
    prisoner = a_prisoner(facility_languages=frozenset(passed), reads=frozenset(read))
    sponsor = a_sponsor(languages=written, translation=translation)

    assert terms(prisoner, sponsor).get("language", 0) == points


def test_language_counts_for_godparents_too():
    prisoner = a_prisoner(facility_languages=frozenset({"ru"}), reads=frozenset({"ru"}))
    sponsor = a_sponsor(kind=SupportKind.GODPARENT, languages={})

    assert "language" not in terms(prisoner, sponsor, kind=SupportKind.GODPARENT)


@pytest.mark.parametrize("group", [*G, None])
def test_profession_counts_the_same_and_related_groups(group):
    for other in [*G, None]:
        points = 10 if frozenset((group, other)) in RELATED_PROFESSIONS else 0
        if group is other and group not in (None, G.OTHER):
            points = 20

        given = terms(a_prisoner(profession_group=group), a_sponsor(profession_group=other))

        assert given.get("profession", 0) == points, other


def test_related_professions_are_the_published_ten():
    assert len(RELATED_PROFESSIONS) == 10
    assert frozenset((G.LAW, G.POLITICS)) in RELATED_PROFESSIONS
    assert not any(G.OTHER in two for two in RELATED_PROFESSIONS)


@pytest.mark.parametrize(("countries", "points"), [(set(), 10), ({"PL"}, 10), ({"PL", "DE"}, 0)])
def test_country_spread_counts_where_nobody_is_from_the_sponsors_country(countries, points):
    given = terms(a_prisoner(supporter_countries=frozenset(countries)), a_sponsor(country="DE"))

    assert given.get("country_spread", 0) == points


@pytest.mark.parametrize(("supporters", "points"), [(0, 10), (1, 5), (2, 0), (9, 0)])
def test_least_support_counts_supporters_of_any_kind(supporters, points):
    given = terms(a_prisoner(supporters=supporters, supporters_of_kind=0))

    assert given.get("least_support", 0) == points


WISHED_FOR = a_prisoner(
    home_area="Minsk",
    profession_group=G.SPORT,
    gender=Gender.FEMALE,
    birth_date=day("1996-11-22"),
    sentence_years=12,
)


@pytest.mark.parametrize(
    ("wishes", "points"),
    [
        (Wishes(), 0),
        (Wishes(home_area="Minsk"), 8),
        (Wishes(profession_group=G.SPORT), 8),
        (Wishes(gender=Gender.FEMALE), 8),
        (Wishes(age_group=AgeGroup.FROM_30_TO_59), 8),
        (Wishes(long_sentence=True), 8),
        (Wishes(home_area="Brest", gender=Gender.MALE, age_group=AgeGroup.UNDER_30), 0),
        (Wishes(home_area="Minsk", gender=Gender.MALE), 8),
        (Wishes(home_area="Minsk", gender=Gender.FEMALE), 14),
        (Wishes(home_area="Minsk", profession_group=G.SPORT, gender=Gender.FEMALE, long_sentence=True), 14),
    ],
)
def test_preference_counts_one_wish_and_two_or_more(wishes, points):
    assert terms(WISHED_FOR, a_sponsor(wishes=wishes)).get("preference", 0) == points


def test_a_wish_for_what_is_not_known_of_the_prisoner_is_not_met():
    wishes = Wishes(home_area="Minsk", gender=Gender.FEMALE, age_group=AgeGroup.UNDER_30, long_sentence=True)

    assert "preference" not in terms(a_prisoner(), a_sponsor(wishes=wishes))


@pytest.mark.parametrize(
    ("born", "group"),
    [
        ("1996-11-23", AgeGroup.UNDER_30),
        ("1996-11-22", AgeGroup.FROM_30_TO_59),
        ("1966-11-23", AgeGroup.FROM_30_TO_59),
        ("1966-11-22", AgeGroup.FROM_60),
        ("1966-11", None),
    ],
)
def test_age_groups_come_from_whole_birth_dates_on_the_day(born, group):
    met = {
        wish
        for wish in AgeGroup
        if "preference" in terms(a_prisoner(birth_date=day(born)), a_sponsor(wishes=Wishes(age_group=wish)))
    }

    assert met == ({group} if group else set())


@pytest.mark.parametrize(
    ("mandate", "available", "points"),
    [
        (None, None, 8),
        (date(2028, 11, 22), None, 8),
        (date(2028, 11, 21), None, 4),
        (None, date(2027, 11, 22), 4),
        (None, date(2027, 11, 21), 0),
        (date(2030, 1, 1), date(2027, 1, 1), 0),
        (date(2027, 12, 1), date(2030, 1, 1), 4),
    ],
)
def test_steadiness_counts_the_earlier_of_mandate_and_availability(mandate, available, points):
    given = terms(sponsor=a_sponsor(mandate_ends=mandate, available_until=available))

    assert given.get("steadiness", 0) == points


def test_two_years_from_29_february_end_on_1_march():
    def steadiness(until: date) -> int:
        return terms(sponsor=a_sponsor(available_until=until), date=date(2024, 2, 29)).get("steadiness", 0)

    assert steadiness(date(2026, 2, 28)) == 4
    assert steadiness(date(2026, 3, 1)) == 8


@pytest.mark.parametrize(("case", "points"), [("C1", 5), ("C2", 0), (None, 0)])
def test_joint_case_counts_where_the_sponsor_supports_somebody_of_it(case, points):
    given = terms(a_prisoner(case=case), a_sponsor(supports_cases=frozenset({"C1", "C9"})))

    assert given.get("joint_case", 0) == points


def test_the_best_pair_has_98_points():
    prisoner = a_prisoner(
        supporters=0,
        supporter_countries=frozenset(),
        reads=frozenset({"ru"}),
        gender=Gender.FEMALE,
        home_area="Minsk",
        case="C1",
    )
    sponsor = a_sponsor(
        languages={"ru": FLUENT},
        profession_group=G.SPORT,
        wishes=Wishes(gender=Gender.FEMALE, home_area="Minsk"),
        available_until=None,
        supports_cases=frozenset({"C1"}),
    )

    assert 1 + sum(terms(prisoner, sponsor).values()) == 98


def test_the_points_are_the_policys():
    policy = Policy(fit=FitPoints(country_spread=3))

    assert terms(a_prisoner(supporter_countries=frozenset()), policy=policy) == {"country_spread": 3}
