"""Logging in and out, and confirming an address (A1, A2, A5, A6, A7, W1, W4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from app import clock
from app.database import session
from app.models import Account, AccountToken, LoginSession, StaffGrant, TokenPurpose
from app.queries.accounts import token_digest, viewer_of, viewer_of_session
from app.transaction import transaction
from app.vocabulary import StaffRole
from tests.factories import PASSWORD, fresh, make_account, make_coordinator, make_login, make_sponsor
from tests.web.browsing import code_now, give_code, log_in, soup, token_of


def mailed_token(account: Account, **changes: object) -> str:
    values = {
        "token_hash": token_digest("token-in-a-mail"),
        "account_id": account.id,
        "purpose": TokenPurpose.CONFIRM_ADDRESS,
        "email_index": account.email_index,
        "created_at": clock.now(),
        "expires_at": clock.now() + timedelta(hours=1),
    }
    with transaction():
        session().add(AccountToken(**(values | changes)))
    return "token-in-a-mail"


def test_a_sponsor_lands_at_home_and_a_coordinator_at_the_desk(app: Flask) -> None:
    sponsor, coordinator = make_sponsor(), make_coordinator()

    client = app.test_client()
    first = log_in(app.test_client(), sponsor.account.email.upper())
    second = log_in(client, coordinator.email)
    third = give_code(client, code_now())

    assert first.location == "/home"
    assert second.location == "/login"
    assert third.location == "/desk"


def test_a2_a_wrong_password_and_an_unknown_address_get_the_same_answer(app: Flask) -> None:
    account = make_account()

    wrong = log_in(app.test_client(), account.email, "some other password")
    unknown = log_in(app.test_client(), "nobody@example.org", "some other password")

    assert wrong.status_code == unknown.status_code == 422
    texts = [soup(answer).main.get_text(" ", strip=True) for answer in (wrong, unknown)]
    assert texts[0] == texts[1]


def test_a_disabled_account_does_not_get_in(app: Flask) -> None:
    account = make_account(disabled_at=clock.now())

    assert log_in(app.test_client(), account.email).status_code == 422


def test_a4_a_huge_password_is_refused_before_hashing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    account = make_account()
    monkeypatch.setattr("app.passwords._hasher", None)

    assert log_in(app.test_client(), account.email, "x" * 200_000).status_code == 422


def test_a5_the_cookie_from_before_the_login_opens_nothing(app: Flask) -> None:
    client, thief = app.test_client(), app.test_client()
    token_of(client, "/login")
    before = client.get_cookie("vestka").value

    log_in(client, make_sponsor().account.email)
    thief.set_cookie("vestka", before)

    assert client.get("/home").status_code == 200
    assert thief.get("/home").status_code == 302


def test_a6_logging_out_ends_the_session_for_a_copied_cookie_too(app: Flask) -> None:
    client, thief = app.test_client(), app.test_client()
    log_in(client, make_sponsor().account.email)
    thief.set_cookie("vestka", client.get_cookie("vestka").value)
    assert thief.get("/home").status_code == 200

    client.post("/logout", data={"csrf_token": token_of(client, "/home")})

    assert client.get("/home").status_code == 302
    assert thief.get("/home").status_code == 302


def test_a_session_ends_by_itself(app: Flask) -> None:
    client = app.test_client()
    log_in(client, make_coordinator().email)
    give_code(client, code_now())
    assert client.get("/desk").status_code == 200

    with clock.at(clock.now() + timedelta(hours=13)):
        assert client.get("/desk").location.startswith("/login")


SOMEBODY = {
    "sponsor": lambda: make_sponsor().account,
    "unconfirmed": lambda: make_account(email_confirmed_at=None),
    "coordinator": lambda: make_coordinator(regions=["FR", "DE", "*"], roles=list(StaffRole)),
    "coordinator of nothing": lambda: make_coordinator(regions=[]),
    "staff who is a sponsor too": lambda: make_sponsor(account=make_coordinator()).account,
}


@pytest.mark.parametrize("make", SOMEBODY.values(), ids=SOMEBODY)
def test_a_session_opens_what_its_account_may_see_and_nothing_more(app: Flask, make: Callable[[], Account]) -> None:
    account, _somebody_else = make(), make_sponsor(account=make_coordinator(regions=["LT"]))
    with transaction():
        token = make_login(account)

    assert viewer_of_session(token) == viewer_of(fresh(account))


def test_who_was_disabled_or_lost_a_role_notices_with_the_next_request(app: Flask) -> None:
    account = make_coordinator(regions=["DE"], roles=["coordinator", "programme"])
    with transaction():
        token = make_login(account)
    seen = [viewer_of_session(token)]
    with transaction():
        session().execute(delete(StaffGrant).where(StaffGrant.role == StaffRole.PROGRAMME))
    seen.append(viewer_of_session(token))
    with transaction():
        session().get_one(Account, account.id).disabled_at = clock.now()
    seen.append(viewer_of_session(token))

    assert [found and sorted(found.roles) for found in seen] == [["coordinator", "programme"], ["coordinator"], None]


@pytest.mark.parametrize("target", ["/desk", "/desk/proposals?tier=0&page=2"])
def test_w4_after_logging_in_one_goes_on_where_one_wanted(app: Flask, target: str) -> None:
    client = app.test_client()
    asked = client.get(target)
    assert asked.location.startswith("/login?next=")

    log_in(client, make_coordinator().email, next=target)
    answer = give_code(client, code_now(), next=target)

    assert answer.location == target


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example.org",
        "\\\\evil.example.org",
        "/\\evil.example.org",
        "https:evil.example.org",
        "https://evil.example.org",
        "https://localhost@evil.example.org",
        "/\r\nSet-Cookie: a=b",
        "\t//evil.example.org",
        "javascript:x",
    ],
)
def test_w4_a_path_that_is_not_ours_is_not_followed(app: Flask, target: str) -> None:
    first = log_in(app.test_client(), make_sponsor().account.email, next=target)
    client = app.test_client()
    second = log_in(client, make_coordinator().email, next=target)
    third = give_code(client, code_now(), next=target)

    assert [answer.location for answer in (first, second, third)] == ["/home", "/login", "/desk"]


@pytest.mark.parametrize("token", [None, "forged"])
@pytest.mark.parametrize("path", ["/login", "/logout", "/signup", "/unconfirmed", "/reset", "/confirm/token-in-a-mail"])
def test_w1_a_post_without_our_token_is_400_and_changes_nothing(app: Flask, path: str, token: str | None) -> None:
    account = make_account(email_confirmed_at=None)
    mailed_token(account)
    data = {"email": account.email, "password": PASSWORD} | ({"csrf_token": token} if token else {})

    answer = app.test_client().post(path, data=data)

    assert answer.status_code == 400
    assert fresh(account).email_confirmed_at is None


def test_a7_fetching_a_confirming_link_changes_nothing_and_pressing_its_button_confirms(app: Flask) -> None:
    account = make_account(email_confirmed_at=None)
    path = f"/confirm/{mailed_token(account)}"
    client = app.test_client()

    for _ in range(2):
        assert client.get(path).status_code == 200
    assert fresh(account).email_confirmed_at is None
    client.post(path, data={"csrf_token": token_of(client, path), "present": PASSWORD})

    assert fresh(account).email_confirmed_at is not None


def test_b4_a7_who_presses_a_confirming_link_without_the_password_confirms_nothing(app: Flask) -> None:
    """Somebody signs up with another's address, who gets the mail and presses in good faith."""
    account = make_account(email_confirmed_at=None)
    path, client = f"/confirm/{mailed_token(account)}", app.test_client()

    for typed in ("", "another password of mine"):
        answer = client.post(path, data={"csrf_token": token_of(client, path), "present": typed})
        assert answer.status_code == 422

    assert fresh(account).email_confirmed_at is None
    assert client.get(path).status_code == 200


