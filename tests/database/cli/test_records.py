"""`flask prisoners list|show` and `flask sponsors list|show`."""

import json

import pytest
from flask import Flask

from app.vocabulary import DetentionStatus, Fact, VettingState
from tests.database.cli.runner import answer, refusal, run
from tests.factories import make_facility, make_prisoner, make_sponsor


def test_prisoners_are_listed_by_name_and_narrowed_by_country_and_status(app: Flask) -> None:
    make_prisoner(name="Mroja Zoja", name_latin=None, country="RU")
    make_prisoner(name="Bajka Ihar", detention_status=DetentionStatus.RELEASED)
    make_prisoner(name="Kazka Volha", facility=None)

    def names(*options: str) -> list[str]:
        return [line["name"] for line in answer(app, "prisoners", "list", *options)["prisoners"]]

    assert names() == ["Bajka Ihar", "Kazka Volha", "Mroja Zoja"]
    assert names("--country", "ru") == ["Mroja Zoja"]
    assert names("--status", "released") == ["Bajka Ihar"]


def test_one_prisoner_is_shown_with_facility_facts_and_sources(app: Flask) -> None:
    facility = make_facility(number="4", city_cyrillic="Выдумск")
    prisoner = make_prisoner(facility=facility, facts=[Fact.SERIOUS_ILLNESS])

    shown = answer(app, "prisoners", "show", prisoner.id)

    assert shown["id"] == prisoner.id
    assert shown["birth_date"] == "1980-01-31"
    assert shown["facility"]["city_cyrillic"] == "Выдумск"
    assert shown["facts"] == [
        {"fact": "serious_illness", "source": "invented", "as_of": "2026-01-01", "visibility": "coordinators"}
    ]


def test_sponsors_are_listed_by_name_and_narrowed_by_country_and_vetting(app: Flask) -> None:
    make_sponsor(name="Mroja Zoja", country="FR")
    make_sponsor(name="Bajka Ihar", vetting_state=VettingState.PENDING)

    def names(*options: str) -> list[str]:
        return [line["name"] for line in answer(app, "sponsors", "list", *options)["sponsors"]]

    assert names() == ["Bajka Ihar", "Mroja Zoja"]
    assert names("--country", "FR") == ["Mroja Zoja"]
    assert names("--status", "pending") == ["Bajka Ihar"]


def test_one_sponsor_is_shown_with_languages_and_no_secrets(app: Flask) -> None:
    sponsor = make_sponsor(email="somebody@example.org", languages={"be": "basic"})

    shown = answer(app, "sponsors", "show", sponsor.id)

    assert shown["languages"] == [{"language": "be", "level": "basic"}]
    assert shown["email"] == "somebody@example.org"
    assert sponsor.account.password_hash not in json.dumps(shown)


@pytest.mark.parametrize("group", ["prisoners", "sponsors"])
def test_an_unknown_id_is_a_no_in_one_line(app: Flask, group: str) -> None:
    code, line = refusal(app, group, "show", "nobodynobodynobo")

    assert code == 1
    assert "with this id" in line


@pytest.mark.parametrize("group", ["prisoners", "sponsors"])
def test_an_unknown_status_is_bad_usage(app: Flask, group: str) -> None:
    code, line = refusal(app, group, "list", "--status", "wrong")

    assert code == 2
    assert "--status" in line


def test_a_person_reads_lines_under_headings_without_control_characters(app: Flask) -> None:
    prisoner = make_prisoner(name="Bajka\x1b[31m Ihar", name_latin=None, name_cyrillic="Байка\nІгар")
    sponsor = make_sponsor(name="Mroja Zoja")

    prisoners = run(app, "prisoners", "list").stdout.splitlines()
    assert prisoners[0].split() == ["id", "name", "country", "detention", "status", "publicity", "mail", "access",
                                    "godparent", "seats", "letter", "writer", "seats", "facility"]  # fmt: skip
    assert prisoners[1].startswith(f"{prisoner.id}  Bajka [31m Ihar  BY  ")
    assert f"{sponsor.id}  Mroja Zoja  volunteer" in run(app, "sponsors", "list").stdout
    record = run(app, "prisoners", "show", prisoner.id).stdout
    assert "name cyrillic: Байка Ігар\n" in record
    assert "  city: Vydumsk\n" in record
    assert "\x1b" not in record


def test_an_empty_list_is_only_its_headings(app: Flask) -> None:
    assert len(run(app, "sponsors", "list").stdout.splitlines()) == 1
    assert answer(app, "prisoners", "list") == {"prisoners": []}
