"""INSTANCE.json and PLAN.json: what is read, what is refused and where, and what is written."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given, settings

from app.errors import BadInput
from app.matching.instance_file import instance_from, read_instance, write_instance, write_scored
from app.matching.plan_file import plan_from, read_plan, write_plan
from app.matching.reading import Node, parse
from app.matching.scoring import score
from app.matching.solver import solve
from app.vocabulary import SponsorRole
from tests.unit.matching.builders import a_prisoner, a_sheet, a_sponsor
from tests.unit.matching.strategies import instances

EXAMPLE = {
    "format": "vestka.instance/1",
    "prisoners": [{"id": "P0001", "tier": 0, "seats": 3, "supporters": 0, "role_seats": {"artist": 1}}],
    "sponsors": [
        {"id": "S0001", "role": "artist", "capacity": 2, "waiting_weeks": 3},
        {"id": "S0002", "role": "volunteer", "capacity": 1},
    ],
    "pairs": [["P0001", "S0001", 57]],
    "previous": [["P0001", "S0001"], ["P0001", "S0002"]],
}


def changed(path: str, value: object) -> dict:
    """The example with the value at a dotted path replaced, or taken out where it is `...`."""
    example = deepcopy(EXAMPLE)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    inside = example
    for step in way:
        inside = inside[step]
    if value is ...:
        del inside[last]
    elif isinstance(inside, list) and last == len(inside):
        inside.append(value)
    else:
        inside[last] = value
    return example


def test_the_published_example_is_read():
    instance = instance_from(Node(EXAMPLE, ""))

    assert instance.prisoners[0].role_seats == {SponsorRole.ARTIST: 1}
    assert instance.sponsors[1].waiting_weeks == 0
    assert instance.listed.fit.tolist() == [57]
    assert instance.proposed_before(instance.listed).tolist() == [True]


def test_the_published_example_gives_the_published_plan():
    plan = json.loads(write_plan(solve(instance_from(Node(EXAMPLE, "")))))

    assert plan["pairs"] == [["P0001", "S0001"]]
    assert plan["objective"] == {
        "newly_covered_by_tier": [1, 0, 0, 0, 0, 0],
        "points": 57,
        "fit": 57,
        "kept": 1,
        "waiting": 3,
    }
    assert plan["unique"] is True


def test_what_is_unknown_at_the_top_is_ignored():
    assert instance_from(Node({**EXAMPLE, "terms": [], "note": 1}, "")).listed.fit.tolist() == [57]


def test_previous_may_be_missing():
    assert instance_from(Node(changed("previous", ...), "")).previous == ()


P, S = EXAMPLE["prisoners"][0], EXAMPLE["sponsors"][0]


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("format", ..., "format: is missing"),
        ("format", "vestka.instance/2", "format: must be"),
        ("prisoners", ..., "prisoners: is missing"),
        ("pairs", ..., "pairs: is missing"),
        ("prisoners", {}, "prisoners: must be a list"),
        ("prisoners.0", 3, "prisoners[0]: must be an object"),
        ("prisoners.1", P, "prisoners[1].id: 'P0001' stands twice"),
        ("prisoners.0.id", ..., "prisoners[0].id: is missing"),
        ("prisoners.0.id", 7, "prisoners[0].id: must be a text"),
        ("prisoners.0.id", "\ud800", "prisoners[0].id: holds half a character"),
        ("prisoners.0.tier", ..., "prisoners[0].tier: is missing"),
        ("prisoners.0.tier", 6, "prisoners[0].tier: must be between 0 and 5"),
        ("prisoners.0.tier", -1, "prisoners[0].tier: must be between 0 and 5"),
        ("prisoners.0.tier", True, "prisoners[0].tier: must be a whole number"),
        ("prisoners.0.tier", 1.0, "prisoners[0].tier: must be a whole number"),
        ("prisoners.0.tier", None, "prisoners[0].tier: must be a whole number"),
        ("prisoners.0.seats", 1001, "prisoners[0].seats: must be between 0 and 1000"),
        ("prisoners.0.seats", -1, "prisoners[0].seats: must be between 0 and 1000"),
        ("prisoners.0.supporters", ..., "prisoners[0].supporters: is missing"),
        ("prisoners.0.supporters", -1, "prisoners[0].supporters: must be between"),
        ("prisoners.0.supporters", 10**30, "prisoners[0].supporters: must be between"),
        ("prisoners.0.role_seats", ..., "prisoners[0].role_seats: is missing"),
        ("prisoners.0.role_seats", [], "prisoners[0].role_seats: must be an object"),
        ("prisoners.0.role_seats.king", 1, "prisoners[0].role_seats.king: 'king' is none of parliamentarian"),
        ("prisoners.0.role_seats.artist", -1, "prisoners[0].role_seats.artist: must be between 0 and 1000"),
        ("prisoners.0.role_seat", {}, "prisoners[0].role_seat: is not known here"),
        ("sponsors.2", S, "sponsors[2].id: 'S0001' stands twice"),
        ("sponsors.0.role", "king", "sponsors[0].role: 'king' is none of"),
        ("sponsors.0.capacity", -1, "sponsors[0].capacity: must be between 0 and 1000"),
        ("sponsors.0.capacity", 1001, "sponsors[0].capacity: must be between 0 and 1000"),
        ("sponsors.0.waiting_weeks", -1, "sponsors[0].waiting_weeks: must be between"),
        ("pairs", 3, "pairs: must be a list"),
        ("pairs.0", ["P0001", "S0001"], "pairs[0]: must be a prisoner's id, a sponsor's id and their fit"),
        ("pairs.0", "abc", "pairs[0]: must be a list"),
        ("pairs.0", {"a": 1, "b": 2, "c": 3}, "pairs[0]: must be a list"),
        ("pairs.0.0", "P0002", "pairs[0][0]: no prisoner has the id 'P0002'"),
        ("pairs.0.0", [], "pairs[0][0]: must be a text"),
        ("pairs.0.1", "P0001", "pairs[0][1]: no sponsor has the id 'P0001'"),
        ("pairs.0.2", 0, "pairs[0][2]: must be between 1 and 99"),
        ("pairs.0.2", 100, "pairs[0][2]: must be between 1 and 99"),
        ("pairs.0.2", -5, "pairs[0][2]: must be between 1 and 99"),
        ("pairs.0.2", 57.0, "pairs[0][2]: must be a whole number"),
        ("pairs.0.2", True, "pairs[0][2]: must be a whole number"),
        ("pairs.1", ["P0001", "S0001", 3], "pairs[1]: stands twice"),
        ("previous.0", ["P0001"], "previous[0]: must be a prisoner's id and a sponsor's id"),
        ("previous.1.1", "S0009", "previous[1][1]: no sponsor has the id 'S0009'"),
        ("previous.2", ["P0001", "S0001"], "previous[2]: stands twice"),
    ],
)
def test_an_instance_is_refused_by_its_place(path, value, complaint):
    with pytest.raises(BadInput) as refused:
        instance_from(Node(changed(path, value), ""))

    assert str(refused.value).startswith(complaint)


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "line 1, column 1: is not JSON"),
        (b'{\n"a": }', "line 2, column 6: is not JSON"),
        (b'{"a": "\xff"}', "byte 7: is not UTF-8"),
        (b'{"a": 1, "b": 2, "a": 3}', "a: the name stands twice"),
        (b"[" * 100_000, "the file: holds a number that is too long or is nested too deeply"),
        (b"1" * 5_000, "the file: holds a number that is too long"),
        (b'{"note": NaN}', "the file: is not JSON (NaN"),
        (b'{"note": [-Infinity]}', "the file: is not JSON (-Infinity"),
        (b"[]", "the file: must be an object"),
        (b"null", "the file: must be an object"),
    ],
)
def test_what_is_no_json_object_is_refused(raw, complaint):
    with pytest.raises(BadInput) as refused:
        instance_from(parse(raw))

    assert str(refused.value).startswith(complaint)


def test_a_name_that_stands_twice_among_very_many_is_found_at_once():
    names = [f'"S{number}": 0' for number in range(100_000)]

    with pytest.raises(BadInput, match="S99999: the name stands twice"):
        parse(f"{{{', '.join([*names, names[-1]])}}}".encode())


def test_a_file_that_is_not_there_is_refused_by_name():
    with pytest.raises(BadInput, match=r"nowhere\.json: No such file"):
        read_instance(Path("nowhere.json"))


@settings(max_examples=50, deadline=None)
@given(instances())
def test_an_instance_and_its_plan_come_back_from_their_files_unchanged(instance):
    again = instance_from(parse(write_instance(instance)))
    plan = solve(instance)

    assert write_instance(again) == write_instance(instance)
    assert plan_from(parse(write_plan(plan))) == plan
    assert solve(again) == plan


def test_ids_in_any_script_are_written_as_they_are(tmp_path):
    scored = score(a_sheet([a_prisoner(id='Ў"1')], [a_sponsor(id="Ж\n2")]))
    path = tmp_path / "instance.json"
    path.write_bytes(write_scored(scored))

    instance = read_instance(path)
    assert instance.ids_of(instance.listed) == (('Ў"1', "Ж\n2"),)
    assert "Ў" in path.read_text(encoding="utf-8")


def test_a_scored_instance_names_the_terms_of_every_pair_and_what_was_excluded():
    spread = a_prisoner(id="P2", supporter_countries=frozenset())
    sheet = a_sheet([spread, a_prisoner()], [a_sponsor(), a_sponsor(id="S2", vetted=False)])

    written = json.loads(write_scored(score(sheet)))

    assert written["pairs"] == [["P1", "S1", 1], ["P2", "S1", 11]]
    assert written["terms"] == [{}, {"country_spread": 10}]
    assert written["excluded"]["not_vetted"] == 2
    assert sum(written["excluded"].values()) == 2
    assert instance_from(Node(written, "")).listed.fit.tolist() == [1, 11]


PLAN = json.loads(write_plan(solve(instance_from(Node(EXAMPLE, "")))))


def test_a_plan_without_a_certificate_is_read_to_be_judged():
    assert plan_from(Node({**PLAN, "certificate": None}, "")).certificate is None
    assert plan_from(Node({key: PLAN[key] for key in PLAN if key != "certificate"}, "")).certificate is None


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"format": "vestka.instance/1"}, "format: must be 'vestka.plan/1'"),
        ({"pairs": [["P0001"]]}, "pairs[0]: must be a prisoner's id"),
        ({"pairs": [["P0001", 2]]}, "pairs[0][1]: must be a text"),
        ({"objective": {"points": 3}}, "objective.newly_covered_by_tier: is missing"),
        (
            {"objective": {**PLAN["objective"], "newly_covered_by_tier": [1]}},
            "objective.newly_covered_by_tier: must be",
        ),
        ({"objective": {**PLAN["objective"], "fit": "57"}}, "objective.fit: must be a whole number"),
        ({"certificate": {"capacities": {}}}, "certificate.capacities: is not known here"),
        ({"certificate": {"capacity": {"S0001": 1.5}}}, "certificate.capacity.S0001: must be a whole number"),
        ({"certificate": {"role_seats": {"P0001": {"king": 1}}}}, "certificate.role_seats.P0001.king: 'king' is none"),
        ({"unique": 1}, "unique: must be true or false"),
    ],
)
def test_a_plan_is_refused_by_its_place(changes, complaint):
    with pytest.raises(BadInput) as refused:
        plan_from(Node({**PLAN, **changes}, ""))

    assert str(refused.value).startswith(complaint)


def test_a_plan_that_leaves_out_a_part_is_refused(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({key: PLAN[key] for key in PLAN if key != "unique"}), encoding="utf-8")

    with pytest.raises(BadInput, match="unique: is missing"):
        read_plan(path)
