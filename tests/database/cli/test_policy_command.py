"""`flask policy …`: what is shown can be compared and put back, and every refusal is one line with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.database import session
from app.matching import DEFAULT_POLICY
from app.queries import policies
from tests.database.cli.runner import answer, refusal, run
from tests.factories import make_administrator, make_coordinator, make_prisoner, make_sponsor

DISABILITY_FIRST = {"tier": {"disability": 6, "serious_illness": 1}}


@pytest.fixture
def administrator(app: Flask) -> str:
    return make_administrator(email="ada@example.org").email


def written(folder: Path, value: object) -> Path:
    path = folder / "policy.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def in_force() -> int | None:
    session().rollback()
    return policies.current().version


def put(app: Flask, file: Path, by: str) -> dict[str, Any]:
    return answer(app, "policy", "put", file, "--by", by)


def test_the_policy_in_force_is_shown_with_every_number(app: Flask) -> None:
    said = answer(app, "policy", "show")

    assert {name: said[name] for name in ("version", "in_force", "since", "by")} == {
        "version": 1, "in_force": True, "since": None, "by": None
    }  # fmt: skip
    assert said["policy"] == DEFAULT_POLICY.to_dict() | {"version": 1}
    lines = run(app, "policy", "show").stdout.splitlines()
    assert lines[0] == "Version 1 (in force)"
    assert len(lines) == 1 + len(DEFAULT_POLICY.numbers())


def test_a_changed_number_stands_beside_its_default(app: Flask, tmp_path: Path, administrator: str) -> None:
    put(app, written(tmp_path, {"policy": DISABILITY_FIRST}), administrator)

    lines = run(app, "policy", "show").stdout.splitlines()

    assert lines[0].startswith("Version 2 (in force), since 20")
    assert lines[0].endswith(" UTC by ada@example.org")
    assert "      6 tier.disability   (default 2)" in lines


def test_what_is_shown_can_be_put_back(app: Flask, tmp_path: Path, administrator: str) -> None:
    first = answer(app, "policy", "show")
    assert put(app, written(tmp_path, DISABILITY_FIRST), administrator) == {"version": 2}
    del first["policy"]["version"]

    assert put(app, written(tmp_path, first), administrator) == {"version": 3}

    session().rollback()
    assert (policies.current(), policies.of_version(2).tier.disability) == (DEFAULT_POLICY, 6)
    assert answer(app, "policy", "show", "--version", "2")["policy"]["tier"]["disability"] == 6


def test_a_file_made_from_an_overtaken_version_is_a_no(app: Flask, tmp_path: Path, administrator: str) -> None:
    put(app, written(tmp_path, DISABILITY_FIRST), administrator)
    overtaken = written(tmp_path, {"policy": {"version": 1, "fit": {"joint_case": 1}}})

    status, line = refusal(app, "policy", "put", overtaken, "--by", administrator)

    assert (status, "version 1; 2 is in force" in line, in_force()) == (1, True, 2)


def test_a_comparison_says_who_and_why_and_changes_nothing(app: Flask, tmp_path: Path) -> None:
    ill, disabled = make_prisoner(facts=["serious_illness"]), make_prisoner(facts=["disability"])
    make_sponsor(capacity=1)
    file = written(tmp_path, DISABILITY_FIRST)

    said = answer(app, "policy", "compare", file)
    lines = run(app, "policy", "compare", file, "--kind", "letter_writer").stdout.splitlines()

    assert (said["version"], list(said["kinds"])) == (1, ["godparent", "letter_writer"])
    assert said["changed"] == {"tier.serious_illness": [3, 1], "tier.disability": [2, 6]}
    letters = said["kinds"]["letter_writer"]
    assert {one["prisoner"]: (one["change"], one["tier"]) for one in letters["prisoners"]} == {
        ill.id: ("lost", [1, 3]), disabled.id: ("gained", [2, 0])
    }  # fmt: skip
    assert letters["before"]["uncovered_by_tier"] == [0, 0, 1, 0, 0, 0]
    assert letters["pairs"]["kept"] == 0
    assert f"    {disabled.id} tier 2 -> 0 (disability 2 -> 6)" in lines
    assert f"    {ill.id} tier 1 -> 3 (serious_illness 3 -> 1)" in lines
    assert not any(line.startswith("godparent") for line in lines)
    assert in_force() == 1


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"fit": {"joint_case": 7}}, "policy.json: policy.fit: a pair could get 100 points; 99 is the most"),
        ({"policy": {"fit": {"joint_case": -1}}}, "policy.json: policy.fit.joint_case: -1 is not between 0 and 1000"),
        ({"tier": {"fame": 3}, "rank": 1}, "policy.json: policy.rank: unknown term; policy.tier.fame: unknown term"),
        ({"policy": 3}, "policy.json: policy: must be an object"),
        ([], "policy.json: the file: must be an object"),
    ],
)
@pytest.mark.parametrize("command", ["compare", "put"])
def test_a_policy_that_cannot_be_used_is_refused_by_its_place(
    app: Flask, tmp_path: Path, administrator: str, command: str, content: object, place: str
) -> None:
    by = ("--by", administrator) if command == "put" else ()

    status, line = refusal(app, "policy", command, written(tmp_path, content), *by)

    assert (status, line, in_force()) == (2, f"Error: {place}", 1)


@pytest.mark.parametrize("email", ["nobody@example.org", "cora@example.org"])
def test_whoever_is_no_administrator_is_a_no(app: Flask, tmp_path: Path, email: str) -> None:
    make_coordinator(email="cora@example.org", roles=["coordinator", "programme"])

    status, line = refusal(app, "policy", "put", written(tmp_path, DISABILITY_FIRST), "--by", email)

    assert (status, "policy" in line, in_force()) == (1, True, 1)


def test_the_same_policy_again_is_a_no(app: Flask, tmp_path: Path, administrator: str) -> None:
    status, line = refusal(app, "policy", "put", written(tmp_path, {}), "--by", administrator)

    assert (status, line) == (1, "Error: This is the policy in force already.")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("show", "--version", "7"), "--version: the newest is 1, and 7 is none of them"),
        (("show", "--version", "0"), "'--version'"),
        (("compare", "nowhere.json"), "'nowhere.json'"),
        (("put", "nowhere.json"), "'nowhere.json'"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(app: Flask, arguments: tuple[str, ...], named: str) -> None:
    status, line = refusal(app, "policy", *arguments)

    assert (status, named in line) == (2, True)
