"""One's own account: password, address, and the browsers that are logged in (A2, A6, A7, B4)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock, passwords
from app.actions import credentials, own_data, sessions
from app.browsers import family
from app.database import session
from app.errors import Conflict
from app.mail import tokens
from app.models import Account, AddressChange, AuditEvent, LoginSession, OutgoingMail, TokenPurpose
from app.queries import mail_log
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import OutgoingState, SponsorRole, VettingState
from tests.factories import PASSWORD, fresh, make_account, make_coordinator, make_login, make_sponsor
from tests.web.browsing import browser_of, log_in, soup, token_of

pytestmark = pytest.mark.slow  # passwords are hashed

FRESH = "four quite unrelated words"
NEW = "new.mailbox@example.org"


def post(client: FlaskClient, path: str, page: str | None = None, **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, page or path), **data})


def messages() -> list[str]:
    session().rollback()
    return list(session().scalars(select(OutgoingMail.message).order_by(OutgoingMail.created_at, OutgoingMail.message)))


def asked(app: Flask, account: Account, email: str = NEW) -> FlaskClient:
    """A browser of the account, in which another address was asked for."""
    client = browser_of(app, account)
    answer = post(client, "/account/address", email=email, present=PASSWORD)
    assert answer.location == "/account"
    return client


def link_of(account: Account) -> str:
    """Where the link leads that delivery sends to the new address."""
    with transaction():
        change = session().scalars(select(AddressChange).order_by(AddressChange.asked_at.desc())).first()
        assert change is not None
        found = session().get_one(Account, account.id)
        return "/address/" + tokens.issue(
            found, TokenPurpose.CHANGE_ADDRESS, moment=clock.now(), address=change.new_email
        )


def test_a6_a_new_password_logs_every_other_browser_out_and_tells_the_owner(app: Flask) -> None:
    account = make_sponsor().account
    client, elsewhere = browser_of(app, account), browser_of(app, account)
    before = client.get_cookie("vestka").value

    answer = post(client, "/account/password", present=PASSWORD, password=FRESH)

    assert answer.location == "/account"
    assert client.get("/home").status_code == 200
    assert elsewhere.get("/home").location.startswith("/login")
    thief = app.test_client()
    thief.set_cookie("vestka", before)
    assert thief.get("/home").location.startswith("/login")
    assert passwords.matches(fresh(account).password_hash, FRESH)
    assert messages() == ["password_changed"]


def test_nobody_changes_the_password_without_the_present_one(app: Flask) -> None:
    account = make_sponsor().account
    before = account.password_hash

    answer = post(browser_of(app, account), "/account/password", present="not this one at all", password=FRESH)

    assert answer.status_code == 422
    assert "not your password" in soup(answer).select_one("#present-error").get_text()
    assert fresh(account).password_hash == before


@pytest.mark.parametrize("password", ["elevenchars", "x" * 129, "Password1234", "qwertyuiop12", "abcabcabcabc"])
def test_a10_a_password_that_is_guessed_first_is_refused_with_a_reason(app: Flask, password: str) -> None:
    account = make_sponsor().account

    answer = post(browser_of(app, account), "/account/password", present=PASSWORD, password=password)

    assert answer.status_code == 422
    assert soup(answer).select_one("#password-error").get_text(strip=True)


def test_another_address_is_taken_once_its_mailbox_has_confirmed_it(app: Flask) -> None:
    """A6: and every browser is logged out."""
    account = make_sponsor().account
    old = account.email
    client = asked(app, account)
    assert fresh(account).email == old
    assert NEW in client.get("/account").text
    path = link_of(account)

    stranger = app.test_client()
    assert stranger.get(path).status_code == 200
    assert stranger.post(path, data={"csrf_token": token_of(stranger, path), "present": FRESH}).status_code == 422
    assert fresh(account).email == old
    answer = stranger.post(path, data={"csrf_token": token_of(stranger, path), "present": PASSWORD})

    assert answer.location == "/login"
    assert (fresh(account).email, account.email_index) == (NEW, Account.email.digest(NEW))
    assert client.get("/home").location.startswith("/login")
    assert messages() == ["confirm_new_address", "address_changed"]
    assert stranger.post(path, data={"csrf_token": token_of(stranger, "/login")}).status_code == 404
    assert log_in(stranger, NEW).location == "/home"
    assert log_in(app.test_client(), old).status_code == 422


def test_nobody_changes_the_address_without_the_password(app: Flask) -> None:
    answer = post(browser_of(app, make_sponsor().account), "/account/address", email=NEW, present="a guess of mine")

    assert answer.status_code == 422
    assert messages() == []


def test_a2_an_address_that_has_an_account_gets_the_same_answer_and_its_owner_a_mail(app: Flask) -> None:
    account, owner = make_sponsor().account, make_account()
    pages = []
    for email in (owner.email, NEW):
        client = browser_of(app, account)
        answer = post(client, "/account/address", email=email, present=PASSWORD)
        page = soup(client.get("/account"))
        told = (page.select_one(".flash").get_text(), page.select_one(".notice").get_text().replace(email, "…"))
        pages.append((answer.status_code, answer.location, told))

    assert pages[0] == pages[1]
    with transaction():
        copy = own_data.own_copy(account.id)
    assert [change["new_email"] for change in copy["address_changes"]].count(owner.email) == 1
    assert [one["action"] for one in copy["done"]].count("ask_new_address") == 2
    session().rollback()
    mails = session().execute(select(OutgoingMail.message, OutgoingMail.account_id).order_by(OutgoingMail.message))
    assert [tuple(mail) for mail in mails] == [("already_registered", owner.id), ("confirm_new_address", account.id)]


def test_a2_neither_copy_nor_settings_tell_that_a_mail_went_to_the_new_address(app: Flask) -> None:
    """It goes only where nobody has an account: whoever saw it go would know."""
    account = make_sponsor().account
    asked(app, account)
    link_of(account)
    with transaction():
        mail = session().scalars(select(OutgoingMail)).one()
        mail.state, mail.sent_at = OutgoingState.SENT, clock.now()

    with transaction():
        copy = own_data.own_copy(account.id)

    assert (copy["mails"], copy["mailed_links"]) == ([], [])
    assert mail_log.gone_lately(account.id, "UTC") == []


def test_a2_another_address_is_asked_for_so_often_and_no_more(app: Flask) -> None:
    client = browser_of(app, make_sponsor().account)
    token = token_of(client, "/account/address")

    data = {"csrf_token": token, "email": NEW, "present": PASSWORD}
    statuses = [client.post("/account/address", data=data).status_code for _ in range(11)]

    assert statuses == [302] * 10 + [429]


def test_a6_a_log_in_that_was_under_way_does_not_outlive_the_password(app: Flask) -> None:
    """The password is checked before it is the log-in's turn to be written; the owner's change comes in between."""
    account = make_sponsor().account
    checked = sessions.verified_account(email=account.email, password=PASSWORD)
    assert checked is not None
    before = checked.password_hash
    owner = make_login(account)
    with transaction():
        new_hash = passwords.make_hash(FRESH)
        credentials.change_password(by=viewer_of(fresh(account)), password_hash=new_hash, token=owner)

    with pytest.raises(Conflict), transaction():
        sessions.open_session(account.id, password=PASSWORD, checked_hash=before)

    session().rollback()
    going_on = select(LoginSession).where(LoginSession.ended_at.is_(None))
    assert len(session().scalars(going_on).all()) == 1


def test_an_address_that_somebody_else_took_meanwhile_is_not_taken_again(app: Flask) -> None:
    account = make_sponsor().account
    asked(app, account)
    path = link_of(account)
    make_account(email=NEW)
    client = app.test_client()

    answer = client.post(path, data={"csrf_token": token_of(client, "/login"), "present": PASSWORD})

    assert answer.status_code == 404
    assert fresh(account).email != NEW


def test_a7_only_the_newest_wish_counts(app: Flask) -> None:
    account = make_sponsor().account
    asked(app, account)
    first = link_of(account)
    with clock.at(clock.now() + timedelta(minutes=1)):
        asked(app, account, "newer@example.org")

        assert app.test_client().get(first).status_code == 404


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        (SponsorRole.PARLIAMENTARIAN, VettingState.VETTED, VettingState.PENDING),
        (SponsorRole.PARLIAMENTARIAN, VettingState.REJECTED, VettingState.REJECTED),
        (SponsorRole.VOLUNTEER, VettingState.VETTED, VettingState.VETTED),
    ],
)
def test_b4_a_parliamentarian_with_another_address_waits_to_be_vetted_again(
    app: Flask, role: SponsorRole, before: VettingState, after: VettingState
) -> None:
    sponsor = make_sponsor(role=role, vetting_state=before)
    asked(app, sponsor.account)
    path, client = link_of(sponsor.account), app.test_client()

    client.post(path, data={"csrf_token": token_of(client, path), "present": PASSWORD})

    assert fresh(sponsor).vetting_state is after
    desk = soup(browser_of(app, make_coordinator()).get("/desk/sponsors")).get_text()
    assert (sponsor.name in desk) == (after is VettingState.PENDING) or after is not VettingState.PENDING
    actions = session().scalars(select(AuditEvent.action).where(AuditEvent.entity_id == sponsor.id)).all()
    assert ("reopen" in actions) == (before is not after)


def test_the_browsers_that_are_logged_in_are_listed_and_logged_out_one_by_one(app: Flask) -> None:
    account = make_sponsor().account
    client, elsewhere = browser_of(app, account), browser_of(app, account)

    page = soup(client.get("/account"))
    [button] = page.select("form[action$='/end'][action*='/sessions/']:not([action='/account/sessions/end'])")
    assert "this browser" in page.get_text()
    post(client, button["action"], page="/account")

    assert client.get("/home").status_code == 200
    assert elsewhere.get("/home").location.startswith("/login")
    assert len(soup(client.get("/account")).select("tbody tr")) == 1


def test_a6_everywhere_else_and_everywhere(app: Flask) -> None:
    account, stranger = make_sponsor().account, make_sponsor().account
    browsers = [browser_of(app, account) for _ in range(3)]
    other = browser_of(app, stranger)

    post(browsers[0], "/account/sessions/end", page="/account")
    assert [browser.get("/home").status_code for browser in browsers] == [200, 302, 302]
    answer = post(browsers[0], "/account/sessions/end", page="/account", here="yes")

    assert answer.location == "/login"
    assert browsers[0].get("/home").status_code == 302
    assert other.get("/home").status_code == 200


def test_z2_somebody_elses_session_is_not_there(app: Flask) -> None:
    account, stranger = make_sponsor().account, make_sponsor().account
    client, other = browser_of(app, account), browser_of(app, stranger)
    theirs = session().scalars(select(LoginSession.id).where(LoginSession.account_id == stranger.id)).one()

    answer = post(client, f"/account/sessions/{theirs}/end", page="/account")

    assert answer.status_code == 404
    assert other.get("/home").status_code == 200


CHANGING = (
    "/account/password", "/account/address", "/account/sessions/end", "/account/second-factor",
    "/account/second-factor/app", "/account/second-factor/codes", "/account/second-factor/off",
    "/account/password-again",
)  # fmt: skip


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize("token", [None, "forged"])
def test_w1_without_our_token_nothing_changes(app: Flask, path: str, token: str | None) -> None:
    account = make_sponsor().account
    client, elsewhere = browser_of(app, account), browser_of(app, account)
    data = {"present": PASSWORD, "password": FRESH, "email": NEW} | ({"csrf_token": token} if token else {})

    assert client.post(path, data=data).status_code == 400

    assert passwords.matches(fresh(account).password_hash, PASSWORD)
    assert (messages(), elsewhere.get("/home").status_code) == ([], 200)


def test_w7_the_cookie_holds_no_address_and_no_name(app: Flask) -> None:
    sponsor = make_sponsor()
    client = app.test_client()
    log_in(client, sponsor.account.email)

    with client.session_transaction() as cookie:
        held = dict(cookie)

    assert set(held) <= {"_user_id", "_fresh", "csrf_token"}
    assert sponsor.account_id not in str(held)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("something made up by anna@example.org", ""),
        ("", ""),
    ],
)
def test_of_a_browser_its_family_is_kept_and_nothing_else(said: str, kept: str) -> None:
    assert family(said) == kept
