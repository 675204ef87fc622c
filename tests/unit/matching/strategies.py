"""Random small instances and fact sheets."""

from datetime import date, timedelta

from hypothesis import strategies as st

from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts, Wishes
from app.matching.instance import Instance, OpenCapacity, OpenSeats
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
from tests.unit.matching.builders import TODAY, an_instance

ROLES = st.sampled_from([SponsorRole.ARTIST, SponsorRole.VOLUNTEER])
COUNTRIES = st.sampled_from(["BY", "DE", "PL"])
LANGUAGES = st.frozensets(st.sampled_from(["ru", "be", "de"]), max_size=2)
PROFESSIONS = st.none() | st.sampled_from(ProfessionGroup)
CASES = st.sampled_from(["C1", "C2"])
AREAS = st.none() | st.sampled_from(["Minsk", "Brest"])
MOSTLY = st.sampled_from([True, True, True, False])
DAYS = st.integers(-200, 1200).map(lambda days: TODAY + timedelta(days=days))
PARTIAL = st.sampled_from(["1960", "1966-11-22", "1966-11-23", "2005-03", "2006-02-01", "1990-05-05"]).map(
    PartialDate.parse
)


@st.composite
def instances(draw: st.DrawFn, *, most_people: int = 4, most_pairs: int = 9) -> Instance:
    """Small instances with few distinct numbers, so that ties are common."""
    prisoners = [
        OpenSeats(
            id=f"P{number}",
            tier=draw(st.sampled_from([0, 2, 5])),
            seats=draw(st.integers(0, 3)),
            supporters=draw(st.sampled_from([0, 0, 1, 3])),
            role_seats=draw(st.dictionaries(ROLES, st.integers(0, 2), max_size=2)),
        )
        for number in range(draw(st.integers(0, most_people)))
    ]
    sponsors = [
        OpenCapacity(
            id=f"S{number}",
            role=draw(ROLES),
            capacity=draw(st.integers(0, 3)),
            waiting_weeks=draw(st.sampled_from([0, 3, 15, 16])),
        )
        for number in range(draw(st.integers(0, most_people)))
    ]
    all_pairs = [(p.id, s.id) for p in prisoners for s in sponsors]
    chosen = draw(st.lists(st.sampled_from(all_pairs), unique=True, max_size=most_pairs)) if all_pairs else []
    pairs = [(*pair, draw(st.sampled_from([1, 20, 21, 99]))) for pair in chosen]
    previous = draw(st.lists(st.sampled_from(all_pairs), unique=True, max_size=3)) if all_pairs else []
    return an_instance(prisoners, sponsors, pairs, tuple(previous))


@st.composite
def prisoner_facts(draw: st.DrawFn, id_: str) -> PrisonerFacts:
    return PrisonerFacts(
        id=id_,
        detention_status=draw(st.sampled_from([DetentionStatus.CONVICTED] * 3 + list(DetentionStatus))),
        detained_in=draw(st.sampled_from(["BY", "BY", "PL"])),
        publicity=draw(st.sampled_from(Publicity)),
        mail_access=draw(st.sampled_from(MailAccess)),
        seats=draw(st.sampled_from([0, 1, 2])),
        role_seats=draw(st.dictionaries(ROLES, st.integers(0, 1), max_size=1)),
        supporters=draw(st.integers(0, 3)),
        supporters_of_kind=draw(st.integers(0, 2)),
        supporter_countries=draw(st.frozensets(COUNTRIES)),
        facility_languages=draw(LANGUAGES),
        reads=draw(LANGUAGES),
        profession_group=draw(PROFESSIONS),
        gender=draw(st.none() | st.sampled_from(Gender)),
        birth_date=draw(st.none() | PARTIAL),
        arrested_on=draw(st.none() | st.just(PartialDate(2021, 1, 1))),
        sentence_years=draw(st.sampled_from([None, 10, 10.5, 99])),
        home_area=draw(AREAS),
        case=draw(st.none() | CASES),
        facts=draw(st.frozensets(st.sampled_from(Fact), max_size=3)),
        pinned_tier=draw(st.none() | st.integers(0, 5)),
        held=not draw(MOSTLY),
    )


@st.composite
def sponsor_facts(draw: st.DrawFn, id_: str, prisoners: list[str]) -> SponsorFacts:
    own_conflicts = st.frozensets(st.sampled_from(prisoners), max_size=1) if prisoners else st.just(frozenset())
    days: st.SearchStrategy[date | None] = st.none() | DAYS
    return SponsorFacts(
        id=id_,
        role=draw(ROLES),
        kind=draw(st.sampled_from([SupportKind.LETTER_WRITER] * 3 + [SupportKind.GODPARENT])),
        vetted=draw(MOSTLY),
        email_verified=draw(MOSTLY),
        country=draw(COUNTRIES),
        languages=draw(st.dictionaries(st.sampled_from(["ru", "be", "de"]), st.sampled_from(LanguageLevel))),
        capacity_left=draw(st.sampled_from([0, 1, 2])),
        available_from=draw(days),
        available_until=draw(days),
        paused=not draw(MOSTLY),
        mandate_ends=draw(days),
        profession_group=draw(PROFESSIONS),
        wishes=Wishes(
            home_area=draw(AREAS),
            profession_group=draw(PROFESSIONS),
            gender=draw(st.none() | st.sampled_from(Gender)),
            age_group=draw(st.none() | st.sampled_from(AgeGroup)),
            long_sentence=draw(st.booleans()),
        ),
        conflicts=draw(own_conflicts),
        mail_route=draw(st.sampled_from(MailRoute)),
        translation=draw(st.booleans()),
        waiting_since=draw(days),
        supports_cases=draw(st.frozensets(CASES)),
        held=not draw(MOSTLY),
    )


@st.composite
def fact_sheets(draw: st.DrawFn) -> FactSheet:
    """Fact sheets in which every hard rule and every term of the fit has its turn."""
    prisoners = [draw(prisoner_facts(f"P{number}")) for number in range(draw(st.integers(0, 4)))]
    ids = [person.id for person in prisoners]
    sponsors = [draw(sponsor_facts(f"S{number}", ids)) for number in range(draw(st.integers(0, 4)))]
    pairs = [(p.id, s.id) for p in prisoners for s in sponsors]
    some_pairs = st.frozensets(st.sampled_from(pairs), max_size=2) if pairs else st.just(frozenset())
    return FactSheet(
        kind=draw(st.sampled_from(SupportKind)),
        date=TODAY,
        prisoners=tuple(draw(st.permutations(prisoners))),
        sponsors=tuple(draw(st.permutations(sponsors))),
        live_pairs=draw(some_pairs),
        refused_pairs=draw(some_pairs),
        previous=draw(some_pairs),
    )
