"""Lists kept outside the project: invented ones whose truth is known, and real ones, of which we count rows."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Prisoner
from tests.database.cli.runner import answer, beside
from tests.factories import make_coordinator

VIASNA = ("--source", "viasna", "--as-of", "2026-11-22", "--country", "BY")


def numbers(counts: dict[str, Any]) -> dict[str, int]:
    """The counts as the truth beside a made list has them."""
    return {
        "rows": counts["rows"],
        "errors": len(counts["errors"]),
        "quarantined": counts["quarantined"],
        "skipped": sum(counts["skipped"].values()),
        "new": counts["new"],
    }


def stored() -> int:
    return session().scalar(select(func.count()).select_from(Prisoner)) or 0


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["machine", "json", "labels-en", "labels-ru"])
def test_a_made_list_gives_its_truth_and_a_second_run_nothing(app: Flask, tmp_path: Path, shape: str) -> None:
    maker, file, truth_file = beside("tools", "make_export.py"), tmp_path / "list", tmp_path / "truth.json"
    options = ["--rows", "600", "--seed", "7", "--shape", shape, "--out", file, "--truth", truth_file]
    subprocess.run([sys.executable, maker, *options], check=True)
    truth = json.loads(truth_file.read_text())
    error_rows = truth.pop("error_rows")

    dry = answer(app, "prisoners", "import", file, *VIASNA)
    assert (numbers(dry), dry["applied"], stored()) == (truth, False, 0)
    assert [error["row"] for error in dry["errors"]] == error_rows

    first = answer(app, "prisoners", "import", file, *VIASNA, "--apply")
    assert (numbers(first), first["applied"], stored()) == (truth, True, truth["new"])

    second = answer(app, "prisoners", "import", file, *VIASNA, "--apply")
    assert (second["new"], second["changed"], second["unchanged"]) == (0, 0, truth["new"])
    assert (numbers(second) | {"new": truth["new"]}, stored()) == (truth, truth["new"])


@pytest.mark.parametrize(
    ("first", "second"), [("viasna_25.json", "viasna_25.csv"), ("viasna_25.csv", "viasna_25.json")]
)
def test_the_real_records_are_the_same_in_both_shapes(app: Flask, first: str, second: str) -> None:
    make_coordinator(email="keeper@example.org", roles=["coordinator", "programme"])
    basis = "publicised_by_recognised_organisation"
    given = ("--publicity", "sponsors_only", "--basis", basis, "--by", "keeper@example.org", "--apply")

    counts = answer(app, "prisoners", "import", beside("data", "real", first), *VIASNA, *given)
    again = answer(app, "prisoners", "import", beside("data", "real", second), *VIASNA, *given)

    assert counts["skipped"] == {"former": 8, "not_recognised": 6, "died": 0}
    assert (counts["rows"], counts["new"], counts["errors"], counts["quarantined"]) == (25, 11, [], 0)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 11)


@pytest.mark.slow
def test_a_list_of_another_country_is_read_and_known_again(app: Flask) -> None:
    file = beside("data", "real", "china_926.csv")
    options = ("--source", "china", "--as-of", "2026-11-22", "--apply")

    first = answer(app, "prisoners", "import", file, *options)
    second = answer(app, "prisoners", "import", file, *options)

    assert numbers(first) | {"changed": first["changed"]} == numbers(first) | {"changed": 0}
    assert first["rows"] == sum(number for name, number in numbers(first).items() if name != "rows")
    assert stored() == first["new"] == second["unchanged"]
    assert set(session().scalars(select(Prisoner.country))) == {"CN"}
