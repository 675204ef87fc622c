"""What programs fetch at fixed addresses: security.txt (RFC 9116) and robots.txt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock, create_app
from config import MissingSetting, Settings

PATH = "/.well-known/security.txt"


def named(app: Flask, contact: str = "mailto:security@example.org") -> FlaskClient:
    return create_app(replace(app.config["VESTKA"], security_contact=contact)).test_client()


def test_whoever_finds_a_hole_is_told_whom_to_write_to(app: Flask) -> None:
    answer = named(app).get(PATH)

    lines = dict(line.split(": ", 1) for line in answer.get_data(as_text=True).splitlines())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert lines["Contact"] == "mailto:security@example.org"
    assert lines["Canonical"] == f"http://localhost{PATH}"
    assert set(lines) == {"Contact", "Expires", "Canonical", "Preferred-Languages"}


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_it_expires_within_a_year_and_says_the_same_all_day(app: Flask, hour: int) -> None:
    client, moment = named(app), datetime(2027, 2, 28, hour, 59, tzinfo=UTC)

    with clock.at(moment):
        text = client.get(PATH).get_data(as_text=True)

    assert "Expires: 2027-12-25T00:00:00Z" in text
    expires = datetime.fromisoformat(text.split("Expires: ")[1].split("\n")[0])
    assert timedelta(0) < expires - moment < timedelta(days=365)


def test_where_nobody_is_named_there_is_no_such_file(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("", None),
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
def test_the_contact_is_an_address_of_mail_or_of_a_page(said: str, kept: str | None) -> None:
    environment = {"VESTKA_DEMO": "1", "VESTKA_SECURITY_CONTACT": said, "VESTKA_SECRET_KEY": "abcdefghijklmnop" * 3}
    environment["VESTKA_SEAL_KEYS"] = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    assert Settings.from_environment(environment).security_contact == kept


@pytest.mark.parametrize(
    "said", ["nobody", "http://example.org", "a@b\nExpires: never", "javascript:alert(1)", "tel:1"]
)
def test_any_other_contact_stops_the_start(said: str) -> None:
    environment = {"VESTKA_DEMO": "1", "VESTKA_SECURITY_CONTACT": said, "VESTKA_SECRET_KEY": "abcdefghijklmnop" * 3}
    environment["VESTKA_SEAL_KEYS"] = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    with pytest.raises(MissingSetting, match="VESTKA_SECURITY_CONTACT"):
        Settings.from_environment(environment)


def test_search_engines_are_asked_to_take_the_front_page_alone(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.get_data(as_text=True).splitlines() == ["User-agent: *", "Allow: /$", "Disallow: /"]
