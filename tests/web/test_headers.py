"""Headers of every answer and what an error shows (W5, W6, W7, W8)."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from app import create_app
from tests.factories import make_sponsor
from tests.web.browsing import browser_of


def policy_of(header: str) -> dict[str, str]:
    return {part.split()[0]: part.partition(" ")[2] for part in header.split("; ")}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/no-such-page", 404), ("/home", 302), ("/static/theme.css", 200), ("/static/none.css", 404),
     ("/logout", 405), ("/robots.txt", 200), ("/.well-known/security.txt", 404), ("/photos/none/card", 404),
     ("/people?q=%00", 400)],
)  # fmt: skip
def test_w6_every_status_carries_a_strict_policy(client: FlaskClient, path: str, status: int) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    policy = policy_of(answer.headers["Content-Security-Policy"])
    assert (policy["default-src"], policy["object-src"], policy["base-uri"]) == ("'none'",) * 3
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_w6_what_somebody_sees_when_logged_in_is_not_stored(app: Flask) -> None:
    answer = browser_of(app, make_sponsor().account).get("/home")

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example.org", "localhost.evil.example.org", "localhost@evil.example.org"])
def test_w5_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    answer = client.get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("path", ["/", "/no-such-page"])
def test_w5_a_foreign_host_that_a_proxy_repeats_is_refused_and_our_own_is_not(client: FlaskClient, path: str) -> None:
    foreign = client.get(path, headers={"X-Forwarded-Host": "evil.example.org"})
    own = client.get(path, headers={"X-Forwarded-Host": "localhost"})

    assert foreign.status_code == 400
    assert b"evil" not in foreign.data
    assert "Content-Security-Policy" in foreign.headers
    assert own.status_code in (200, 404)


def test_w8_too_long_a_body_is_413(client: FlaskClient) -> None:
    answer = client.post("/login", data={"email": "a" * 3_000_000})

    assert answer.status_code == 413
    assert "Content-Security-Policy" in answer.headers


def test_w8_too_many_fields_are_refused(client: FlaskClient) -> None:
    answer = client.post("/login", data={f"field{number}": "x" for number in range(200_000)})

    assert answer.status_code in (400, 413)


def test_w8_a_forced_failure_shows_no_trace(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError("canary-in-the-trace")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("app.queries.people.some_public", fail)

    answer = client.get("/")

    assert answer.status_code == 500
    assert b"canary" not in answer.data
    assert b"Traceback" not in answer.data
    assert "Content-Security-Policy" in answer.headers


def test_w7_over_https_the_cookie_is_host_bound_secure_and_strict_transport_is_asked_for(app: Flask) -> None:
    settings = replace(app.config["VESTKA"], public_url="https://localhost")
    client = create_app(settings).test_client()

    answer = client.get("/login", base_url="https://localhost")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-vestka=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(("proxies", "secure"), [(0, False), (1, True)])
def test_only_a_trusted_proxy_says_that_a_request_came_over_tls(app: Flask, proxies: int, secure: bool) -> None:
    behind = create_app(replace(app.config["VESTKA"], trusted_proxies=proxies))
    seen: list[bool] = []
    behind.before_request(lambda: seen.append(request.is_secure))

    behind.test_client().get("/healthz", headers={"X-Forwarded-Proto": "https"})

    assert seen == [secure]


def test_o1_a_database_that_does_not_answer_is_a_plain_503_and_comes_back(app: Flask, client: FlaskClient) -> None:
    broken = create_app(replace(app.config["VESTKA"], database_url="postgresql://nobody@127.0.0.1:1/nothing"))

    answer = broken.test_client().get("/readyz")

    assert answer.status_code == 503
    assert b"Nothing was lost" in answer.data
    assert client.get("/readyz").status_code == 200


def test_readyz_says_so_when_the_embedded_queue_cannot_be_opened(app: Flask, tmp_path: Path) -> None:
    embedded = f"sqlite:///{tmp_path / 'other.db'}"
    broken = create_app(replace(app.config["VESTKA"], database_url=embedded, queue_file=tmp_path))

    assert broken.test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize("path", ["/", "/desk", "/no-such-page", "/readyz"])
def test_o1_somebody_logged_in_meets_a_plain_page_when_the_database_is_gone(app: Flask, path: str) -> None:
    settings = replace(app.config["VESTKA"], database_url="postgresql://nobody@127.0.0.1:1/nothing")
    client = create_app(settings).test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token from better days"

    answer = client.get(path)

    assert answer.status_code in (404, 503)
    assert "Content-Security-Policy" in answer.headers
    assert b"Traceback" not in answer.data


@pytest.mark.parametrize("path", ["/matches/%00", "/people?q=%00"])
def test_w8_a_nul_byte_is_refused_before_it_reaches_the_database(app: Flask, path: str) -> None:
    assert browser_of(app, make_sponsor().account).get(path).status_code == 400


def test_a_half_filled_form_is_not_kept_by_a_shared_computer(client: FlaskClient) -> None:
    assert client.get("/signup").headers["Cache-Control"] == "no-store"
    assert client.get("/static/theme.css").headers["Cache-Control"] != "no-store"
