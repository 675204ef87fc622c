"""Lists through the browser: uploaded, read as what they would change, applied as they were read, or thrown away."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import session
from app.importing import Clash, Field, Format
from app.importing.changing import COMPARED
from app.models import Account, Caseload, ImportRecord, Prisoner
from app.vocabulary import Publicity, PublicityBasis
from app.web.coordinator.import_words import CHANGE_LABELS, CLASH_LABELS, FIELD_LABELS, FORMAT_LABELS
from tests.database.importing.lists import as_csv, as_json, row
from tests.factories import fresh, make_coordinator
from tests.web.browsing import browser_of, soup, token_of
from tests.web.uploading import PAGE, UNKNOWN, counts, listed, names, press, uploaded, waiting

MAKER = Path(__file__).resolve().parents[2].parent / "shared" / "tools" / "make_export.py"

ENGLISH = (
    "Name and surname,Status,Date of birth,Gender,Date of detention,Charges indicted,Date of verdict,Sentence,Penalty,"
    "Judge,Prosecutor,Prison\nVydumka Alena,Political prisoner,1980-01-31,Female,2021-03,Art. 342,2021-09-01,"
    "4 1/2 years,imprisonment,,,Penal colony No. 4\n"
)
RUSSIAN = (
    "Имя и фамилия,Статус,Дата рождения,Пол,Дата задержания,Предъявлены обвинения,Дата приговора,Решение суда,"
    "Вид наказания,Судья,Прокурор,Место заключения\nВыдумка Алена,Политзаключенный,1980-01-31,Женщина,2021-03,"
    "ст. 342,2021-09-01,3 года,лишение свободы,,,ИК №4\n"
)
CHINESE = (
    "Name,Gender,Date of Birth,Date of Death,Place,Sentence,Source\n"
    "Wu Youren,male,1980-01-31,,Nowhere,5 years,https://lists.example.org/1\n"
)


@pytest.fixture
def importer(app: Flask) -> Account:
    return make_coordinator(roles=["coordinator", "programme"])


@pytest.fixture
def client(app: Flask, importer: Account) -> FlaskClient:
    return browser_of(app, importer)


@pytest.mark.parametrize(
    ("content", "name", "country"),
    [
        (as_csv([row(1)]), "Vydumka-1 Alena", "BY"),
        (as_json([row(1)]), "Vydumka-1 Alena", "BY"),
        (ENGLISH, "Vydumka Alena", "BY"),
        (RUSSIAN, "Выдумка Алена", "BY"),
        (CHINESE, "Wu Youren", "CN"),
    ],
    ids=["machine", "json", "english", "russian", "chinese"],
)
def test_a_list_of_every_known_shape_is_shown_then_applied(
    client: FlaskClient, importer: Account, content: bytes | str, name: str, country: str
) -> None:
    path = uploaded(client, content, source="viasna" if country == "BY" else "somebody")

    assert counts(soup(client.get(path))) == {"changed": 0, "new": 1, "quarantined": 0, "errors": 0, "warnings": 0}
    assert listed(client, path, "new")[0][0] == name
    assert names() == []

    answer = press(client, path, "apply")

    assert answer.location == PAGE
    assert "New people: 1. Changed: 0." in soup(client.get(PAGE)).get_text()
    assert names() == [name]
    prisoner = session().scalars(select(Prisoner)).one()
    assert (prisoner.name, prisoner.country, prisoner.publicity) == (name, country, Publicity.COORDINATORS_ONLY)
    assert session().scalars(select(Caseload.account_id)).all() == [importer.id]
    assert waiting() == 0


def test_the_same_list_changes_nothing_the_second_time(client: FlaskClient) -> None:
    press(client, uploaded(client, as_csv([row(1), row(2)])), "apply")

    path = uploaded(client, as_csv([row(1), row(2)]))

    page = soup(client.get(path))
    assert counts(page) == {"changed": 0, "new": 0, "quarantined": 0, "errors": 0, "warnings": 0}
    assert "Unchanged 2" in page.get_text(" ", strip=True)
    press(client, path, "apply")
    assert len(names()) == 2


def test_a_change_is_shown_field_by_field_with_both_sources(client: FlaskClient) -> None:
    press(client, uploaded(client, as_csv([row(1)])), "apply")

    path = uploaded(client, as_csv([row(1, decision="9 years", verdict_date="2021-09-02")]), as_of="2026-11-15")

    assert [cells[2:] for cells in listed(client, path, "changed")] == [
        ["Verdict on", "1 September 2021 viasna, 1 Nov 2026", "2 September 2021"],
        ["Sentence", "4 1/2 years viasna, 1 Nov 2026", "9 years"],
        ["Years of the sentence", "4.5 viasna, 1 Nov 2026", "9"],
    ]
    press(client, path, "apply")
    assert session().scalars(select(Prisoner.sentence)).all() == ["9 years"]


def test_rows_that_clash_or_break_are_named_and_the_others_apply(client: FlaskClient) -> None:
    rows = [row(1), row(2), row(3, url=row(2)["url"]), row(4, arrested="2021-02-30"), row(5, birthday="19812")]

    path = uploaded(client, as_csv(rows))

    assert counts(soup(client.get(path))) == {"changed": 0, "new": 2, "quarantined": 2, "errors": 1, "warnings": 1}
    assert [cells[-2:] for cells in listed(client, path, "quarantined")] == [
        ["Same address of the publisher's page as another row", "3"],
        ["Same address of the publisher's page as another row", "2"],
    ]
    assert listed(client, path, "errors")[0][:2] == ["Row 4", "arrested"]
    assert listed(client, path, "warnings")[0][:2] == ["Row 5", "birthday"]
    press(client, path, "apply")
    assert names() == ["Vydumka-1 Alena", "Vydumka-5 Alena"]


def test_a_list_of_two_thousand_is_read_page_by_page(client: FlaskClient) -> None:
    path = uploaded(client, as_csv(row(number) for number in range(1, 2_001)))

    assert len(listed(client, path, "new")) == 100
    assert soup(client.get(f"{path}?show=new&page=20")).select("tbody tr")[-1].th.get_text() == "Vydumka-2000 Alena"


def test_headings_that_nobody_knows_are_explained_by_their_owner(client: FlaskClient) -> None:
    path = uploaded(client, UNKNOWN)
    asked = client.get(path, follow_redirects=True)
    assert [label.get_text() for label in soup(asked).select("main label")] == ["Who", "Born", "Notes"]

    meanings = {"heading_0": "name", "heading_1": "birth_date", "heading_2": "ignored"}
    answer = client.post(f"{path}/mapping", data=meanings | {"csrf_token": token_of(client, f"{path}/mapping")})

    assert answer.location == path
    assert [cells[0] for cells in listed(client, path, "new")] == ["Vydumka Alena", "Vydumka Ihar"]
    chosen = soup(client.get(f"{path}/mapping")).select("option[selected]")
    assert [option["value"] for option in chosen] == ["name", "birth_date", "ignored"]
    press(client, path, "apply")
    assert names() == ["Vydumka Alena", "Vydumka Ihar"]


def test_a_mapping_without_a_name_is_asked_for_again(client: FlaskClient) -> None:
    path = uploaded(client, UNKNOWN)

    meanings = {"heading_0": "ignored", "heading_1": "birth_date", "heading_2": "ignored"}
    answer = client.post(f"{path}/mapping", data=meanings | {"csrf_token": token_of(client, f"{path}/mapping")})

    assert answer.status_code == 422
    assert "no column is mapped to “name”" in soup(answer).select_one(".error-summary").get_text()
    assert client.get(path).location == f"{path}/mapping"


def test_a_mapping_file_explains_the_headings_at_once(client: FlaskClient) -> None:
    mapping = json.dumps({"Who": "name", "Born": "birth_date", "Notes": "ignored"}).encode()

    path = uploaded(client, UNKNOWN, mapping=mapping)

    assert len(listed(client, path, "new")) == 2


def test_a_list_whose_headings_are_known_asks_for_no_meanings(client: FlaskClient) -> None:
    path = uploaded(client, as_csv([row(1)]))

    assert client.get(f"{path}/mapping").status_code == 404


def test_publicity_with_its_basis_is_given_by_whoever_applies(client: FlaskClient, importer: Account) -> None:
    path = uploaded(
        client, as_csv([row(1)]), publicity="public", basis=PublicityBasis.RECOGNISED_ORGANISATION.value, country="RU"
    )

    press(client, path, "apply")

    prisoner = session().scalars(select(Prisoner)).one()
    assert (prisoner.publicity, prisoner.publicity_basis) == (Publicity.PUBLIC, PublicityBasis.RECOGNISED_ORGANISATION)
    assert (prisoner.publicity_by, prisoner.country) == (importer.id, "RU")


def test_a_list_that_is_thrown_away_leaves_nothing(client: FlaskClient) -> None:
    path = uploaded(client, as_csv([row(1)]))

    answer = press(client, path, "throw-away")

    assert (answer.location, waiting(), names()) == (PAGE, 0, [])
    assert client.get(path).status_code == 404


def test_the_desk_leads_to_imports_whoever_may_import(app: Flask, client: FlaskClient) -> None:
    def links(browser: FlaskClient) -> list[str]:
        return [link["href"] for link in soup(browser.get("/desk")).select("main a")]

    assert PAGE in links(client)
    assert PAGE not in links(browser_of(app, make_coordinator()))


def test_every_word_of_the_importer_has_a_label() -> None:
    assert list(FORMAT_LABELS) == list(Format)
    assert set(FIELD_LABELS) == set(Field)
    assert set(CLASH_LABELS) == set(Clash)
    assert {*COMPARED, "name", "detention_status", "known_as", "released_on", "died_on"} <= set(CHANGE_LABELS)


@pytest.mark.slow
@pytest.mark.skipif(not MAKER.exists(), reason="the maker of exports does not lie beside the project")
@pytest.mark.parametrize("shape", ["machine", "labels-en", "labels-ru", "json"])
def test_a_made_export_holds_its_truth_on_the_page(client: FlaskClient, tmp_path: Path, shape: str) -> None:
    out, truth_file = tmp_path / "export", tmp_path / "truth.json"
    options = {"rows": 400, "seed": 7, "shape": shape, "out": out, "truth": truth_file}
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    subprocess.run([sys.executable, str(MAKER), *flags], check=True, timeout=60)
    truth = json.loads(truth_file.read_text())

    path = uploaded(client, out.read_bytes())

    found = counts(soup(client.get(path)))
    assert {name: found[name] for name in ("new", "quarantined", "errors")} == {
        name: truth[name] for name in ("new", "quarantined", "errors")
    }
    assert [cells[0] for cells in listed(client, path, "errors")] == [f"Row {number}" for number in truth["error_rows"]]
    press(client, path, "apply")
    assert len(names()) == truth["new"]
    again = uploaded(client, out.read_bytes())
    assert counts(soup(client.get(again))) | {"quarantined": 0, "errors": 0} == dict.fromkeys(found, 0)


def test_the_record_of_an_import_is_kept_and_the_list_is_not(client: FlaskClient) -> None:
    press(client, uploaded(client, as_csv([row(1)])), "apply")

    record = fresh(session().scalars(select(ImportRecord)).one())

    assert (record.source, record.counts["new"], waiting()) == ("viasna", 1, 0)
    assert soup(client.get(PAGE)).select_one("section[aria-labelledby=applied] tbody th").get_text() == "viasna"
