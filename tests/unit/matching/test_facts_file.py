import json
from copy import deepcopy
from datetime import date

import pytest

from app.errors import BadInput
from app.matching.facts_file import facts_from, read_facts
from app.matching.reading import Node
from app.matching.scoring import score
from app.partial_date import PartialDate
from app.vocabulary import Fact, Gender, LanguageLevel, SponsorRole

EXAMPLE = {
    "format": "vestka.facts/1",
    "kind": "letter_writer",
    "date": "2026-11-22",
    "policy": None,
    "prisoners": [
        {
            "id": "P0001",
            "detention_status": "convicted",
            "detained_in": "BY",
            "publicity": "public",
            "mail_access": "open",
            "seats": 3,
            "role_seats": {},
            "supporters": 0,
            "supporters_of_kind": 0,
            "supporter_countries": ["DE"],
            "facility_languages": ["ru", "be"],
            "reads": ["ru", "be"],
            "profession_group": "media",
            "gender": "female",
            "birth_date": "1980-01-31",
            "arrested_on": "2020-09-07",
            "sentence_years": 11,
            "home_area": "Minsk",
            "case": "C17",
            "facts": ["serious_illness", "incommunicado"],
            "pinned_tier": None,
            "held": False,
        }
    ],
    "sponsors": [
        {
            "id": "S0001",
            "role": "volunteer",
            "kind": "letter_writer",
            "vetted": True,
            "email_verified": True,
            "country": "DE",
            "languages": {"ru": "fluent", "be": "basic"},
            "capacity_left": 2,
            "available_from": None,
            "available_until": None,
            "paused": False,
            "mandate_ends": None,
            "profession_group": "media",
            "wishes": {"gender": "female"},
            "conflicts": [],
            "mail_route": "direct",
            "translation": False,
            "waiting_since": "2026-10-01",
            "supports_cases": [],
            "held": False,
        }
    ],
    "live_pairs": [],
    "refused_pairs": [],
    "previous": [],
}


def changed(path: str, value: object) -> dict:
    example = deepcopy(EXAMPLE)
    *way, last = path.split(".")
    inside = example
    for step in way:
        inside = inside[int(step)] if isinstance(inside, list) else inside[step]
    if value is ...:
        del inside[last]
    else:
        inside[last] = value
    return example


def test_the_published_example_is_scored(tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(EXAMPLE), encoding="utf-8")

    scored = score(read_facts(path))

    # 3 + 2 for facts, 1 for the sentence, 1 for three years held
    assert scored.instance.prisoners[0].tier == 0
    assert scored.terms("P0001", "S0001") == {
        "language": 30,
        "profession": 20,
        "least_support": 10,
        "preference": 8,
        "steadiness": 8,
    }
    assert scored.instance.listed.fit.tolist() == [77]
    assert scored.instance.sponsors[0].waiting_weeks == 7
    assert sum(scored.excluded.values()) == 0


def test_every_value_arrives_typed():
    sheet = facts_from(Node(EXAMPLE, ""))
    prisoner, sponsor = sheet.prisoners[0], sheet.sponsors[0]

    assert sheet.date == date(2026, 11, 22)
    assert prisoner.birth_date == PartialDate(1980, 1, 31)
    assert prisoner.facts == {Fact.SERIOUS_ILLNESS, Fact.INCOMMUNICADO}
    assert sponsor.role is SponsorRole.VOLUNTEER
    assert sponsor.languages == {"ru": LanguageLevel.FLUENT, "be": LanguageLevel.BASIC}
    assert sponsor.wishes.gender is Gender.FEMALE
    assert not sponsor.wishes.long_sentence


def test_a_partial_birth_date_stays_partial():
    assert facts_from(Node(changed("prisoners.0.birth_date", "1980-01"), "")).prisoners[0].birth_date.whole is None


def test_a_sheet_may_bring_its_policy():
    sheet = facts_from(Node(changed("policy", {"version": 9, "fit": {"steadiness_two_years": 1}}), ""))

    assert sheet.policy.version == 9
    assert score(sheet).terms("P0001", "S0001")["steadiness"] == 1


