"""F3, Z2: pictures of prisoners as they are sent, and on the pages of those who may see them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models import Prisoner
from app.vocabulary import DetentionStatus, MatchState, Publicity, Visibility
from tests.factories import (
    made_picture,
    make_administrator,
    make_coordinator,
    make_match,
    make_photo,
    make_prisoner,
    writing,
)
from tests.web.browsing import browser_of, soup


def address(photo_id: str, size: str = "card") -> str:
    return f"/photos/{photo_id}/{size}"


def pictures_on(client: FlaskClient, path: str) -> list[str]:
    return [image["src"] for image in soup(client.get(path)).select("main img")]


@pytest.fixture
def prisoner(app: Flask) -> Prisoner:
    return make_prisoner(publicity=Publicity.PUBLIC)


def test_f3_a_picture_is_sent_as_nothing_but_a_picture_and_kept_nowhere(
    client: FlaskClient, prisoner: Prisoner
) -> None:
    photo = make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)

    answer = client.get(address(photo.id, "page"))

    assert (answer.status_code, answer.data) == (200, made_picture().page)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "ETag" not in answer.headers
    assert "Last-Modified" not in answer.headers


def test_z2_a_foreign_photo_and_none_are_the_same_404(app: Flask, client: FlaskClient, prisoner: Prisoner) -> None:
    photo = make_photo(prisoner=prisoner)
    sponsor = browser_of(app, make_match(prisoner=prisoner, state=MatchState.ACTIVE).sponsor.account)
    other = browser_of(app, make_coordinator(caseload=[make_prisoner()]))
    administrator = browser_of(app, make_administrator())

    for browser in (client, sponsor, other, administrator):
        browser.get("/no-such-page")  # which brings the cookie of the form's token
        foreign, missing = browser.get(address(photo.id)), browser.get(address("a" * 16))
        size = browser.get(address(photo.id, "original"))
        assert (foreign.status_code, missing.status_code, size.status_code) == (404, 404, 404)
        assert soup(foreign).get_text() == soup(missing).get_text() == soup(size).get_text()
        assert {name for name, _value in foreign.headers} == {name for name, _value in missing.headers}


@pytest.mark.parametrize("prisoner_id", ["{id}", "{id}/card", "../{id}"])
def test_z2_a_prisoners_id_is_no_address_of_their_photo(
    client: FlaskClient, prisoner: Prisoner, prisoner_id: str
) -> None:
    make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)

    assert client.get(f"/photos/{prisoner_id.format(id=prisoner.id)}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/people"])
def test_f3_a_public_card_shows_the_photo_that_everybody_may_see(
    client: FlaskClient, prisoner: Prisoner, path: str
) -> None:
    assert pictures_on(client, path) == []
    photo = make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)

    assert pictures_on(client, path) == [address(photo.id)]
    assert client.get(address(photo.id)).status_code == 200

    with writing():
        prisoner.detention_status = DetentionStatus.RELEASED

    assert pictures_on(client, path) == []
    assert client.get(address(photo.id)).status_code == 404


@pytest.mark.parametrize("visibility", [Visibility.SPONSORS, Visibility.COORDINATORS])
def test_f3_a_public_card_shows_no_other_photo(client: FlaskClient, prisoner: Prisoner, visibility: Visibility) -> None:
    make_photo(prisoner=prisoner, visibility=visibility)

    assert pictures_on(client, "/people") == []


@pytest.mark.parametrize(
    ("visibility", "sees"), [(Visibility.PUBLIC, True), (Visibility.SPONSORS, True), (Visibility.COORDINATORS, False)]
)
def test_f3_a_sponsor_sees_the_photo_of_whom_they_stand_by_if_sponsors_may(
    app: Flask, visibility: Visibility, sees: bool
) -> None:
    prisoner = make_prisoner()
    match = make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    photo = make_photo(prisoner=prisoner, visibility=visibility)
    client = browser_of(app, match.sponsor.account)

    for path in ("/home", f"/matches/{match.id}"):
        assert pictures_on(client, path) == ([address(photo.id)] if sees else [])
    assert (client.get(address(photo.id)).status_code == 200) is sees


def test_no_picture_says_a_name_to_whoever_has_it_read_out(app: Flask, prisoner: Prisoner) -> None:
    photo = make_photo(prisoner=prisoner, visibility=Visibility.PUBLIC)
    keeper = browser_of(app, make_coordinator(caseload=[prisoner]))

    [card] = soup(app.test_client().get("/people")).select("main img")
    [large] = soup(keeper.get(f"/desk/prisoners/{prisoner.id}/photo")).select("main img")

    assert (card["alt"], large["alt"]) == ("", "The photo as it is kept")
    assert prisoner.id not in card["src"] + large["src"]
    assert large["src"] == address(photo.id, "page")
