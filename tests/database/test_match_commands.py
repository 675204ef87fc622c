"""`flask match …`: runs on the database, the engine on files, and one line for whatever cannot be read."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Match, MatchingRun
from app.vocabulary import MatchState, Publicity
from tests.database.cli.runner import answer, refusal, run
from tests.factories import fresh, make_match, make_prisoner, make_rivals, make_sponsor, make_stored_run, writing

RUN = ("match", "run", "--kind", "letter_writer")


def _count(model: type) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(model)) or 0


def _facts() -> dict[str, Any]:
    """Two prisoners and two sponsors, of whom one is not vetted."""
    prisoner = {
        "id": "P1", "detention_status": "convicted", "detained_in": "BY", "publicity": "public", "mail_access": "open",
        "seats": 3, "role_seats": {}, "supporters": 0, "supporters_of_kind": 0, "supporter_countries": [],
        "facility_languages": ["ru", "be"], "reads": ["ru"], "profession_group": "media", "gender": "female",
        "birth_date": "1980-01-31", "arrested_on": "2020-09-07", "sentence_years": 11, "home_area": "Vydumsk",
        "case": None, "facts": ["serious_illness"], "pinned_tier": None, "held": False,
    }  # fmt: skip
    sponsor = {
        "id": "S1", "role": "volunteer", "kind": "letter_writer", "vetted": True, "email_verified": True,
        "country": "DE", "languages": {"ru": "fluent"}, "capacity_left": 2, "available_from": None,
        "available_until": None, "paused": False, "mandate_ends": None, "profession_group": "media", "wishes": {},
        "conflicts": [], "mail_route": "direct", "translation": False, "waiting_since": "2026-10-01",
        "supports_cases": [], "held": False,
    }  # fmt: skip
    return {
        "format": "vestka.facts/1", "kind": "letter_writer", "date": "2026-11-22", "policy": None,
        "prisoners": [prisoner, prisoner | {"id": "P2"}],
        "sponsors": [sponsor, sponsor | {"id": "S2", "vetted": False}],
        "live_pairs": [], "refused_pairs": [], "previous": [],
    }  # fmt: skip


def _written(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


@pytest.fixture
def solved(app: Flask, tmp_path: Path) -> tuple[Path, Path]:
    """An instance that was scored from facts, and its plan."""
    instance, plan = tmp_path / "instance.json", tmp_path / "plan.json"
    assert run(app, "match", "score", _written(tmp_path / "facts.json", _facts()), "--output", instance).exit_code == 0
    assert run(app, "match", "solve", instance, "--output", plan).exit_code == 0
    return instance, plan


def test_a_run_without_apply_says_what_it_would_propose_and_writes_nothing(app: Flask) -> None:
    make_prisoner()
    make_sponsor()

    said = answer(app, *RUN)

    assert list(said) == [
        "run", "proposals", "newly_covered_by_tier", "uncovered_by_tier", "points", "fit", "kept", "optimal", "seconds"
    ]  # fmt: skip
    assert (said["run"], said["proposals"], sum(said["newly_covered_by_tier"]), said["optimal"]) == (None, 1, 1, True)
    assert _count(Match) == _count(MatchingRun) == 0


def test_a_run_with_apply_keeps_its_proposals_and_the_next_one_keeps_them_too(app: Flask) -> None:
    make_prisoner()
    make_sponsor()

    first, second = answer(app, *RUN, "--apply"), answer(app, *RUN, "--apply")

    assert (first["proposals"], first["kept"], second["kept"]) == (1, 0, 1)
    session().rollback()
    assert session().scalars(select(Match.run_id)).all() == [second["run"]]


def test_a_run_reckons_for_the_day_it_is_given(app: Flask) -> None:
    make_prisoner()
    make_sponsor(available_from=date(2030, 1, 1))

    before = answer(app, *RUN, "--date", "2029-12-31")
    said = answer(app, *RUN, "--date", "2030-01-01", "--apply")

    assert (before["proposals"], said["proposals"]) == (0, 1)
    session().rollback()
    assert str(session().scalar(select(MatchingRun.day).where(MatchingRun.id == said["run"]))) == "2030-01-01"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("match", "run"), "--kind"),
        (("match", "run", "--kind", "friend"), "'friend'"),
        ((*RUN, "--date", "2026-02-30"), "'2026-02-30'"),
        (("match", "solve", "nowhere.json", "--output", "plan.json"), "'nowhere.json'"),
        (("match", "explain", "nobody", "noone"), "PRISONER: nobody has the id 'nobody'"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(app: Flask, arguments: tuple[str, ...], named: str) -> None:
    status, line = refusal(app, *arguments)

    assert status == 2
    assert named in line


def test_an_eligible_pair_is_explained_by_its_terms_and_tier(app: Flask) -> None:
    prisoner, sponsor = make_prisoner(facts=["serious_illness"]), make_sponsor()

    said = answer(app, "match", "explain", prisoner.id, sponsor.id)

    assert (said["eligible"], said["rule"], said["kind"]) == (True, None, "letter_writer")
    assert said["fit"] == 1 + sum(said["terms"].values())
    assert (said["terms"]["language"], said["vulnerability"]["serious_illness"]) == (30, 3)


def test_a_forbidden_pair_is_explained_by_the_first_rule_that_fails(app: Flask) -> None:
    prisoner, sponsor = make_prisoner(publicity=Publicity.SPONSORS_ONLY), make_sponsor(support_kind="godparent")
    lines = run(app, "match", "explain", prisoner.id, sponsor.id).stdout.splitlines()

    assert lines[0].startswith("No: publicity: ")

    matched = make_match(state=MatchState.ACTIVE)
    said = answer(app, "match", "explain", matched.prisoner_id, matched.sponsor_id)
    assert (said["eligible"], said["rule"], said["fit"], said["terms"]) == (False, "already_paired", None, {})


def test_a_pair_is_explained_by_the_last_run_too(app: Flask) -> None:
    rivals = make_rivals()
    stored = make_stored_run()

    said = answer(app, "match", "explain", rivals.prisoner.id, rivals.second.id)

    assert (said["run"], said["proposed"], said["changed_since"]) == (stored.id, False, [])
    assert (said["loss_at_least"], said["scarce"]) == ({"first_supporters": 0, "points": 10}, ["seats"])
    assert said["runner_up"] == {"sponsor_id": rivals.second.id, "loss_at_least": said["loss_at_least"]}


def test_without_a_run_nothing_is_said_of_one(app: Flask) -> None:
    rivals = make_rivals()

    said = answer(app, "match", "explain", rivals.prisoner.id, rivals.second.id)

    of_the_run = ("run", "proposed", "loss_at_least", "scarce", "changed_since", "runner_up")
    assert [said[name] for name in of_the_run] == [None, None, None, [], [], None]


def test_the_last_run_is_told_in_lines(app: Flask) -> None:
    rivals = make_rivals()
    stored = make_stored_run()
    with writing():
        fresh(rivals.second).capacity = 2

    second = run(app, "match", "explain", rivals.prisoner.id, rivals.second.id).stdout.splitlines()
    first = run(app, "match", "explain", rivals.prisoner.id, rivals.first.id).stdout.splitlines()

    assert second[-5].startswith(f"In the last run, {stored.id} of ")
    assert [line.strip() for line in second[-4:]] == [
        "these two: at least 10 points worse for everyone together.",
        "scarce: seats.",
        f"next for the prisoner: {rivals.second.id}, at least 10 points worse for everyone together.",
        "changed since: sponsor; the next run reckons anew.",
    ]
    assert "these two were proposed." in [line.strip() for line in first]


def test_somebody_as_good_is_not_called_nought_points_worse(app: Flask) -> None:
    rivals = make_rivals(second={"languages": {"ru": "fluent"}})
    make_stored_run()

    said = run(app, "match", "explain", rivals.prisoner.id, rivals.first.id).stdout

    assert "perhaps as good for everyone together" in said
    assert "0 points worse" not in said


def test_files_go_from_facts_to_a_plan_that_verifies(app: Flask, solved: tuple[Path, Path]) -> None:
    instance, plan = solved

    verified = run(app, "match", "verify", *solved)

    assert (verified.exit_code, verified.stdout) == (0, "feasible and optimal\n")
    assert json.loads(plan.read_text())["pairs"] == [["P1", "S1"], ["P2", "S1"]]
    assert json.loads(instance.read_text())["excluded"]["not_vetted"] == 2


def test_a_plan_that_is_not_the_best_is_a_no_with_the_reason(app: Flask, solved: tuple[Path, Path]) -> None:
    instance, plan = solved
    worse = json.loads(plan.read_text())
    worse["objective"]["points"] += 1

    status, line = refusal(app, "match", "verify", instance, _written(plan, worse))

    assert (status, line.startswith("Error: objective.points: ")) == (1, True)


def test_a_plan_without_a_certificate_is_a_no(app: Flask, solved: tuple[Path, Path]) -> None:
    instance, plan = solved
    without = json.loads(plan.read_text())
    del without["certificate"]

    status, line = refusal(app, "match", "verify", instance, _written(plan, without))

    assert (status, "certificate" in line) == (1, True)


@pytest.mark.parametrize(
    ("command", "content", "place"),
    [
        ("score", b'{"format": "vestka.facts/1"}', "facts.json: kind: is missing"),
        ("score", b"\xff", "facts.json: byte 0: is not UTF-8"),
        ("solve", b'{"format": "vestka.instance/1",', "facts.json: line 1, column 3"),
        ("solve", b'{"format": "vestka.facts/1"}', "facts.json: format: must be 'vestka.instance/1'"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_place_and_nothing_is_written(
    app: Flask, tmp_path: Path, command: str, content: bytes, place: str
) -> None:
    given, output = tmp_path / "facts.json", tmp_path / "output.json"
    given.write_bytes(content)
    output.write_bytes(b"what stood there")

    status, line = refusal(app, "match", command, given, "--output", output)

    assert status == 2
    assert place in line
    assert output.read_bytes() == b"what stood there"
    assert {path.name for path in tmp_path.iterdir()} == {"facts.json", "output.json"}


def test_the_place_is_named_deep_in_a_file(app: Flask, tmp_path: Path) -> None:
    facts = _facts()
    facts["sponsors"][1]["capacity_left"] = -1

    status, line = refusal(app, "match", "score", _written(tmp_path / "f.json", facts), "--output", tmp_path / "i.json")

    assert (status, line) == (2, "Error: f.json: sponsors[1].capacity_left: must be between 0 and 1000")


def test_verify_says_which_of_its_two_files_is_wrong(app: Flask, solved: tuple[Path, Path]) -> None:
    instance, plan = solved
    wrong = json.loads(plan.read_text()) | {"unique": "yes"}

    assert refusal(app, "match", "verify", instance, _written(plan, wrong)) == (
        2, "Error: plan.json: unique: must be true or false"
    )  # fmt: skip
    assert refusal(app, "match", "verify", plan, instance)[1].startswith("Error: plan.json: format: ")


def test_a_place_that_cannot_be_written_to_is_bad_usage(app: Flask, solved: tuple[Path, Path], tmp_path: Path) -> None:
    status, line = refusal(app, "match", "solve", solved[0], "--output", tmp_path / "no such folder" / "plan.json")

    assert status == 2
    assert line.endswith("plan.json: No such file or directory")
