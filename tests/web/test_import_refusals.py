"""What imports in the browser refuse: broken files, other people's uploads, stale decisions, markup, too much."""

import csv
import io
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.database import session
from app.models import Account, ImportRecord, Prisoner
from tests.database.importing.lists import as_csv, row
from tests.factories import make_coordinator, make_prisoner, make_upload, writing
from tests.web.browsing import browser_of, soup, token_of
from tests.web.uploading import PAGE, carried, counts, file_of, names, post, press, send, uploaded, waiting


@pytest.fixture
def importer(app: Flask) -> Account:
    return make_coordinator(roles=["coordinator", "programme"])


@pytest.fixture
def client(app: Flask, importer: Account) -> FlaskClient:
    return browser_of(app, importer)


def as_sheet(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("cp1251")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (as_sheet([["id", "name"], ["1", "Выдумка"]]), "row 1, column 2: wrong encoding"),
        (b"PK\x03\x04" + b"\0" * 60, "a zip archive or a spreadsheet; only CSV and JSON"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "an Excel or Word document"),
        (b"id,name\n1,Vyd\x00umka\n", "row 1, column 2: a NUL byte"),
        (b"id,name,name\n1,2,3\n", "columns 2 and 3"),
        (b"", "the file is empty"),
        (b"[" * 100_000, "list.csv"),
    ],
    ids=["cp1251", "xlsx", "xls", "nul", "doubled headings", "empty", "nested bomb"],
)
def test_f2_a_file_that_cannot_be_read_is_refused_with_its_place_and_not_kept(
    client: FlaskClient, content: bytes, said: str
) -> None:
    answer = send(client, content)

    assert answer.status_code == 422
    assert said in soup(answer).select_one(".error-summary").get_text()
    assert waiting() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": " "}, "Say where the list comes from"),
        ({"source": "x" * 61}, "Field cannot be longer than 60 characters"),
        ({"as_of": "yesterday"}, "Not a valid date value"),
        ({"as_of": ""}, "Say which day"),
        ({"publicity": "public"}, "Say below what allows it"),
        ({"format": "xls"}, "Not a valid choice"),
        ({"country": "Belarus"}, "Not a valid choice"),
        ({"mapping": b"[]"}, "a mapping is a JSON object"),
        ({"mapping": b'{"Who": "nobody"}'}, "“nobody” is no field"),
    ],
)
def test_what_is_said_of_a_list_must_make_sense(client: FlaskClient, changes: dict[str, Any], said: str) -> None:
    answer = send(client, as_csv([row(1)]), **changes)

    assert answer.status_code == 422
    assert said in soup(answer).select_one(".error-summary").get_text()
    assert waiting() == 0


def test_z2_somebody_elses_upload_is_not_there(app: Flask, client: FlaskClient) -> None:
    path = uploaded(client, as_csv([row(1)]))
    digest = soup(client.get(path)).find("input", attrs={"name": "digest"})["value"]
    other = browser_of(app, make_coordinator(roles=["programme"]))
    token = token_of(other, PAGE)

    answers = [other.get(path), other.get(f"{path}/mapping")]
    for button in ("apply", "throw-away", "mapping"):
        answers.append(other.post(f"{path}/{button}", data={"csrf_token": token, "digest": digest}))

    assert [answer.status_code for answer in answers] == [404] * 5
    assert "list.csv" not in other.get(PAGE).text
    assert (waiting(), names()) == (1, [])


def test_an_upload_is_gone_after_an_hour_whoever_comes_by(app: Flask, client: FlaskClient, importer: Account) -> None:
    upload = make_upload(by=importer, content=as_csv([row(1)]))
    later = browser_of(app, make_coordinator(roles=["programme"]))

    with clock.at(upload.uploaded_at + timedelta(minutes=59)):
        assert client.get(f"{PAGE}/{upload.id}").status_code == 200
    with clock.at(upload.uploaded_at + timedelta(minutes=60)):
        assert client.get(f"{PAGE}/{upload.id}").status_code == 404
        assert waiting() == 0
        assert later.get(PAGE).status_code == 200


def test_c4_applying_twice_acts_once(client: FlaskClient) -> None:
    path = uploaded(client, as_csv([row(1)]))
    fields = carried(client, path)

    answers = [client.post(f"{path}/apply", data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 404]
    assert names() == ["Vydumka-1 Alena"]
    assert len(session().scalars(select(ImportRecord)).all()) == 1


def test_c4_what_is_no_longer_as_it_was_shown_is_shown_afresh_and_not_applied(client: FlaskClient) -> None:
    path = uploaded(client, as_csv([row(1)]))
    stale = {
        name: soup(client.get(path)).find("input", attrs={"name": name})["value"] for name in ("digest", "csrf_token")
    }
    with writing():
        make_prisoner(name="Vydumka-1 Alena", name_latin="Vydumka-1 Alena", name_cyrillic=None, sentence="2 years")

    answer = client.post(f"{path}/apply", data=stale)

    assert answer.status_code == 409
    page = soup(answer)
    assert "The records have changed" in page.select_one("[role=alert]").get_text()
    assert counts(page) == {"changed": 1, "new": 0, "quarantined": 0, "errors": 0, "warnings": 0}
    assert session().scalars(select(Prisoner.sentence)).all() == ["2 years"]
    assert (waiting(), press(client, path, "apply").status_code) == (1, 302)


def test_w1_nothing_is_kept_or_applied_without_the_forms_token(client: FlaskClient) -> None:
    path = uploaded(client, as_csv([row(1)]))

    sent = post(client, PAGE, file=file_of(as_csv([row(2)])), source="viasna", as_of="2026-11-01")
    applied = client.post(f"{path}/apply", data={"digest": "0" * 64})

    assert (sent.status_code, applied.status_code, waiting(), names()) == (400, 400, 1, [])


def test_w2_names_headings_and_file_names_stay_text(client: FlaskClient) -> None:
    markup = "<script>alert(1)</script>"
    people = uploaded(client, as_csv([row(1, name=f"{markup} {{{{7*7}}}}"), row(2, arrested="2021-02-30")]))
    unknown = uploaded(client, f"{markup},Born\nVydumka,1980\n", source=markup)

    shown = [client.get(people), client.get(f"{unknown}/mapping"), client.get(PAGE)]

    assert [markup in answer.text for answer in shown] == [False] * 3
    assert markup in soup(shown[0]).main.get_text()
    assert "{{7*7}}" in soup(shown[0]).main.get_text()
    assert markup in soup(shown[1]).main.get_text()


def test_w8_a_list_may_be_large_and_nothing_else(app: Flask, client: FlaskClient) -> None:
    three_megabytes = as_csv(row(number, description="x" * 3_000) for number in range(1, 1_001))
    token = token_of(client, PAGE)
    stranger = browser_of(app, make_coordinator())

    assert send(client, three_megabytes).status_code == 302
    refused = [
        post(client, PAGE, csrf_token=token, file=file_of(b"x" * 30_000_001)),
        post(client, "/desk/runs", csrf_token=token, file=file_of(three_megabytes)),
        post(stranger, PAGE, file=file_of(three_megabytes)),
    ]

    assert [answer.status_code for answer in refused] == [413] * 3
    assert "That was too large" in soup(refused[0]).get_text()