def test_a2_nobody_logs_in_under_an_address_that_is_not_confirmed(app: Flask) -> None:
    """Whoever signed up with somebody's address learns nothing from trying: it may have had an account, or not."""
    unconfirmed, known = make_account(email_confirmed_at=None), make_account()
    answers = [
        log_in(app.test_client(), email, password)
        for email, password in ((unconfirmed.email, PASSWORD), (known.email, "another password of mine"))
    ]

    first, second = (soup(answer).select_one("main") for answer in answers)
    assert [answer.status_code for answer in answers] == [422, 422]
    assert first.get_text() == second.get_text()
    assert session().scalar(select(func.count()).select_from(LoginSession)) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"used_at": clock.now()},
        {"expires_at": clock.now() - timedelta(seconds=1)},
        {"email_index": "of another address"},
    ],
    ids=["used", "expired", "another address"],
)
def test_a7_a_token_that_may_not_act_is_not_there(app: Flask, changes: dict[str, object]) -> None:
    account = make_account(email_confirmed_at=None)
    path = f"/confirm/{mailed_token(account, **changes)}"
    client = app.test_client()

    shown = client.get(path)
    pressed = client.post(path, data={"csrf_token": token_of(client, "/login"), "present": PASSWORD})

    assert (shown.status_code, pressed.status_code) == (404, 404)
    assert fresh(account).email_confirmed_at is None


def test_a1_a_hash_made_with_older_settings_is_renewed_at_login(app: Flask) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    account = make_sponsor(account=make_account(password_hash=old)).account

    log_in(app.test_client(), account.email)

    assert fresh(account).password_hash != old
    assert fresh(account).password_hash.startswith("$argon2id$v=19$m=65536,t=3")
