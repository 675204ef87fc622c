"""F3, W8: a coordinator puts a photo in, says who may see it, and takes it out, through the browser."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app.database import session
from app.models import Photo, Prisoner
from app.pictures import MOST_BYTES, Refusal
from app.vocabulary import DetentionStatus, Publicity, PublicityBasis, Visibility
from app.web.coordinator.photo_forms import REFUSALS
from tests.factories import fresh, make_coordinator, make_photo, make_prisoner, make_sponsor, writing
from tests.unit.pictures.files import CANARY, claiming, jpeg, png, telling_exif
from tests.web.browsing import browser_of, soup, token_of
from tests.web.uploading import file_of, post

CONSENT = {
    "visibility": "public",
    "basis": PublicityBasis.FAMILY_CONSENTED.value,
    "allowed_on": "2026-01-02",
    "source": "told the coordinator",
}


@pytest.fixture
def prisoner(app: Flask) -> Prisoner:
    return make_prisoner(publicity=Publicity.PUBLIC)


@pytest.fixture
def client(app: Flask, prisoner: Prisoner) -> FlaskClient:
    return browser_of(app, make_coordinator(caseload=[prisoner]))


def page_of(prisoner: Prisoner) -> str:
    return f"/desk/prisoners/{prisoner.id}/photo"


def seen(client: FlaskClient, path: str) -> str:
    return str(soup(client.get(path)).select_one("input[name=seen]")["value"])


def upload(client: FlaskClient, path: str, file: FileStorage) -> TestResponse:
    return post(client, path, csrf_token=token_of(client, path), seen=seen(client, path), file=file)


def say(client: FlaskClient, path: str, **said: Any) -> TestResponse:
    fields = CONSENT | said | {"csrf_token": token_of(client, path), "seen": seen(client, path)}
    return client.post(f"{path}/show", data=fields)


def kept() -> list[Photo]:
    session().rollback()
    return list(session().scalars(select(Photo)))


def test_a_photo_is_put_in_shown_and_taken_out(client: FlaskClient, prisoner: Prisoner, app: Flask) -> None:
    path, record = page_of(prisoner), f"/desk/prisoners/{prisoner.id}"
    assert soup(client.get(record)).select_one(".record-photo a").get_text() == "Add a photo"

    assert upload(client, path, file_of(jpeg(exif=telling_exif()), "face.jpg")).location == path
    [photo] = kept()
    picture = f"/photos/{photo.id}/page"
    assert CANARY not in client.get(picture).data
    assert app.test_client().get(picture).status_code == 404

    assert say(client, path).location == path
    assert app.test_client().get(picture).status_code == 200
    checked = soup(client.get(path)).select_one("input[name=visibility][checked]")
    assert (checked["value"], soup(client.get(record)).select_one(".record-photo a").get_text()) == ("public", "Photo")

    gone = client.post(f"{path}/remove", data={"csrf_token": token_of(client, path), "seen": seen(client, path)})

    assert (gone.location, kept()) == (record, [])
    assert client.get(picture).status_code == 404


REFUSED = {
    "svg": b"<svg onload='alert(1)'>",
    "gif": b"GIF89a" + bytes(90),
    "page": b"<!doctype html>",
    "bomb": claiming(20_000, 20_000),
    "broken": jpeg()[:400],
    "nothing": b"",
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED.keys())
def test_f3_what_is_no_photo_is_refused_beside_the_field_and_not_kept(
    client: FlaskClient, prisoner: Prisoner, content: bytes
) -> None:
    answer = upload(client, page_of(prisoner), file_of(content, "photo.jpg"))

    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one("#file-error")
    assert page.select_one(".error-summary a")["href"] == "#file"
    assert "onload" not in answer.get_data(as_text=True)
    assert kept() == []


def test_f3_the_name_and_kind_that_a_sender_claims_do_not_count(client: FlaskClient, prisoner: Prisoner) -> None:
    file = FileStorage(file_of(png()).stream, filename="../../canary-name.svg", content_type="image/svg+xml")

    assert upload(client, page_of(prisoner), file).status_code == 302

    [photo] = kept()
    assert "canary-name" not in str(vars(photo))
    assert client.get(f"/photos/{photo.id}/card").headers["Content-Type"] == "image/jpeg"


def test_w8_a_photo_may_be_larger_than_a_form_and_not_endless(client: FlaskClient, prisoner: Prisoner) -> None:
    path = page_of(prisoner)

    assert upload(client, path, file_of(jpeg() + bytes(5_000_000))).status_code == 302
    assert upload(client, path, file_of(jpeg() + bytes(MOST_BYTES - 100))).status_code == 422
    assert upload(client, path, file_of(jpeg() + bytes(7_000_000))).status_code == 413
    assert client.post(f"{path}/show", data={"source": "x" * 500_000}).status_code == 413


def test_w8_whoever_keeps_no_photos_may_send_no_more_than_a_form(app: Flask, prisoner: Prisoner) -> None:
    for browser in (app.test_client(), browser_of(app, make_sponsor().account)):
        answer = post(browser, page_of(prisoner), file=file_of(jpeg() + bytes(3_000_000)))
        assert answer.status_code == 413


@pytest.mark.parametrize("lacking", ["basis", "allowed_on", "source"])
def test_f3_whoever_shows_it_says_what_allows_it(client: FlaskClient, prisoner: Prisoner, lacking: str) -> None:
    photo = make_photo(prisoner=prisoner)

    answer = say(client, page_of(prisoner), **{lacking: ""})

    assert answer.status_code == 422
    assert soup(answer).select_one(f"#{lacking}-error")
    assert fresh(photo).visibility is Visibility.COORDINATORS


def test_a_day_that_has_not_come_is_refused_with_a_sentence(client: FlaskClient, prisoner: Prisoner) -> None:
    make_photo(prisoner=prisoner)

    answer = say(client, page_of(prisoner), allowed_on="2999-01-01")

    assert (answer.status_code, "has not come yet" in answer.get_data(as_text=True)) == (422, True)


def test_f3_only_what_the_case_allows_can_be_chosen(app: Flask) -> None:
    prisoner = make_prisoner(publicity=Publicity.SPONSORS_ONLY)
    photo = make_photo(prisoner=prisoner)
    client, path = browser_of(app, make_coordinator(caseload=[prisoner])), page_of(prisoner)

    choices = [choice["value"] for choice in soup(client.get(path)).select("input[name=visibility]")]

    assert choices == ["coordinators", "sponsors"]
    assert say(client, path).status_code == 422
    assert fresh(photo).visibility is Visibility.COORDINATORS


def test_the_page_says_when_fewer_see_it_than_were_allowed_to(client: FlaskClient, prisoner: Prisoner) -> None:
    make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)
    path = page_of(prisoner)
    assert "Fewer people" not in client.get(path).get_data(as_text=True)

    with writing():
        prisoner.detention_status = DetentionStatus.RELEASED

    page = soup(client.get(path)).main.get_text(" ", strip=True)
    assert "Fewer people see it than were allowed to" in page
    assert "Seen at present by: Coordinators only." in page


def test_c4_a_photo_that_changed_meanwhile_is_not_overwritten(client: FlaskClient, prisoner: Prisoner) -> None:
    photo, path = make_photo(prisoner=prisoner), page_of(prisoner)
    stale = {"csrf_token": token_of(client, path), "seen": seen(client, path)}
    say(client, path)

    answers = [
        client.post(f"{path}/show", data=CONSENT | stale),
        client.post(f"{path}/remove", data=stale),
        post(client, path, **stale, file=file_of(png())),
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert fresh(photo).version == 2


def test_every_refusal_has_its_sentence() -> None:
    assert set(REFUSALS) == set(Refusal)
