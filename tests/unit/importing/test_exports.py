"""Whole exports of invented people with the truth beside them, and the real lists, where this machine has them.

Both lie in a folder next to the project, never in it: the real lists are of real people.
"""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from app.importing import Staged, compare, read
from app.vocabulary import DetentionStatus
from tests.unit.importing.lists import held

SHARED = Path(__file__).resolve().parents[3].parent / "shared"
MAKER = SHARED / "tools" / "make_export.py"
REAL = SHARED / "data" / "real"

needs_maker = pytest.mark.skipif(not MAKER.exists(), reason="the maker of exports does not lie beside the project")
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real lists do not lie beside the project")


def made(folder: Path, *, shape: str, seed: int, encoding: str = "utf-8") -> tuple[Staged, dict[str, object]]:
    """A made export as read, and its truth."""
    out, truth = folder / f"export-{shape}-{seed}", folder / "truth.json"
    options = {"rows": 600, "seed": seed, "shape": shape, "encoding": encoding, "out": out, "truth": truth}
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    subprocess.run([sys.executable, str(MAKER), *flags], check=True, timeout=60)
    found = read(out, filename=out.name, source="made", as_of=date(2026, 11, 22))
    return found, json.loads(truth.read_text())


def counted(found: Staged) -> dict[str, object]:
    """What the importer says, in the words of the truth file."""
    counts = compare(found, []).counts()
    return {
        "rows": counts["rows"],
        "new": counts["new"],
        "skipped": sum(counts["skipped"].values()),
        "quarantined": counts["quarantined"],
        "errors": len(counts["errors"]),
        "error_rows": [error["row"] for error in counts["errors"]],
    }


@needs_maker
@pytest.mark.slow
@pytest.mark.parametrize("shape", ["machine", "labels-en", "labels-ru", "json"])
def test_every_shape_holds_its_truth_and_changes_nothing_the_second_time(shape: str, tmp_path: Path) -> None:
    for seed in range(1, 11):
        found, truth = made(tmp_path, shape=shape, seed=seed)
        assert counted(found) == truth
        assert found.warnings == ()
        taken = [entry.person for entry in compare(found, []).entries if entry.outcome == "new"]
        again = compare(found, [held(person, key=str(person.row), source="made") for person in taken]).counts()
        assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, truth["new"])


@needs_maker
@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("shape", ["machine", "labels-en", "labels-ru", "json"])
def test_every_encoding_that_is_read_holds_the_same_truth(shape: str, encoding: str, tmp_path: Path) -> None:
    found, truth = made(tmp_path, shape=shape, seed=3, encoding=encoding)
    assert counted(found) == truth


def real(name: str) -> Staged:
    return read(REAL / name, filename=name, source="real", as_of=date(2026, 11, 22))


@needs_real
@pytest.mark.parametrize("name", ["viasna_25.json", "viasna_25.csv"])
def test_the_machine_export_is_read_in_both_forms(name: str) -> None:
    found = real(name)
    assert found.warnings == ()
    assert compare(found, []).counts() == {
        "rows": 25,
        "new": 11,
        "changed": 0,
        "unchanged": 0,
        "skipped": {"former": 8, "not_recognised": 6, "died": 0},
        "quarantined": 0,
        "errors": [],
    }


@needs_real
def test_both_forms_of_the_machine_export_say_the_same() -> None:
    assert real("viasna_25.json").people == real("viasna_25.csv").people


@needs_real
def test_everybody_held_in_the_machine_export_was_convicted_and_every_place_is_known() -> None:
    people = [entry.person for entry in compare(real("viasna_25.json"), []).entries if entry.outcome == "new"]
    assert {person.detention_status for person in people} == {DetentionStatus.CONVICTED}
    places = [person.facility for person in people if person.facility]
    assert len(places) == 9
    assert all(place.kind and place.number and place.postcode and place.city and place.street for place in places)


@needs_real
def test_the_chinese_list_loses_one_row_to_the_calendar_and_two_birth_dates_to_typing() -> None:
    found = real("china_926.csv")
    counts = compare(found, []).counts()
    assert [(error["row"], error["column"]) for error in counts["errors"]] == [(5, "Date of Birth")]
    assert [(warning.row, warning.column) for warning in found.warnings] == [
        (330, "Date of Birth"),
        (650, "Date of Birth"),
    ]
    assert counts | {"errors": 1} == {
        "rows": 926,
        "new": 905,
        "changed": 0,
        "unchanged": 0,
        "skipped": {"former": 0, "not_recognised": 0, "died": 20},
        "quarantined": 0,
        "errors": 1,
    }
    assert Counter(person.detention_status for person in found.people)[DetentionStatus.AWAITING_TRIAL] == 93


@needs_real
@pytest.mark.parametrize("name", ["viasna_25.json", "viasna_25.csv", "china_926.csv"])
def test_a_real_list_changes_nothing_the_second_time(name: str) -> None:
    found = real(name)
    taken = [entry.person for entry in compare(found, []).entries if entry.outcome == "new"]
    again = compare(found, [held(person, key=str(person.row), source="real") for person in taken]).counts()
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, len(taken))
