"""Invented facts for the engine: as many prisoners and sponsors as asked for, in the proportions of a real programme.

About one pair in seven is eligible. The same numbers and seed give the same people on every machine.
"""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final, TypeVar

from app.matching import FactSheet, PrisonerFacts, SponsorFacts, Wishes
from app.partial_date import PartialDate
from app.vocabulary import (
    AgeGroup,
    DetentionStatus,
    Fact,
    Gender,
    LanguageLevel,
    MailAccess,
    MailRoute,
    ProfessionGroup,
    Publicity,
    SponsorRole,
    SupportKind,
)

Value = TypeVar("Value")

TODAY = date(2026, 11, 22)
AREAS = ("Minsk", "Brest", "Viciebsk", "Homiel", "Hrodna", "Mahilioŭ")
PROFESSIONS = tuple(ProfessionGroup)
FACTS = tuple(Fact)

# Country, how many of 100 sponsors live there, and how many of 100 of these write Russian fluently, and a little.
COUNTRIES: Final = (
    ("DE", 34, 14, 12),
    ("PL", 14, 30, 20),
    ("LT", 8, 55, 20),
    ("CH", 7, 8, 8),
    ("FR", 7, 8, 8),
    ("SE", 6, 8, 8),
    ("GB", 6, 10, 8),
    ("CZ", 5, 20, 20),
    ("NL", 4, 8, 8),
    ("UA", 3, 80, 10),
    ("EE", 3, 50, 20),
    ("US", 2, 15, 8),
    ("BY", 1, 95, 5),
)
CLOSED_ROUTES = frozenset({"UA", "US"})


