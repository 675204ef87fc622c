"""The fit of a pair: named terms, whole points. Pure.

An eligible pair's fit is the sum of its terms and one point more. The terms are all that sponsors are ever shown.
"""

from collections.abc import Callable, Hashable
from datetime import date

from app.matching.anniversaries import whole_years
from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts, Wishes
from app.matching.policy import FitPoints, Policy
from app.matching.relations import Comparison, Listing, Relation, Tally
from app.matching.tiers import age_on, has_long_sentence
from app.matching.wording import N_
from app.vocabulary import AgeGroup, LanguageLevel, ProfessionGroup

SENTENCES = {
    "language": N_("They can write to each other in a language that is passed on."),
    "profession": N_("Their professions are the same or close."),
    "country_spread": N_("No other supporter is from this country."),
    "least_support": N_("The prisoner has hardly anyone yet."),
    "preference": N_("It is what the sponsor wished for."),
    "steadiness": N_("The sponsor can stay for a long time."),
    "joint_case": N_("The sponsor supports somebody of the same case."),
}
"""The name and the sentence of every term."""

G = ProfessionGroup
RELATED_PROFESSIONS = frozenset(
    frozenset(two)
    for two in (
        (G.MEDIA, G.ARTS),
        (G.MEDIA, G.POLITICS),
        (G.POLITICS, G.LAW),
        (G.SCIENCE, G.EDUCATION),
        (G.SCIENCE, G.MEDICINE),
        (G.IT, G.ENGINEERING),
        (G.ENGINEERING, G.TRADES),
        (G.EDUCATION, G.STUDENTS),
        (G.BUSINESS, G.IT),
        (G.ARTS, G.EDUCATION),
    )
)

LanguageOffer = tuple[frozenset[str], frozenset[str], bool]
"""The languages somebody writes fluently, those they write at a basic level, and whether translation help is there."""


def fit_terms(sheet: FactSheet, policy: Policy) -> dict[str, Relation]:
    """Every term of the fit for one run, by name, in the order in which they are shown."""
    points = policy.fit
    return {
        "language": _language(points),
        "profession": _profession(points),
        "country_spread": Comparison(
            lambda p: p.supporter_countries,
            lambda s: s.country,
            lambda countries, country: 0 if country in countries else points.country_spread,
        ),
        "least_support": _least_support(points),
        "preference": _preference(points, sheet.date),
        "steadiness": _steadiness(points, sheet.date),
        "joint_case": _joint_case(sheet, points),
    }


def fit_between(terms: dict[str, Relation], prisoner: PrisonerFacts, sponsor: SponsorFacts) -> dict[str, int]:
    """The terms that give this pair points, by name."""
    given = {name: term.between(prisoner, sponsor) for name, term in terms.items()}
    return {name: points for name, points in given.items() if points}


def _language(points: FitPoints) -> Relation:
    def shared(both: frozenset[str], offer: LanguageOffer) -> int:
        fluent, basic, translation = offer
        if both & fluent:
            return points.language_fluent
        if both & basic:
            return points.language_basic
        return points.language_translated if translation else 0

    return Comparison(lambda p: p.facility_languages & p.reads, _language_offer, shared)


def _language_offer(sponsor: SponsorFacts) -> LanguageOffer:
    at_level = {
        level: frozenset(code for code, known in sponsor.languages.items() if known is level) for level in LanguageLevel
    }
    return at_level[LanguageLevel.FLUENT], at_level[LanguageLevel.BASIC], sponsor.translation


def _profession(points: FitPoints) -> Relation:
    def closeness(one: ProfessionGroup | None, other: ProfessionGroup | None) -> int:
        if one is None or other is None or G.OTHER in (one, other):
            return 0
        if one is other:
            return points.profession_same
        return points.profession_related if frozenset((one, other)) in RELATED_PROFESSIONS else 0

    return Comparison(lambda p: p.profession_group, lambda s: s.profession_group, closeness)


def _least_support(points: FitPoints) -> Relation:
    by_supporters = {0: points.least_support_none, 1: points.least_support_one}
    return Comparison(lambda p: min(p.supporters, 2), lambda _: None, lambda n, _: by_supporters.get(n, 0))


def _preference(points: FitPoints, on: date) -> Relation:
    more = points.preference_more
    parts = (
        _wish(lambda p: p.home_area, lambda w: w.home_area),
        _wish(lambda p: p.profession_group, lambda w: w.profession_group),
        _wish(lambda p: p.gender, lambda w: w.gender),
        _wish(lambda p: _age_group(p, on), lambda w: w.age_group),
        _wish(has_long_sentence, lambda w: w.long_sentence or None),
    )
    return Tally(parts, (0, points.preference_one, more, more, more, more))


def _wish(
    attribute: Callable[[PrisonerFacts], Hashable],
    wished: Callable[[Wishes], Hashable],
) -> Relation:
    return Comparison(attribute, lambda s: wished(s.wishes), lambda has, wish: wish is not None and has == wish)


def _age_group(prisoner: PrisonerFacts, on: date) -> AgeGroup | None:
    age = age_on(prisoner, on)
    if age is None:
        return None
    if age < 30:
        return AgeGroup.UNDER_30
    return AgeGroup.FROM_30_TO_59 if age < 60 else AgeGroup.FROM_60


def _steadiness(points: FitPoints, on: date) -> Relation:
    def lasting(_: None, years: int | None) -> int:
        if years is None or years >= 2:
            return points.steadiness_two_years
        return points.steadiness_one_year if years >= 1 else 0

    return Comparison(lambda _: None, lambda s: _years_left(s, on), lasting)


def _years_left(sponsor: SponsorFacts, on: date) -> int | None:
    ends = [end for end in (sponsor.mandate_ends, sponsor.available_until) if end is not None]
    return whole_years(on, min(ends)) if ends else None


def _joint_case(sheet: FactSheet, points: FitPoints) -> Relation:
    of_case: dict[str, list[str]] = {}
    for prisoner in sheet.prisoners:
        if prisoner.case is not None:
            of_case.setdefault(prisoner.case, []).append(prisoner.id)
    pairs = (
        (prisoner, sponsor.id)
        for sponsor in sheet.sponsors
        for case in sponsor.supports_cases
        for prisoner in of_case.get(case, ())
    )
    return Listing(frozenset(pairs), points.joint_case)
