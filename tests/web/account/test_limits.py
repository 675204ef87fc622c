"""Guessing and flooding are slowed, for everybody alike (A3, A4, B2, B3)."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from app import clock, create_app, passwords
from app.actions import limits
from app.attempts import Attempt
from app.database import session
from app.errors import Unavailable
from app.extensions import db
from app.jobs.tasks import purge
from app.models import Account, AttemptCount, OutgoingMail
from app.transaction import transaction
from config import Settings
from tests.conftest import Browser
from tests.factories import PASSWORD, make_account, make_sponsor
from tests.web.browsing import browser_of, log_in, soup, token_of
from tests.web.test_signup import ANSWERS, form_of, walk

WRONG = "a wrong but long one"


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes no time: what counts here is how often it is asked for."""
    monkeypatch.setattr("app.passwords.matches", lambda stored, typed: stored is not None and typed == PASSWORD)
    monkeypatch.setattr("app.passwords.outdated", lambda _stored: False)
    monkeypatch.setattr("app.passwords.make_hash", lambda typed: f"hash of {len(typed)}")


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The clock stands still, so that a waiting time is over when a test says so."""
    with clock.at(clock.now()):
        yield


def tries(client: FlaskClient, email: str, count: int, **where: object) -> list[int]:
    token = token_of(client, "/login")
    data = {"email": email, "password": WRONG, "csrf_token": token}
    return [client.post("/login", data=data, **where).status_code for _ in range(count)]  # type: ignore[arg-type]


pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("quick_passwords", "at_noon")]


def test_a3_an_account_is_slowed_after_five_tries_and_its_password_waits_too(app: Flask) -> None:
    account = make_sponsor().account
    client = app.test_client()

    statuses = tries(client, account.email, 7)
    late = log_in(client, account.email)

    assert statuses == [422] * 5 + [429] * 2
    assert (late.status_code, late.headers["Retry-After"]) == (429, "30")
    assert "Wait" in soup(late).select_one("#email-error").get_text()
    with clock.at(clock.now() + timedelta(seconds=31)):
        assert log_in(client, account.email).location == "/home"


def test_a3_the_waiting_time_grows_and_ends_at_a_quarter_of_an_hour(app: Flask) -> None:
    client, waits, moment = app.test_client(), [], clock.now()
    for _ in range(8):
        with clock.at(moment):
            tries(client, "anna@example.org", 5 if not waits else 1)
            late = log_in(client, "anna@example.org", WRONG)
            waits.append(int(late.headers["Retry-After"]))
        moment += timedelta(seconds=waits[-1] + 1)

    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a3_other_accounts_are_not_affected(app: Flask) -> None:
    victim, other = make_sponsor().account, make_sponsor().account
    client = app.test_client()
    tries(client, victim.email, 50)

    assert log_in(app.test_client(), other.email).location == "/home"


def test_a3_a2_unknown_addresses_are_slowed_alike(app: Flask) -> None:
    known, unknown = make_account().email, "nobody@example.org"

    assert tries(app.test_client(), known, 7) == tries(app.test_client(), unknown, 7)


def test_a3_spellings_of_one_address_are_one_account(app: Flask) -> None:
    make_account(email="anna@example.org")
    client = app.test_client()

    statuses = [
        tries(client, email, 1)[0] for email in ("anna@example.org", "ANNA@example.org", " anna@EXAMPLE.org ") * 2
    ]

    assert statuses == [422] * 5 + [429]


def test_a3_one_network_that_tries_many_accounts_is_slowed(app: Flask) -> None:
    client = app.test_client()

    statuses = [tries(client, f"n{number}@example.org", 1)[0] for number in range(32)]

    assert statuses == [422] * 30 + [429] * 2
    elsewhere = {"environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    assert tries(client, "n99@example.org", 1, **elsewhere) == [422]


def test_a3_a_forged_header_evades_nothing(app: Flask) -> None:
    client = app.test_client()
    for number in range(30):
        tries(client, f"n{number}@example.org", 1, headers={"X-Forwarded-For": f"203.0.113.{number}"})

    assert tries(client, "n99@example.org", 1, headers={"X-Forwarded-For": "203.0.113.99"}) == [429]


def test_a3_behind_a_trusted_proxy_its_word_counts_and_nothing_before_it(app: Flask) -> None:
    """`VESTKA_TRUSTED_PROXIES=1`: the last hop is the proxy's, whatever stands before it was sent along."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    plain, app.wsgi_app = app.wsgi_app, ProxyFix(app.wsgi_app, x_for=1)  # type: ignore[method-assign]
    try:
        client = app.test_client()
        for number in range(30):
            sent = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}
            tries(client, f"n{number}@example.org", 1, headers=sent)
        same = tries(client, "n99@example.org", 1, headers={"X-Forwarded-For": "198.51.100.99, 203.0.113.9"})
        other = tries(client, "n98@example.org", 1, headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.10"})
    finally:
        app.wsgi_app = plain  # type: ignore[method-assign]

    assert (same, other) == ([429], [422])


def test_a3_a_household_with_one_of_todays_long_addresses_is_one_network(app: Flask) -> None:
    client = app.test_client()
    for number in range(30):
        tries(client, f"n{number}@example.org", 1, environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"})

    same = tries(client, "n98@example.org", 1, environ_base={"REMOTE_ADDR": "2001:db8:1:2:ffff::1"})
    other = tries(client, "n99@example.org", 1, environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"})

    assert (same, other) == ([429], [422])


def test_a3_whoever_knows_the_password_burns_no_tries_of_their_network(app: Flask) -> None:
    account = make_sponsor().account

    statuses = [log_in(app.test_client(), account.email).status_code for _ in range(32)]

    assert statuses == [302] * 32


def test_a3_the_count_survives_a_restart_and_holds_for_every_process(app: Flask) -> None:
    account = make_sponsor().account
    tries(app.test_client(), account.email, 5)
    settings: Settings = app.config["VESTKA"]

    restarted = create_app(settings)
    restarted.test_client_class = Browser
    late = log_in(restarted.test_client(), account.email)
    with restarted.app_context():
        db.engine.dispose()

    assert late.status_code == 429


def test_a3_fifty_at_the_same_moment_are_fifty_tries(app: Flask) -> None:
    def attempt(_number: int) -> str:
        with app.app_context():
            try:
                with transaction():
                    limits.begin([(Attempt.LOG_IN_OF_ACCOUNT, "anna@example.org")])
            except Exception as failure:
                return type(failure).__name__
        return "tried"

    with ThreadPoolExecutor(8) as threads:
        came = list(threads.map(attempt, range(50)))

    assert (came.count("tried"), came.count("TooManyAttempts")) == (5, 45)


def test_a3_neither_addresses_nor_networks_are_stored_and_what_is_over_is_deleted(app: Flask) -> None:
    client = app.test_client()
    tries(client, "anna@example.org", 2)
    client.post("/reset", data={"email": "anna@example.org", "csrf_token": token_of(client, "/reset")})
    session().rollback()

    rows = session().execute(text("SELECT * FROM attempt_count")).all()
    assert len(rows) == 4
    assert not any(word in str(rows) for word in ("anna", "127.0.0.1", "example"))
    with clock.at(clock.now() + timedelta(hours=25)):
        purge(stopping=lambda: False)
    assert session().scalar(select(func.count()).select_from(AttemptCount)) == 0


def test_a3_the_present_password_on_ones_own_pages_is_not_guessed_either(app: Flask) -> None:
    client = browser_of(app, make_sponsor().account)
    token = token_of(client, "/account/password-again")
    data = {"present": WRONG, "csrf_token": token}

    said = [client.post("/account/password-again", data=data).get_data(as_text=True) for _ in range(6)]

    assert ["not your password" in page for page in said] == [True] * 5 + [False]
    assert "Too many attempts" in said[5]


def last_step(client: FlaskClient) -> dict[str, str]:
    """What the last post of signing up sends, with everything that was answered before."""
    return form_of(soup(walk(client, ANSWERS[:-1]))) | ANSWERS[-1]


def count_of(table: type) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_b2_signing_up_cannot_flood_a_mailbox_in_whatever_spelling(app: Flask) -> None:
    client = app.test_client()
    spellings = [
        "anna.b@example.org",
        "Anna.B@example.org",
        "annab@example.org",
        "an.nab@example.org",
        "annab+1@example.org",
        "a.n.n.a.b+two@example.org",
        "ANNAB+3@EXAMPLE.ORG",
        "annab+4@example.org",
    ]

    filled = last_step(client)
    statuses = [client.post("/signup", data=filled | {"email": email}).status_code for email in spellings]

    assert statuses == [302] * 6 + [429] * 2
    assert count_of(OutgoingMail) <= 6


def test_b3_whoever_fills_the_field_that_nobody_sees_signs_nobody_up_and_learns_nothing(app: Flask) -> None:
    client = app.test_client()

    filled = last_step(client)
    machine = client.post("/signup", data=filled | {"email": "machine@example.org", "website": "https://example.org"})
    person = client.post("/signup", data=filled | {"email": "person@example.org", "website": ""})

    assert (machine.status_code, machine.location) == (person.status_code, person.location)
    session().rollback()
    assert [one.email for one in session().scalars(select(Account))] == ["person@example.org"]


def test_b3_one_network_signs_up_so_many_and_no_more(app: Flask) -> None:
    client = app.test_client()

    filled = last_step(client) | {"website": "x"}
    statuses = [client.post("/signup", data=filled).status_code for _ in range(21)]

    assert statuses == [302] * 20 + [429]
    assert (
        client.post("/signup", data={"step": "country", "csrf_token": token_of(client, "/signup")}).status_code == 422
    )


def test_b2_asking_for_the_confirming_mail_again_counts_too(app: Flask) -> None:
    account = make_account(email_confirmed_at=None)
    make_sponsor(account=account, vetting_state="pending")
    client = app.test_client()
    token = token_of(client, "/unconfirmed")

    for number in range(9):
        with clock.at(clock.now() + timedelta(minutes=11 * number)):
            client.post("/unconfirmed", data={"csrf_token": token, "email": account.email})

    assert count_of(OutgoingMail) == 6


def test_a4_few_passwords_are_hashed_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    running, most, lock = 0, 0, threading.Lock()

    class Counting:
        def hash(self, _password: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            gate.wait(5)
            with lock:
                running -= 1
            return "hash"

    gate = threading.Event()
    monkeypatch.setattr("app.passwords._hasher", Counting())
    with ThreadPoolExecutor(12) as threads:
        waiting = [threads.submit(passwords.make_hash, "x") for _ in range(12)]
        until(lambda: running == 4)
        gate.set()
        assert [done.result() for done in waiting] == ["hash"] * 12

    assert most == 4


def test_a4_whoever_waits_too_long_for_a_turn_is_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("app.passwords.PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr("app.passwords._AT_ONCE", threading.BoundedSemaphore(1))

    with passwords._turn(), pytest.raises(Unavailable):
        passwords.make_hash("x")


def until(is_so: Callable[[], bool]) -> None:
    """Return when it is so; fail after five seconds."""
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)
