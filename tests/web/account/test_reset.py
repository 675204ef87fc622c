"""The way back for whoever forgot their password (A2, A6, A7)."""

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock, passwords
from app.database import session
from app.mail import tokens
from app.models import Account, AccountToken, OutgoingMail, TokenPurpose
from app.transaction import transaction
from tests.factories import PASSWORD, fresh, make_account, make_coordinator, make_sponsor
from tests.web.browsing import browser_of, code_now, give_code, log_in, soup, token_of

pytestmark = pytest.mark.slow  # passwords are hashed

FRESH = "four quite unrelated words"


def ask(client: FlaskClient, email: str) -> TestResponse:
    return client.post("/reset", data={"email": email, "csrf_token": token_of(client, "/reset")})


def mailed(account: Account, purpose: TokenPurpose = TokenPurpose.RESET) -> str:
    """A token as delivery makes it."""
    with transaction():
        return tokens.issue(session().get_one(Account, account.id), purpose, moment=clock.now(), address=account.email)


def set_password(client: FlaskClient, token: str, password: str = FRESH) -> TestResponse:
    path = f"/reset/{token}"
    data = {"password": password, "csrf_token": token_of(client, "/login")}
    return client.post(path, data=data)


def mails() -> list[OutgoingMail]:
    session().rollback()
    return list(session().scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)))


def test_a2_known_and_unknown_addresses_get_the_same_answer(app: Flask) -> None:
    account = make_account()
    answers = []
    for email in (account.email.upper(), "nobody@example.org"):
        client = app.test_client()
        answer = ask(client, email)
        page = client.get("/reset/sent")
        cookies = {name: bool(client.get_cookie(name)) for name in ("vestka",)}
        answers.append((answer.status_code, answer.location, answer.get_data(), page.get_data(), cookies))

    first, second = ([re.sub(rb'value="[^"]+"', b"", part) if isinstance(part, bytes) else part for part in answer]
                     for answer in answers)  # fmt: skip
    assert first == second
    assert [mail.account_id for mail in mails()] == [account.id]


