"""One's own data in the browser: a copy of it, and erasing oneself (P5); what is kept, in public."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.attempts import COPIES_OF_DATA
from app.clock import now
from app.database import session
from app.models import Account, AuditEvent, LoginSession, Match, OutgoingMail, Sponsor
from app.queries import mailed_links
from app.queries.suppressions import reason_for
from app.reminder_words import ReminderKind
from app.retention import LINES
from app.vocabulary import EndReason, MatchState, SuppressionReason, VettingState
from app.web.access import PASSWORD_LASTS
from app.web.privacy_words import sections, spelt
from tests.factories import (
    PASSWORD,
    make_administrator,
    make_coordinator,
    make_mail,
    make_match,
    make_prisoner,
    make_sponsor,
    writing,
)
from tests.stored import everything_stored
from tests.web.browsing import browser_of, soup, token_of

CANARY = "kanarek-browser"
EMAIL = f"{CANARY}@example.org"


@pytest.fixture
def sponsor(app: Flask) -> Sponsor:
    """A sponsor who stands by somebody."""
    found = make_sponsor(email=EMAIL, name=CANARY, search_key=CANARY, conflict_notes=CANARY)
    make_match(sponsor=found, prisoner=make_prisoner(name_latin="Vydumka Alena"), state=MatchState.ACTIVE)
    return found


@pytest.fixture
def browser(app: Flask, sponsor: Sponsor) -> FlaskClient:
    return browser_of(app, sponsor.account)


def erase(browser: FlaskClient, password: str = PASSWORD) -> object:
    data = {"present": password, "csrf_token": token_of(browser, "/account/erase")}
    return browser.post("/account/erase", data=data)


def test_p5_one_takes_a_copy_that_nobody_keeps(browser: FlaskClient) -> None:
    token = token_of(browser, "/account/data")

    answer = browser.post("/account/data", data={"csrf_token": token})

    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert json.loads(answer.text)["sponsor"][0]["name"] == CANARY
    assert "Vydumka Alena" in answer.text


def test_a9_the_copy_asks_for_the_password_again(browser: FlaskClient, sponsor: Sponsor) -> None:
    token = token_of(browser, "/account/data")
    with writing():
        for login in session().scalars(select(LoginSession).where(LoginSession.account_id == sponsor.account_id)):
            login.password_at = now() - PASSWORD_LASTS

    for answer in (browser.get("/account/data"), browser.post("/account/data", data={"csrf_token": token})):
        assert (answer.status_code, answer.location) == (302, "/account/password-again?next=/account/data")


def test_p5_so_many_copies_a_day(browser: FlaskClient) -> None:
    token = token_of(browser, "/account/data")

    answers = [browser.post("/account/data", data={"csrf_token": token}) for _ in range(COPIES_OF_DATA + 1)]

    assert [one.status_code for one in answers] == [200] * COPIES_OF_DATA + [302]
    assert "come back tomorrow" in browser.get("/account").text


def test_p5_the_page_says_what_goes_and_what_stays_before_it_asks_for_the_password(browser: FlaskClient) -> None:
    page = soup(browser.get("/account/erase"))

    headings = [heading.text for heading in page.select("main h2")]
    assert headings == ["What goes", "What stays, and why"]
    assert "Vydumka Alena" in page.main.text
    assert page.select_one("main input[type=password]")["name"] == "present"


def test_p5_who_erases_themselves_is_gone_logged_out_and_mailed_no_more(
    app: Flask, browser: FlaskClient, sponsor: Sponsor
) -> None:
    account_id, other = sponsor.account_id, browser_of(app, sponsor.account)
    ending = f"/unsubscribe/{mailed_links.unsubscribe_token(account_id, ReminderKind.LETTER_DUE)}"
    make_mail(account=sponsor.account)

    answer = erase(browser)

    assert (answer.status_code, answer.location) == (302, "/erased")
    assert "You are erased" in browser.get("/erased").text
    assert all(one.get("/account").location.startswith("/login") for one in (browser, other))
    assert CANARY not in everything_stored()
    assert reason_for(EMAIL) is SuppressionReason.ERASED
    assert session().scalars(select(OutgoingMail)).all() == []
    match = session().scalars(select(Match)).one()
    assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.ERASED)
    by = set(session().scalars(select(AuditEvent.by_account_id).where(AuditEvent.action == "erase")))
    assert by == {account_id}
    for method in ("GET", "POST"):  # M6
        assert browser.open(ending, method=method, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_p5_a_wrong_password_erases_nobody(browser: FlaskClient) -> None:
    answer = erase(browser, "somebody else's password")

    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert reason_for(EMAIL) is None


@pytest.mark.parametrize("state", [VettingState.PENDING, VettingState.REJECTED])
def test_p5_who_waits_or_was_turned_away_may_erase_themselves_too(app: Flask, state: VettingState) -> None:
    sponsor = make_sponsor(email=EMAIL, vetting_state=state)
    account_id = sponsor.account_id

    assert erase(browser_of(app, sponsor.account)).location == "/erased"

    assert session().get(Account, account_id) is None


@pytest.mark.parametrize("duty", ["regions", "last_administrator"])
def test_staff_hand_their_work_over_first(app: Flask, duty: str) -> None:
    account = make_coordinator(email=EMAIL) if duty == "regions" else make_administrator(email=EMAIL)
    browser = browser_of(app, account)
    page = browser.get("/account/erase")
    assert "Somebody has to take over your work first" in page.text
    assert "present" not in page.text

    data = {"present": PASSWORD, "csrf_token": token_of(browser, "/account/data")}
    answer = browser.post("/account/erase", data=data)

    assert answer.status_code == 409
    assert reason_for(EMAIL) is None


def test_staff_without_duties_erase_themselves(app: Flask) -> None:
    make_administrator()
    account = make_administrator(email=EMAIL)

    assert erase(browser_of(app, account)).location == "/erased"
    assert reason_for(EMAIL) is SuppressionReason.ERASED


def test_p6_the_page_says_of_every_category_how_long(client: FlaskClient) -> None:
    page = soup(client.get("/privacy"))

    with client.application.test_request_context():
        rows = [row for _heading, rows in sections() for row in rows]
        periods = [spelt(line.lasts) for line in LINES if line.lasts]
    assert len(rows) == len(LINES)
    assert all(row.what in page.text and row.until in page.text for row in rows)
    assert all(period in page.text for period in periods)
    assert "%(" not in page.text


@pytest.mark.parametrize("path", ["/", "/signup", "/safety", "/people"])
def test_the_page_is_linked_where_people_decide(client: FlaskClient, path: str) -> None:
    assert soup(client.get(path)).select_one('a[href="/privacy"]')
