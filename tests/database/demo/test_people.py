"""Invented people, before anything is stored: names, scripts, stories, and dates that fit one another."""

import re
from datetime import UTC, datetime

import pytest

from app.demo.countries import COUNTRIES, sponsor_name
from app.demo.dice import Dice, derived_id
from app.demo.history import Calendar
from app.demo.people import InventedPrisoner
from app.demo.prisoners import invent_prisoner
from app.demo.sponsors import invent_sponsor
from app.models.base import new_id
from app.vocabulary import DetentionStatus, EventType, Publicity

CALENDAR = Calendar(datetime(2026, 11, 22, 9, tzinfo=UTC))


def is_held(person: InventedPrisoner) -> bool:
    return not any(event.type in (EventType.RELEASE, EventType.DEATH) for event in person.events)


@pytest.fixture(scope="module")
def prisoners() -> list[InventedPrisoner]:
    return [invent_prisoner(number, seed=5, calendar=CALENDAR) for number in range(600)]


def test_names_stand_in_two_scripts_with_the_letters_of_both_languages(prisoners: list[InventedPrisoner]) -> None:
    cyrillic = " ".join(person.name.cyrillic for person in prisoners)

    assert set("ўіё") <= set(cyrillic)
    assert not re.search("[a-z]", cyrillic, re.IGNORECASE)
    assert not re.search("[а-яё]", " ".join(person.name.latin for person in prisoners), re.IGNORECASE)
    assert max(len(person.name.latin) for person in prisoners) > 45


def test_stories_have_one_to_three_sentences_and_vary(prisoners: list[InventedPrisoner]) -> None:
    stories = [person.story for person in prisoners]

    assert all(1 <= story.count(".") + story.count("!") <= 3 for story in stories)
    assert "{" not in "".join(stories)
    assert len(set(stories)) > 500


def test_birthdays_fall_into_every_month(prisoners: list[InventedPrisoner]) -> None:
    assert {person.birth_date.month for person in prisoners} >= set(range(1, 13))


def test_dates_of_one_person_fit_one_another(prisoners: list[InventedPrisoner]) -> None:
    for person in prisoners:
        arrested = person.arrested_on.whole
        assert arrested is not None
        assert person.birth_date.year + 13 <= arrested.year
        assert arrested < CALENDAR.entries[person.entry].date()
        verdict = person.custody.verdict_on
        assert (verdict is None) == (person.custody.sentence is None)
        assert verdict is None or person.arrested_on < verdict
        if person.custody.sentence_years is not None and is_held(person):
            assert (CALENDAR.now.date() - arrested).days < person.custody.sentence_years * 366


def test_who_is_held_where_fits_the_status(prisoners: list[InventedPrisoner]) -> None:
    nowhere = {DetentionStatus.HOME_CONFINEMENT, DetentionStatus.UNKNOWN}

    for person in prisoners:
        assert (person.custody.facility is None) == (person.custody.detention_status in nowhere)


def test_most_cases_are_public_or_known_to_sponsors(prisoners: list[InventedPrisoner]) -> None:
    hidden = sum(person.publicity is Publicity.COORDINATORS_ONLY for person in prisoners)

    assert 0.08 < hidden / len(prisoners) < 0.2


def test_sponsors_of_every_country_have_names_in_their_own_script() -> None:
    names = {country.code: sponsor_name(country, Dice(1, country.code)) for country in COUNTRIES}

    assert re.search("[ა-ჰ]", names["GE"])
    assert re.search("[Ͱ-Ͽ]", names["GR"])
    assert re.search("[Ѐ-ӿ]", names["UA"])


def test_some_mandates_are_about_to_end() -> None:
    sponsors = [invent_sponsor(number, seed=5, calendar=CALENDAR) for number in range(500)]
    days = [(s.mandate_ends - CALENDAR.now.date()).days for s in sponsors if s.mandate_ends]

    assert any(0 < left < 180 for left in days)
    assert any(left < 0 for left in days)


def test_a_derived_id_looks_like_a_random_one() -> None:
    assert re.fullmatch("[a-z2-7]{16}", derived_id(1, "prisoner", 1))
    assert len(new_id()) == len(derived_id(1, "prisoner", 1))
    assert derived_id(1, "prisoner", 1) != derived_id(1, "prisoner", 2)