def invented_facts(prisoners: int, sponsors: int, *, seed: int = 1) -> FactSheet:
    """The facts of a run that looks for letter writers."""
    rnd = random.Random(f"{prisoners} {sponsors} {seed}")  # noqa: S311 - invented people are no secret
    people = tuple(_prisoner(rnd, f"P{number:06d}", prisoners) for number in range(prisoners))
    ids = [person.id for person in people]
    return FactSheet(
        kind=SupportKind.LETTER_WRITER,
        date=TODAY,
        prisoners=people,
        sponsors=tuple(_sponsor(rnd, f"S{number:06d}", ids) for number in range(sponsors)),
        refused_pairs=frozenset((rnd.choice(ids), f"S{rnd.randrange(sponsors):06d}") for _ in range(sponsors // 20)),
    )


def _prisoner(rnd: random.Random, id_: str, prisoners: int) -> PrisonerFacts:
    seats = _drawn(rnd, {0: 8, 1: 22, 2: 30, 3: 25, 4: 10, 5: 5})
    supporters = _drawn(rnd, {0: 60, 1: 22, 2: 12, 3: 6})
    return PrisonerFacts(
        id=id_,
        detention_status=_drawn(rnd, STATUSES),
        detained_in="BY",
        publicity=_drawn(rnd, {Publicity.PUBLIC: 72, Publicity.SPONSORS_ONLY: 16, Publicity.COORDINATORS_ONLY: 12}),
        mail_access=_drawn(rnd, {MailAccess.OPEN: 70, MailAccess.SELECTIVE: 25, MailAccess.INCOMMUNICADO: 5}),
        seats=seats,
        role_seats={SponsorRole.PARLIAMENTARIAN: min(1, seats)} if rnd.random() < 0.15 else {},
        supporters=supporters,
        supporters_of_kind=min(supporters, _drawn(rnd, {0: 70, 1: 20, 2: 10})),
        supporter_countries=frozenset(_country(rnd)[0] for _ in range(supporters)),
        facility_languages=frozenset({"ru"}) if rnd.random() < 0.35 else frozenset({"ru", "be"}),
        reads=frozenset({"ru", "be", *rnd.sample(("en", "de", "pl"), _drawn(rnd, {0: 70, 1: 25, 2: 5}))}),
        profession_group=None if rnd.random() < 0.2 else rnd.choice(PROFESSIONS),
        gender=_drawn(rnd, {Gender.MALE: 82, Gender.FEMALE: 18}),
        birth_date=_partial(rnd, TODAY - timedelta(days=rnd.randint(6_600, 27_000))),
        arrested_on=_partial(rnd, TODAY - timedelta(days=rnd.randint(30, 2_300))),
        sentence_years=None if rnd.random() < 0.15 else rnd.randint(1, 15),
        home_area=rnd.choice(AREAS),
        case=f"C{rnd.randrange(1 + prisoners // 3)}" if rnd.random() < 0.3 else None,
        facts=frozenset(rnd.sample(FACTS, _drawn(rnd, {0: 72, 1: 22, 2: 6}))),
        held=rnd.random() < 0.02,
    )


def _sponsor(rnd: random.Random, id_: str, prisoners: list[str]) -> SponsorFacts:
    country, fluent, basic = _country(rnd)
    return SponsorFacts(
        id=id_,
        role=_drawn(rnd, ROLES),
        kind=SupportKind.LETTER_WRITER,
        vetted=rnd.random() < 0.85,
        email_verified=rnd.random() < 0.95,
        country=country,
        languages=_languages(rnd, fluent, basic),
        capacity_left=_drawn(rnd, {0: 28, 1: 40, 2: 20, 3: 8, 5: 4}),
        available_until=_later(rnd, 0.15),
        paused=rnd.random() < 0.05,
        mandate_ends=_later(rnd, 0.1),
        profession_group=None if rnd.random() < 0.25 else rnd.choice(PROFESSIONS),
        wishes=_wishes(rnd) if rnd.random() < 0.35 else NO_WISHES,
        conflicts=frozenset({rnd.choice(prisoners)}) if prisoners and rnd.random() < 0.02 else frozenset(),
        mail_route=MailRoute.CLOSED if country in CLOSED_ROUTES else MailRoute.DIRECT,
        translation=rnd.random() < 0.12,
        waiting_since=TODAY - timedelta(days=rnd.randint(0, 400)) if rnd.random() < 0.6 else None,
        held=rnd.random() < 0.01,
    )


STATUSES: Final[Mapping[DetentionStatus, int]] = {
    DetentionStatus.CONVICTED: 62,
    DetentionStatus.AWAITING_TRIAL: 18,
    DetentionStatus.IN_TRANSFER: 4,
    DetentionStatus.HOME_CONFINEMENT: 4,
    DetentionStatus.RETURNED_TO_CUSTODY: 2,
    DetentionStatus.RELEASED: 6,
    DetentionStatus.UNKNOWN: 4,
}
ROLES: Final[Mapping[SponsorRole, int]] = {
    SponsorRole.VOLUNTEER: 84,
    SponsorRole.ARTIST: 6,
    SponsorRole.PUBLIC_FIGURE: 4,
    SponsorRole.ATHLETE: 3,
    SponsorRole.PARLIAMENTARIAN: 3,
}
NO_WISHES = Wishes()


def _wishes(rnd: random.Random) -> Wishes:
    every = ("home_area", "profession_group", "gender", "age_group", "long_sentence")
    wished = rnd.sample(every, rnd.choice((1, 1, 2)))
    return Wishes(
        home_area=rnd.choice(AREAS) if "home_area" in wished else None,
        profession_group=rnd.choice(PROFESSIONS) if "profession_group" in wished else None,
        gender=rnd.choice((Gender.FEMALE, Gender.MALE)) if "gender" in wished else None,
        age_group=rnd.choice(tuple(AgeGroup)) if "age_group" in wished else None,
        long_sentence="long_sentence" in wished,
    )


LANGUAGES: Final = tuple(
    MappingProxyType(levels)
    for levels in (
        {"ru": LanguageLevel.FLUENT, "be": LanguageLevel.FLUENT},
        {"ru": LanguageLevel.FLUENT, "en": LanguageLevel.FLUENT},
        {"ru": LanguageLevel.BASIC, "en": LanguageLevel.FLUENT},
        {"en": LanguageLevel.FLUENT},
        {"de": LanguageLevel.FLUENT, "en": LanguageLevel.BASIC},
    )
)


def _languages(rnd: random.Random, fluent: int, basic: int) -> Mapping[str, LanguageLevel]:
    drawn = rnd.uniform(0, 100)
    if drawn < fluent:
        return LANGUAGES[rnd.random() < 0.7]
    return LANGUAGES[2] if drawn < fluent + basic else LANGUAGES[rnd.choice((3, 4))]


def _later(rnd: random.Random, share: float) -> date | None:
    return TODAY + timedelta(days=rnd.randint(20, 1_500)) if rnd.random() < share else None


def _partial(rnd: random.Random, day: date) -> PartialDate:
    return PartialDate(day.year) if rnd.random() < 0.1 else PartialDate(day.year, day.month, day.day)


def _country(rnd: random.Random) -> tuple[str, int, int]:
    country, _share, fluent, basic = rnd.choices(COUNTRIES, COUNTRY_WEIGHTS)[0]
    return country, fluent, basic


COUNTRY_WEIGHTS: Final = [share for _country_code, share, _fluent, _basic in COUNTRIES]


def _drawn(rnd: random.Random, weights: Mapping[Value, int]) -> Value:
    return rnd.choices(tuple(weights), tuple(weights.values()))[0]
