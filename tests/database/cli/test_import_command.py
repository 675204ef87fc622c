"""`flask prisoners import`: what it prints, what it refuses, and that a refusal changes nothing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import imports
from app.database import session
from app.models import AuditEvent, Caseload, Facility, ImportRecord, Prisoner, PrisonerSource
from app.vocabulary import Publicity
from tests.database.cli.runner import answer, refusal, run
from tests.database.importing.lists import as_csv, as_json, row
from tests.factories import make_account, make_coordinator

VIASNA = ("--source", "viasna", "--as-of", "2026-11-22")
PUBLIC = ("--publicity", "public")
BASIS = ("--basis", "family_consented")
KEEPER = ("--by", "keeper@example.org")


@pytest.fixture
def keeper(app: Flask) -> str:
    return make_coordinator(email="keeper@example.org", roles=["programme"]).id


def write(folder: Path, data: bytes | str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def import_of(file: Path, *options: str) -> tuple[str | Path, ...]:
    return ("prisoners", "import", file, *VIASNA, *options)


def nothing_is_stored() -> bool:
    tables = (Prisoner, Facility, ImportRecord, AuditEvent)
    return all(session().scalars(select(table).limit(1)).first() is None for table in tables)


def test_a_dry_run_is_the_default_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    counts = answer(app, *import_of(write(tmp_path, as_csv([row(1), row(2, status="np")]))))

    assert counts == {
        "rows": 2,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "skipped": {"former": 0, "not_recognised": 1, "died": 0},
        "quarantined": 0,
        "errors": [],
        "applied": False,
    }
    assert nothing_is_stored()


def test_good_rows_apply_beside_broken_ones_which_are_named(app: Flask, tmp_path: Path) -> None:
    broken = row(2, birthday="1980-02-30")
    ragged = as_csv([row(1), broken]) + b"3,https://prisoners.example.org/person/3\n"

    counts = answer(app, *import_of(write(tmp_path, ragged), "--apply"))

    assert counts["new"] == 1
    assert [(error["row"], error["column"]) for error in counts["errors"]] == [(2, "birthday"), (3, None)]
    assert session().scalars(select(Prisoner.name)).all() == ["Vydumka-1 Alena"]


def test_a_person_reads_counts_rows_and_columns_and_no_names(app: Flask, tmp_path: Path) -> None:
    answer(app, *import_of(write(tmp_path, as_json([row(1)])), "--apply"))
    rows = [row(1, decision="9 years"), row(2), row(3), row(4, url=row(3)["url"]), row(5, arrested="2021-13-01")]

    result = run(app, *import_of(write(tmp_path, as_json(rows))))

    assert result.exit_code == 0
    assert "1  new" in result.stdout
    assert "row 1: sentence, sentence years" in result.stdout
    assert "row 3: same source address, as in row 4" in result.stdout
    assert "row 5, column “arrested”" in result.stdout
    assert "--apply" in result.stdout
    assert "Vydumka" not in result.stdout + result.stderr


def test_long_lists_of_troubles_are_cut_for_a_person_and_whole_in_json(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, as_json(row(number, arrested="2021-02-30") for number in range(1, 16)))

    assert "and 5 more rows" in run(app, *import_of(file)).stdout
    assert len(answer(app, *import_of(file))["errors"]) == 15


def test_warnings_go_to_stderr_even_with_json(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, as_json([row(1, birthday="19812")]))

    result = run(app, *import_of(file), "--json")

    assert "list.csv: row 1, column “birthday”" in result.stderr
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("a,b\n1,2\n", "list.csv: heading line"),
        ("id,name,name\n1,2,3\n", "list.csv: heading line: columns 2 and 3"),
        ("", "list.csv: the file is empty"),
        (b"id,name,status\n1,\xd0,active\n", "list.csv"),
        (b"PK\x03\x04" + b"\0" * 60, "only CSV and JSON"),
        ("[" * 100_000, "list.csv"),
        ('[{"id": "1", "name": ', "list.csv"),
    ],
)
def test_an_unreadable_file_is_refused_in_one_line(app: Flask, tmp_path: Path, data: bytes | str, said: str) -> None:
    code, line = refusal(app, *import_of(write(tmp_path, data), "--apply"))

    assert code == 2
    assert said in line
    assert nothing_is_stored()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((*PUBLIC, *KEEPER), "--basis"),
        ((*PUBLIC, *BASIS), "--by"),
        (BASIS, "--publicity"),
        (("--publicity", "coordinators_only", *BASIS, *KEEPER), "--publicity"),
        ((*PUBLIC, "--basis", "because", *KEEPER), "--basis"),
        (("--country", "Belarus"), "--country"),
        (("--as-of", "yesterday"), "--as-of"),
        (("--source", " "), "--source"),
        (("--format", "xls"), "--format"),
    ],
)
def test_bad_usage_names_the_option(
    app: Flask, tmp_path: Path, keeper: str, options: tuple[str, ...], said: str
) -> None:
    code, line = refusal(app, *import_of(write(tmp_path, as_json([row()])), "--apply", *options))

    assert (code, said in line) == (2, True)
    assert session().scalars(select(Prisoner)).first() is None


def test_a_file_that_is_not_there_is_bad_input(app: Flask, tmp_path: Path) -> None:
    code, line = refusal(app, *import_of(tmp_path / "nowhere.csv"))

    assert code == 2
    assert "nowhere.csv" in line


@pytest.mark.parametrize("who", ["stranger", "coordinator", "disabled"])
def test_whoever_may_not_import_is_told_no(app: Flask, tmp_path: Path, keeper: str, who: str) -> None:
    if who == "coordinator":
        make_coordinator(email="coordinator@example.org")
    if who == "disabled":
        account = make_account()
        make_coordinator(email="disabled@example.org", roles=["programme"], disabled_at=account.created_at)

    code, line = refusal(app, *import_of(write(tmp_path, as_json([row()])), "--by", f"{who}@example.org", "--apply"))

    assert code == 1
    assert "import" in line.casefold()
    assert session().scalars(select(Prisoner)).first() is None


def test_publicity_with_basis_and_author_is_given(app: Flask, tmp_path: Path, keeper: str) -> None:
    answer(app, *import_of(write(tmp_path, as_json([row()])), *PUBLIC, *BASIS, *KEEPER, "--apply"))

    prisoner = session().scalars(select(Prisoner)).one()
    assert (prisoner.publicity, prisoner.publicity_by) == (Publicity.PUBLIC, keeper)
    assert session().scalars(select(Caseload.prisoner_id)).all() == [prisoner.id]


@pytest.mark.parametrize(("source", "options", "country"), [
    ("viasna", (), "BY"), ("anybody", (), "BY"), ("viasna", ("--country", "ru"), "RU"),
])  # fmt: skip
def test_the_country_is_the_operators_the_sources_or_the_programmes(
    app: Flask, tmp_path: Path, source: str, options: tuple[str, ...], country: str
) -> None:
    file = write(tmp_path, as_json([row()]))

    answer(app, "prisoners", "import", file, "--source", source, "--as-of", "2026-11-22", *options, "--apply")

    assert session().scalars(select(Prisoner.country)).all() == [country]


def test_a_source_is_the_same_however_it_is_cased(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, as_json([row()]))
    answer(app, *import_of(file), "--apply")

    counts = answer(app, "prisoners", "import", file, "--source", " Viasna", "--as-of", "2026-11-22", "--apply")

    assert counts["unchanged"] == 1
    assert session().scalars(select(PrisonerSource.source)).all() == ["viasna"]


def test_a_mapping_file_reads_what_nobody_knows_by_its_headings(app: Flask, tmp_path: Path) -> None:
    file = write(tmp_path, "Who,Born\nVydumka Alena,1980\n")
    mapping = write(tmp_path, '{"Who": "name", "Born": "birth_date"}', "map.json")

    counts = answer(app, *import_of(file, "--format", "csv", "--mapping", str(mapping)), "--apply")

    assert counts["new"] == 1


def test_a_failure_in_the_middle_leaves_nothing_behind(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_happenings: object, **_options: object) -> None:
        raise LookupError

    monkeypatch.setattr(imports.audit, "record_many", fail)
    with pytest.raises(LookupError):
        run(app, *import_of(write(tmp_path, as_json([row()])), "--apply"))

    assert nothing_is_stored()