@pytest.mark.parametrize(
    "path",
    [
        *(name for name in EXAMPLE),
        *(f"prisoners.0.{name}" for name in EXAMPLE["prisoners"][0]),
        *(f"sponsors.0.{name}" for name in EXAMPLE["sponsors"][0]),
    ],
)
def test_whatever_is_missing_is_named(path):
    place = path.replace(".0", "[0]")

    with pytest.raises(BadInput) as refused:
        facts_from(Node(changed(path, ...), ""))

    assert str(refused.value).startswith(f"{place}: is missing")


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("note", 1, "note: is not known here"),
        ("kind", "friend", "kind: 'friend' is none of godparent, letter_writer"),
        ("date", "2026-11", "date: must be a whole date"),
        ("date", "2026-02-30", "date: "),
        ("date", "22.11.2026", "date: '22.11.2026' is not YYYY"),
        ("policy", 3, "policy: must be an object"),
        ("policy", {"fits": 1}, "policy.fits: unknown term"),
        ("prisoners.0.hold", True, "prisoners[0].hold: is not known here"),
        ("prisoners.0.held", None, "prisoners[0].held: must be true or false"),
        ("prisoners.0.seats", 1001, "prisoners[0].seats: must be between 0 and 1000"),
        ("prisoners.0.detained_in", "Belarus", "prisoners[0].detained_in: must be a code of 2 letters"),
        ("prisoners.0.detained_in", "by", "prisoners[0].detained_in: must be in capital letters"),
        ("prisoners.0.reads", ["RU"], "prisoners[0].reads[0]: must be in small letters"),
        ("prisoners.0.reads", "ru", "prisoners[0].reads: must be a list"),
        ("prisoners.0.facts", ["old"], "prisoners[0].facts[0]: 'old' is none of serious_illness"),
        ("prisoners.0.birth_date", "1981-02-29", "prisoners[0].birth_date: "),
        ("prisoners.0.sentence_years", 100, "prisoners[0].sentence_years: must be between 0 and 99"),
        ("prisoners.0.sentence_years", "life", "prisoners[0].sentence_years: must be a number"),
        ("prisoners.0.sentence_years", float("nan"), "prisoners[0].sentence_years: must be between 0 and 99"),
        ("prisoners.0.pinned_tier", 6, "prisoners[0].pinned_tier: must be between 0 and 5"),
        ("prisoners.0.role_seats", {"king": 1}, "prisoners[0].role_seats.king: 'king' is none of"),
        ("sponsors.0.languages", {"ru": "native"}, "sponsors[0].languages.ru: 'native' is none of fluent, basic"),
        ("sponsors.0.languages", {"rus": "basic"}, "sponsors[0].languages.rus: must be a code of 2 letters"),
        ("sponsors.0.wishes", {"hair": "red"}, "sponsors[0].wishes.hair: is not known here"),
        ("sponsors.0.wishes", {"age_group": "old"}, "sponsors[0].wishes.age_group: 'old' is none of under_30"),
        ("sponsors.0.conflicts", ["P0002"], "sponsors[0].conflicts[0]: no prisoner has the id 'P0002'"),
        ("sponsors.0.mail_route", "pigeon", "sponsors[0].mail_route: 'pigeon' is none of direct"),
        ("sponsors.0.waiting_since", "2026", "sponsors[0].waiting_since: must be a whole date"),
        ("live_pairs", [["P0001", "S0002"]], "live_pairs[0][1]: no sponsor has the id 'S0002'"),
        ("refused_pairs", [["S0001", "P0001"]], "refused_pairs[0][0]: no prisoner has the id 'S0001'"),
        ("previous", [["P0001", "S0001"]] * 2, "previous[1]: stands twice"),
    ],
)
def test_facts_are_refused_by_their_place(path, value, complaint):
    with pytest.raises(BadInput) as refused:
        facts_from(Node(changed(path, value), ""))

    assert str(refused.value).startswith(complaint)
