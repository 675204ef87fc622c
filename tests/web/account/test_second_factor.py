"""The second factor, from setting it up to losing it (A5, A8, A9)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app import clock
from app.database import session
from app.models import Account, AuditEvent, LoginSession, OutgoingMail, RecoveryCode, SecondFactor
from app.one_time_codes import code_at, step_at
from app.transaction import transaction
from tests.factories import (
    PASSWORD,
    SEED,
    fresh,
    make_account,
    make_administrator,
    make_coordinator,
    make_login,
    make_second_factor,
    make_sponsor,
)
from tests.web.browsing import browser_of, code_now, give_code, log_in, soup, token_of

pytestmark = pytest.mark.slow  # passwords are hashed

PAGE = "/account/second-factor"
CODES = f"{PAGE}/codes"
STAFF_PAGES = ("/desk", "/desk/sponsors", "/desk/prisoners", "/desk/proposals", "/desk/imports")


def stored(account: Account) -> SecondFactor | None:
    session().rollback()
    return session().get(SecondFactor, account.id, populate_existing=True)


def post(client: FlaskClient, path: str, page: str | None = None, **data: str) -> object:
    return client.post(path, data={"csrf_token": token_of(client, page or path), **data})


def set_up(client: FlaskClient, account: Account) -> list[str]:
    """Set an app up on the pages, and return the recovery codes that are shown."""
    post(client, PAGE)
    factor = stored(account)
    assert factor is not None
    assert factor.seed is not None
    answer = post(client, f"{PAGE}/app", code=code_at(factor.seed, step_at(clock.now())))
    return [code.get_text() for code in soup(answer).select(".recovery-codes code")]


def test_a8_staff_without_a_second_factor_reach_nothing_but_the_page_that_sets_it_up(app: Flask) -> None:
    staff = make_coordinator(second_factor=False, roles=["coordinator", "programme"])
    client = app.test_client()

    answer = log_in(client, staff.email, next="/desk")

    assert answer.location == PAGE
    for path in STAFF_PAGES:
        assert client.get(path).location == PAGE
    assert "before anything else" in client.get(PAGE).text
    assert client.post("/desk/runs", data={"csrf_token": token_of(client, PAGE)}).status_code != 200


def test_a8_an_administrator_without_one_reaches_nothing_either(app: Flask) -> None:
    client = app.test_client()
    log_in(client, make_administrator(second_factor=False).email)

    assert client.get("/admin").location == PAGE
    assert client.get("/admin/policy").location == PAGE


def test_a8_setting_it_up_opens_the_desk_and_shows_recovery_codes_once(app: Flask) -> None:
    staff = make_coordinator(second_factor=False)
    client = app.test_client()
    log_in(client, staff.email)

    codes = set_up(client, staff)

    assert len(set(codes)) == 10
    assert client.get("/desk").status_code == 200
    assert not any(code in client.get(PAGE).text for code in codes)
    assert client.get(f"{PAGE}/app").location == PAGE


def test_a5_the_session_changes_at_the_password_at_the_code_and_when_the_factor_is_set_up(app: Flask) -> None:
    staff = make_coordinator(second_factor=False)
    client = app.test_client()
    seen = []
    for step in (lambda: log_in(client, staff.email), lambda: set_up(client, staff)):
        step()
        seen.append(client.get_cookie("vestka").value)
    client.post("/logout", data={"csrf_token": token_of(client, "/desk")})
    with clock.at(clock.now() + timedelta(minutes=2)):
        log_in(client, staff.email)
        seen.append(client.get_cookie("vestka").value)
        factor = stored(staff)
        assert factor is not None
        give_code(client, code_at(str(factor.seed), step_at(clock.now())))
        seen.append(client.get_cookie("vestka").value)
        assert client.get("/desk").status_code == 200

        for old in seen[:-1]:
            thief = app.test_client()
            thief.set_cookie("vestka", old)
            assert thief.get("/desk").status_code == 302
            assert thief.get("/account").status_code == 302


def test_a8_the_password_alone_opens_the_page_for_the_code_and_nothing_else(app: Flask) -> None:
    staff = make_coordinator()
    client = app.test_client()

    log_in(client, staff.email)

    for path in ("/desk", "/account", PAGE, "/home", "/account/password"):
        assert client.get(path).location.startswith("/login")
    assert "six digits" in client.get("/login").text


def test_a8_a_code_works_once_also_within_its_thirty_seconds(app: Flask) -> None:
    staff = make_coordinator()
    first, second = app.test_client(), app.test_client()
    with clock.at(clock.now()):
        code = code_now()
        log_in(first, staff.email)
        log_in(second, staff.email)

        answers = [give_code(first, code), give_code(second, code)]
        third = give_code(second, code_now(steps_on=1))

    assert [answer.status_code for answer in answers] == [302, 422]
    assert "used already" in answers[1].get_data(as_text=True)
    assert third.location == "/desk"


def test_a8_a_code_that_is_older_than_the_last_one_used_no_longer_works(app: Flask) -> None:
    staff = make_coordinator()
    with clock.at(clock.now()):
        first, second = app.test_client(), app.test_client()
        log_in(first, staff.email)
        log_in(second, staff.email)
        give_code(first, code_now())

        assert give_code(second, code_now(steps_on=-1)).status_code == 422


@pytest.mark.parametrize("code", ["000000", "12345", "1234567", "ABCDEF", "٠١٢٣٤٥", "0" * 40])
def test_a8_a_wrong_code_opens_nothing(app: Flask, code: str) -> None:
    staff = make_coordinator()
    client = app.test_client()
    log_in(client, staff.email)

    assert give_code(client, code).status_code == 422
    assert client.get("/desk").location.startswith("/login")


def test_a3_guessing_codes_is_slowed(app: Flask) -> None:
    staff = make_coordinator()
    client = app.test_client()
    with clock.at(clock.now()):
        log_in(client, staff.email)
        wrong = "000000" if code_now() != "000000" else "000001"
        statuses = [give_code(client, wrong).status_code for _ in range(5)]
        late = give_code(client, code_now())

    assert statuses == [422] * 5
    assert (late.status_code, late.headers["Retry-After"]) == (429, "30")


def test_a8_a_recovery_code_lets_in_once_and_is_stored_as_a_digest(app: Flask) -> None:
    staff = make_coordinator(second_factor=False)
    client = app.test_client()
    log_in(client, staff.email)
    code = set_up(client, staff)[3]

    first, second = app.test_client(), app.test_client()
    for browser in (first, second):
        log_in(browser, staff.email)
    answers = [give_code(browser, code.upper().replace("-", " ")) for browser in (first, second)]

    assert [answer.status_code for answer in answers] == [302, 422]
    assert session().execute(text("SELECT count(*) FROM recovery_code WHERE code_hash = :c"), {"c": code}).scalar() == 0
    assert "9 recovery codes are left" in first.get(PAGE).text


def test_a8_new_recovery_codes_end_the_old_ones(app: Flask) -> None:
    staff = make_coordinator(second_factor=False)
    client = app.test_client()
    log_in(client, staff.email)
    old = set_up(client, staff)

    answer = post(client, CODES, page=PAGE)
    renewed = [code.get_text() for code in soup(answer).select(".recovery-codes code")]

    assert not set(old) & set(renewed)
    browser = app.test_client()
    log_in(browser, staff.email)
    assert give_code(browser, old[0]).status_code == 422
    assert give_code(browser, renewed[0]).status_code == 302


def test_a8_p1_the_seed_is_sealed_in_the_table(app: Flask) -> None:
    staff = make_coordinator()

    row = session().execute(text("SELECT seed_sealed FROM second_factor WHERE account_id = :id"), {"id": staff.id})

    sealed = row.scalar_one()
    assert SEED not in sealed
    assert sealed.startswith("s1.tests.")


def test_a8_a_sponsor_may_switch_it_on_and_off_and_is_told_by_mail(app: Flask) -> None:
    sponsor = make_sponsor()
    client, elsewhere = browser_of(app, sponsor.account), browser_of(app, sponsor.account)

    set_up(client, sponsor.account)
    assert elsewhere.get("/home").location.startswith("/login")
    assert client.get("/home").status_code == 200
    post(client, f"{PAGE}/off")

    assert stored(sponsor.account) is None
    assert session().scalars(select(RecoveryCode)).all() == []
    mails = session().scalars(select(OutgoingMail.message)).all()
    assert mails == ["second_factor_changed"] * 2


def test_a8_staff_cannot_switch_it_off(app: Flask) -> None:
    staff = make_coordinator()
    client = browser_of(app, staff)

    assert "Switch it off" not in client.get(PAGE).text
    assert client.post(f"{PAGE}/off", data={"csrf_token": token_of(client, PAGE)}).status_code == 403
    assert stored(staff) is not None


def test_the_picture_and_the_key_say_the_same_and_neither_names_anybody(app: Flask) -> None:
    sponsor = make_sponsor()
    client = browser_of(app, sponsor.account)
    post(client, PAGE)

    page = soup(client.get(f"{PAGE}/app"))

    factor = stored(sponsor.account)
    assert factor is not None
    assert page.select_one("code.seed").get_text().replace(" ", "") == factor.seed
    assert page.select_one("svg.qr path[stroke]") is not None
    assert not page.select("[style], style")
    assert sponsor.account.email not in page.get_text()


def test_opening_the_pages_begins_nothing(app: Flask) -> None:
    """W1."""
    account = make_sponsor().account
    client = browser_of(app, account)

    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}/app").location == PAGE
    assert stored(account) is None


def test_a9_the_password_is_asked_for_again_after_ten_minutes(app: Flask) -> None:
    account = make_sponsor().account
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = make_login(account, password_at=clock.now() - timedelta(minutes=11))
    again = "/account/password-again?next=" + PAGE

    asked = post(client, PAGE)
    assert asked.location == again
    assert stored(account) is None
    wrong = post(client, "/account/password-again", page=again, present="not this one", next=PAGE)
    right = post(client, "/account/password-again", page=again, present=PASSWORD, next=PAGE)

    assert (wrong.status_code, right.location) == (422, PAGE)
    post(client, PAGE)
    assert stored(account) is not None


@pytest.mark.parametrize("target", ["//evil.example.org", "https:evil", "/\\evil"])
def test_w4_the_password_page_leads_to_our_own_pages_only(app: Flask, target: str) -> None:
    client = browser_of(app, make_sponsor().account)

    answer = post(client, "/account/password-again", present=PASSWORD, next=target)

    assert answer.location == "/home"


RESET = "/admin/second-factors"


def test_a8_an_administrator_takes_a_lost_one_away_and_the_person_is_told_and_logged_out(app: Flask) -> None:
    staff, administrator, other = make_coordinator(), make_administrator(), make_administrator()
    theirs, admins = browser_of(app, staff), browser_of(app, administrator)

    answer = post(admins, RESET, email=staff.email.upper())

    assert answer.location == "/admin"
    assert stored(staff) is None
    assert theirs.get("/desk").location.startswith("/login")
    event = session().scalars(select(AuditEvent).where(AuditEvent.action == "reset_second_factor")).one()
    assert (event.by_account_id, event.entity_id) == (administrator.id, staff.id)
    mailed = {(mail.message, mail.account_id) for mail in session().scalars(select(OutgoingMail))}
    assert mailed == {("second_factor_changed", staff.id), ("alert", other.id)}


def test_a8_nobody_takes_away_their_own(app: Flask) -> None:
    administrator = make_administrator()
    client = browser_of(app, administrator)

    assert post(client, RESET, email=administrator.email).status_code == 403
    assert stored(administrator) is not None


def test_a9_taking_one_away_asks_for_the_password_again_and_does_nothing_before(app: Flask) -> None:
    staff, administrator = make_coordinator(), make_administrator()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = make_login(administrator, password_at=clock.now() - timedelta(minutes=11))

    data = {"email": staff.email, "csrf_token": token_of(client, "/admin")}
    assert client.get(RESET).location.startswith("/account/password-again")
    assert client.post(RESET, data=data).location == f"/account/password-again?next={RESET}"
    assert stored(staff) is not None


@pytest.mark.parametrize("email", ["nobody@example.org", "plain@example.org"])
def test_where_there_is_nothing_to_take_away_the_page_says_so(app: Flask, email: str) -> None:
    make_account(email="plain@example.org")

    answer = post(browser_of(app, make_administrator()), RESET, email=email)

    assert answer.status_code == 422
    assert "has a second factor" in soup(answer).select_one("#email-error").get_text()


def test_the_only_administrator_gets_back_in_by_the_command_line(app: Flask) -> None:
    administrator = make_administrator()
    client = browser_of(app, administrator)

    done = app.test_cli_runner().invoke(args=["users", "reset-second-factor", administrator.email])
    nobody = app.test_cli_runner().invoke(args=["users", "reset-second-factor", "nobody@example.org"])

    assert (done.exit_code, nobody.exit_code) == (0, 1)
    assert stored(administrator) is None
    assert client.get("/admin").location.startswith("/login")


def test_a6_a_code_session_is_over_after_ten_minutes(app: Flask) -> None:
    staff = make_coordinator()
    client = app.test_client()
    log_in(client, staff.email)
    token = token_of(client, "/login")

    with clock.at(clock.now() + timedelta(minutes=11)):
        answer = client.post("/login", data={"code": code_now(), "csrf_token": token})

    assert answer.location == "/login"
    session().rollback()
    assert session().scalars(select(LoginSession.second_factor_at)).all() == [None]


def test_a_begun_app_asks_nobody_for_a_code(app: Flask) -> None:
    account = make_sponsor().account
    make_second_factor(account, confirmed_at=None)

    assert log_in(app.test_client(), account.email).location == "/home"


def test_whoever_is_disabled_meanwhile_gets_no_further(app: Flask) -> None:
    staff = make_coordinator()
    client = app.test_client()
    log_in(client, staff.email)
    token = token_of(client, "/login")
    with transaction():
        session().get_one(Account, staff.id).disabled_at = clock.now()

    assert client.post("/login", data={"code": code_now(), "csrf_token": token}).location == "/login"
    assert fresh(staff).disabled_at is not None