@pytest.mark.slow
def test_a2_known_and_unknown_addresses_take_equally_long(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is the same but for one row; the bound is wide, since other programs run on this machine."""
    monkeypatch.setattr("app.actions.limits.MAILS_TO_MAILBOX", 1000)
    monkeypatch.setattr("app.extensions.limiter.enabled", False)
    accounts = [make_account() for _ in range(15)]
    client = app.test_client()
    token = token_of(client, "/reset")
    times: dict[bool, list[float]] = {True: [], False: []}

    for number, account in enumerate(accounts):
        for known, email in ((True, account.email), (False, f"nobody{number}@example.org")):
            began = time.perf_counter()
            client.post("/reset", data={"email": email, "csrf_token": token})
            times[known].append(time.perf_counter() - began)

    known, unknown = (statistics.median(times[which]) for which in (True, False))
    assert 0.7 < known / unknown < 1.4


def test_a7_the_link_sets_a_new_password_once_and_tells_the_owner(app: Flask) -> None:
    account = make_sponsor().account
    token = mailed(account)
    client = app.test_client()

    shown, answer, again = client.get(f"/reset/{token}"), set_password(client, token), set_password(client, token)

    assert (shown.status_code, answer.location, again.status_code) == (200, "/login", 404)
    assert passwords.matches(fresh(account).password_hash, FRESH)
    assert [mail.message for mail in mails()] == ["password_changed"]
    assert log_in(client, account.email, FRESH).location == "/home"


def test_whoever_resets_the_password_has_shown_that_the_mailbox_is_theirs(app: Flask) -> None:
    account = make_account(email_confirmed_at=None)
    make_sponsor(account=account, vetting_state="pending")
    token, client = mailed(account), app.test_client()

    set_password(client, token)

    assert fresh(account).email_confirmed_at is not None
    assert log_in(client, account.email, FRESH).location == "/home"


def test_a7_a_reset_makes_up_for_no_invitation_that_ran_out(app: Flask) -> None:
    invited = make_coordinator(email_confirmed_at=None)
    token, client = mailed(invited), app.test_client()

    set_password(client, token)

    assert fresh(invited).email_confirmed_at is None
    assert log_in(client, invited.email, FRESH).status_code == 422


def test_a7_fetching_the_link_changes_nothing(app: Flask) -> None:
    account = make_account()
    before = account.password_hash
    token = mailed(account)

    for _ in range(3):
        assert app.test_client().get(f"/reset/{token}").status_code == 200

    assert fresh(account).password_hash == before


def test_a7_two_at_the_same_moment_use_the_link_once(app: Flask) -> None:
    account = make_account()
    token = mailed(account)
    clients = [app.test_client() for _ in range(4)]
    for client in clients:
        token_of(client, "/login")

    with ThreadPoolExecutor(4) as threads:
        chosen = [f"{FRESH} {number}" for number in range(4)]
        statuses = list(threads.map(lambda pair: set_password(pair[0], token, pair[1]).status_code,
                                    zip(clients, chosen, strict=True)))  # fmt: skip

    assert sorted(statuses) == [302, 404, 404, 404]
    winner = chosen[statuses.index(302)]
    assert passwords.matches(fresh(account).password_hash, winner)


def test_a7_a_link_lasts_an_hour_and_a_newer_one_supersedes_it(app: Flask) -> None:
    account = make_account()
    first = mailed(account)
    second = mailed(account)
    client = app.test_client()

    assert client.get(f"/reset/{first}").status_code == 404
    assert client.get(f"/reset/{second}").status_code == 200
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert client.get(f"/reset/{second}").status_code == 404
        assert set_password(client, second).status_code == 404


def test_a7_a_link_is_bound_to_its_address_and_to_its_purpose(app: Flask) -> None:
    account, other = make_account(), make_account()
    moved = mailed(account)
    with transaction():
        session().get_one(Account, account.id).email = "moved@example.org"
    confirming = mailed(other, TokenPurpose.CONFIRM_ADDRESS)
    client = app.test_client()

    assert [set_password(client, token).status_code for token in (moved, confirming, "forged")] == [404] * 3


def test_a7_no_token_stands_in_a_table(app: Flask) -> None:
    token = mailed(make_account())

    stored = session().scalars(select(AccountToken)).one()

    assert token not in str(vars(stored))


def test_a7_the_page_behind_the_link_sends_no_referrer_elsewhere_and_is_not_kept(app: Flask) -> None:
    answer = app.test_client().get(f"/reset/{mailed(make_account())}")

    page = soup(answer)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    foreign = [link for link in page.select("a[href^=http]")]
    assert all("noreferrer" in link["rel"] for link in foreign)


def test_a7_a8_a_reset_does_not_skip_the_second_factor(app: Flask) -> None:
    staff = make_coordinator()
    client = app.test_client()

    set_password(client, mailed(staff))
    answer = log_in(client, staff.email, FRESH)

    assert answer.location == "/login"
    assert client.get("/desk").location.startswith("/login")
    assert give_code(client, code_now()).location == "/desk"


def test_a6_a_reset_ends_every_session(app: Flask) -> None:
    account = make_sponsor().account
    browsers = [browser_of(app, account) for _ in range(2)]

    set_password(app.test_client(), mailed(account))

    assert [browser.get("/home").status_code for browser in browsers] == [302, 302]


@pytest.mark.parametrize("password", ["short", "x" * 129, "password1234", "123456789012"])
def test_a10_a_password_that_cannot_be_taken_leaves_the_link_as_it_was(app: Flask, password: str) -> None:
    account = make_account()
    token = mailed(account)
    client = app.test_client()

    refused = set_password(client, token, password)

    assert refused.status_code == 422
    assert soup(refused).select_one("#password-error")
    assert set_password(client, token).status_code == 302


def test_b2_a_mailbox_gets_a_few_of_these_mails_a_day_and_the_answer_stays_the_same(app: Flask) -> None:
    account = make_account(email="anna@example.org")
    client = app.test_client()
    statuses = set()
    start = clock.now()

    for number in range(9):
        with clock.at(start + timedelta(minutes=11 * number)):
            statuses.add(ask(client, account.email).location)

    assert statuses == {"/reset/sent"}
    assert len(mails()) == 6


def test_a3_one_network_asks_for_so_many_and_no_more(app: Flask) -> None:
    client = app.test_client()
    token = token_of(client, "/reset")

    statuses = [
        client.post("/reset", data={"email": f"n{number}@example.org", "csrf_token": token}).status_code
        for number in range(22)
    ]

    assert statuses == [302] * 20 + [429] * 2
    forged = client.post("/reset", data={"email": "n@example.org", "csrf_token": token},
                         headers={"X-Forwarded-For": "203.0.113.9"})  # fmt: skip
    assert forged.status_code == 429
    elsewhere = client.post("/reset", data={"email": "n@example.org", "csrf_token": token},
                            environ_base={"REMOTE_ADDR": "203.0.113.9"})  # fmt: skip
    assert elsewhere.status_code == 302


def test_whoever_has_a_disabled_account_hears_nothing_and_sees_no_difference(app: Flask) -> None:
    account = make_account(disabled_at=clock.now())

    assert ask(app.test_client(), account.email).location == "/reset/sent"
    assert app.test_client().get(f"/reset/{mailed(account)}").status_code == 404


def test_the_old_password_no_longer_opens(app: Flask) -> None:
    account = make_sponsor().account
    set_password(app.test_client(), mailed(account))

    assert log_in(app.test_client(), account.email, PASSWORD).status_code == 422
