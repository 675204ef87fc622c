"""Pages about offices and official addresses: of sponsors, whom they invite, coordinators and who keeps the list."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import now
from app.database import session
from app.mail import tokens
from app.models import Account, LoginSession, Office, OfficialDomain, Sponsor, TokenPurpose
from app.transaction import transaction
from app.vocabulary import MatchState, SponsorRole, VettingState
from tests.factories import (
    PASSWORD,
    fresh,
    make_account,
    make_administrator,
    make_coordinator,
    make_letter,
    make_match,
    make_office_of,
    make_official_address,
    make_official_domain,
    make_prisoner,
    make_sponsor,
)
from tests.web.browsing import browser_of, log_in, soup, token_of

FRESH = "four quite unrelated words"
COLLEAGUE = "colleague@example.org"


def post(client: FlaskClient, path: str, page: str | None = None, **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, page or path), **data})


def invited(app: Flask) -> tuple[FlaskClient, Office, str]:
    """The browser of a sponsor who has invited a colleague, and where the link in the mail leads."""
    client = browser_of(app, make_sponsor(name="Canary Beispiel").account)
    assert post(client, "/home/office/invite", email=COLLEAGUE).location == "/home/office"
    session().rollback()
    office = session().scalars(select(Office)).one()
    with transaction():
        account = session().get_one(Account, office.account_id)
        token = tokens.issue(account, TokenPurpose.JOIN_OFFICE, moment=now(), address=account.email)
    return client, office, f"/office/{token}"


def test_a7_an_invitation_leads_to_a_log_in_of_ones_own_and_names_nobody_before(app: Flask) -> None:
    _client, office, path = invited(app)
    stranger = app.test_client()

    before = stranger.get(path).text
    assert fresh(office).joined_at is None
    weak = post(stranger, path, country="DE", password="password1234")
    joined = post(stranger, path, country="DE", password=FRESH)
    again = stranger.get(path)

    assert "Canary" not in before
    assert (weak.status_code, joined.location, again.status_code) == (422, "/login", 404)
    assert log_in(stranger, COLLEAGUE, FRESH).location == "/home"
    home = stranger.get("/home").text
    assert "You act for Canary Beispiel" in home
    assert "marked as done by their office" in home


def test_nobody_in_a_detaining_country_becomes_an_office(app: Flask) -> None:
    _client, office, path = invited(app)
    stranger = app.test_client()

    answer = post(stranger, path, country="BY", password=FRESH)

    assert "stored nothing" in answer.text
    assert fresh(office).joined_at is None


def test_a6_removing_ends_the_offices_session_with_its_next_request(app: Flask) -> None:
    sponsor = make_sponsor()
    office = make_office_of(sponsor)
    acting, client = browser_of(app, session().get_one(Account, office.account_id)), browser_of(app, sponsor.account)
    assert acting.get("/home").status_code == 200

    post(client, f"/home/office/{office.id}/remove")

    assert acting.get("/home").location.startswith("/login")


def test_z2_an_office_sees_its_own_sponsors_people_and_no_page_of_another(app: Flask) -> None:
    sponsor = make_sponsor()
    office = make_office_of(sponsor)
    own, foreign = make_match(sponsor=sponsor, state=MatchState.ACTIVE), make_match(state=MatchState.ACTIVE)
    letter = make_letter(match=foreign)
    acting = browser_of(app, session().get_one(Account, office.account_id))
    token = token_of(acting, "/home/settings")

    assert acting.get(f"/matches/{own.id}").status_code == 200
    assert acting.get(f"/matches/{foreign.id}").status_code == 404
    assert acting.get(f"/matches/{foreign.id}/letters").status_code == 404
    outcome = acting.post(f"/letters/{letter.id}/outcome", data={"csrf_token": token, "outcome": "returned"})
    assert outcome.status_code == 404


def test_z4_a_match_that_ended_is_gone_for_the_office_too(app: Flask) -> None:
    match = make_match(state=MatchState.ENDED, ended_at=now(), end_reason="coordinator")
    office = make_office_of(match.sponsor)

    assert browser_of(app, session().get_one(Account, office.account_id)).get(f"/matches/{match.id}").status_code == 404


def test_what_the_office_did_is_marked_for_the_sponsor_and_their_coordinator(app: Flask) -> None:
    held = make_prisoner()
    sponsor = make_sponsor(country="FR")
    office = make_office_of(sponsor)
    match = make_match(
        sponsor=sponsor, prisoner=held, state=MatchState.ACTIVE, answered_at=now(), answered_by=office.account_id
    )
    make_letter(match=match, recorded_by=office.account_id)
    client = browser_of(app, sponsor.account)
    coordinator = browser_of(app, make_coordinator(regions=["FR"], caseload=[held]))

    assert "Your office sent a letter" in client.get("/home").text
    assert "Your office accepted your first offer" in client.get("/home").text
    assert "Your office took up this offer" in client.get(f"/matches/{match.id}").text
    assert "noted by your office" in client.get(f"/matches/{match.id}/letters").text
    assert "by their office" in coordinator.get(f"/desk/proposals/{match.id}").text
    assert "An office since" in coordinator.get(f"/desk/sponsors/{sponsor.id}").text


def test_an_office_finds_no_way_to_leave_or_to_choose_who_acts(app: Flask) -> None:
    office = make_office_of(make_sponsor())
    acting = browser_of(app, session().get_one(Account, office.account_id))

    pages = acting.get("/home/settings").text + acting.get("/home/office").text

    assert all(path not in pages for path in ("/home/leave", "/home/office/invite", "/remove"))


def test_an_office_is_told_that_erasing_itself_leaves_the_sponsor_as_they_are(app: Flask) -> None:
    sponsor = make_sponsor()
    make_match(
        sponsor=sponsor, prisoner=make_prisoner(name="Zoja", name_latin="Zoja Papiarovaja"), state=MatchState.ACTIVE
    )
    office, own = browser_of(app, make_account_of_office(sponsor)), browser_of(app, sponsor.account)

    told, theirs = (soup(client.get("/account/erase")).select_one("main").get_text() for client in (office, own))

    assert ("They stay as they are" in told, "go back to the coordinators" in told) == (True, False)
    assert ("They stay as they are" in theirs, "Zoja Papiarovaja goes back to the coordinators" in theirs) == (
        False,
        True,
    )


def test_pages_about_a_log_in_tell_an_office_nothing_that_is_true_of_its_sponsor_alone(app: Flask) -> None:
    sponsor = make_sponsor()
    office, own = browser_of(app, make_account_of_office(sponsor)), browser_of(app, sponsor.account)
    staff = browser_of(app, make_coordinator())
    of_sponsors = ("the people you stand by", "when they vetted you", "What coordinators noted about you")

    told = {
        client: client.get("/account/data").text + client.get("/account/erase").text for client in (office, own, staff)
    }

    assert [words in told[own] for words in of_sponsors] == [True, True, True]
    assert [words in told[client] for client in (office, staff) for words in of_sponsors] == [False] * 6
    assert "Every mail that waits for you" in told[office]


def test_pages_about_its_own_log_in_do_not_speak_to_the_offices_sponsor(app: Flask) -> None:
    office = browser_of(app, make_account_of_office(make_sponsor()))
    paths = ["/home", "/account", "/account/data", "/account/erase", "/account/password"]

    says = ["These pages speak to them" in office.get(path).text for path in paths]

    assert says == [True, False, False, False, False]


def test_z4_an_office_is_offered_no_other_address_for_its_log_in(app: Flask) -> None:
    sponsor = make_sponsor()
    office, own = browser_of(app, make_account_of_office(sponsor)), browser_of(app, sponsor.account)

    links = [soup(client.get("/account")).select('a[href="/account/address"]') for client in (office, own)]

    assert [len(found) for found in links] == [0, 1]
    assert office.get("/account/address").status_code == 403


def make_account_of_office(sponsor: Sponsor) -> Account:
    """The log-in of an office that acts for the sponsor."""
    account = make_account()
    make_office_of(sponsor, account=account)
    return account


def test_a2_the_page_says_the_same_of_an_address_that_is_known_here(app: Flask) -> None:
    make_account(email="known@example.org")
    sponsor = make_sponsor()
    client = browser_of(app, sponsor.account)
    said = []
    for email in ("known@example.org", "fresh@example.org"):
        post(client, "/home/office/invite", email=email)
        page = soup(client.get("/home/office"))
        [row] = [row.get_text(" ", strip=True) for row in page.select("tbody tr") if email in row.get_text()]
        said.append((row.replace(email, ""), page.select_one("[role=status], .flash").get_text(strip=True)))

    assert said[0] == said[1]


def member(**changes: object) -> Account:
    values = {"role": SponsorRole.PARLIAMENTARIAN, "parliament": "P", "vetting_state": VettingState.PENDING}
    return make_sponsor(name="Zuzanna Beispiel", **values | changes).account


def test_m10_an_official_address_is_proven_by_the_button_behind_its_link_once(app: Flask) -> None:
    make_official_domain(parliament="P", members_only=True)
    account = member()
    client = browser_of(app, account)
    email = "zuzanna.beispiel@parliament.example"

    assert "official address" in client.get("/home").text
    unknown = post(client, "/home/official", email="name@elsewhere.example")
    named = post(client, "/home/official", email=email)
    with transaction():
        found = session().get_one(Account, account.id)
        token = tokens.issue(found, TokenPurpose.PROVE_OFFICIAL, moment=now(), address=email)
    stranger, path = app.test_client(), f"/official/{token}"
    assert stranger.get(path).status_code == 200
    assert "waits to be confirmed" in client.get("/home/official").text
    good_faith = post(stranger, path, present="another password of mine")
    pressed = post(stranger, path, present=PASSWORD)

    assert good_faith.status_code == 422
    assert (unknown.status_code, named.location, pressed.location) == (422, "/home/official", "/login")
    assert stranger.get(path).status_code == 404
    assert "Confirmed at parliament.example" in client.get("/home/official").text
    assert "Your official address showed who you are" in client.get("/home").text


def test_a_coordinator_sees_what_is_proven_and_vets_on_it_with_one_click(app: Flask) -> None:
    sponsor = make_sponsor(role=SponsorRole.PARLIAMENTARIAN, parliament="P", vetting_state=VettingState.PENDING)
    make_official_address(sponsor)
    client = browser_of(app, make_coordinator())
    page = client.get(f"/desk/sponsors/{sponsor.id}")
    version = soup(page).select_one("form[action$='/vet-official'] [name=version]")["value"]

    where = f"/desk/sponsors/{sponsor.id}"
    answer = post(client, f"{where}/vet-official", page=where, version=str(version))

    assert "Address confirmed at parliament.example" in page.text
    assert answer.location == where
    assert fresh(sponsor).vetting_state is VettingState.VETTED
    assert "An official address" in client.get(where).text


def test_the_list_grows_by_what_is_typed_and_says_what_is_wrong(app: Flask) -> None:
    client = browser_of(app, make_administrator())
    page = "/admin/parliaments"

    wrong = post(client, page, parliament="Parliament", country="DE", domain="example")
    added = post(client, page, parliament="Parliament", country="DE", domain="@Parliament.Example")
    session().rollback()
    row = session().scalars(select(OfficialDomain)).one()
    vouched = post(client, f"{page}/{row.id}/members")

    assert (wrong.status_code, added.location, vouched.location) == (422, page, page)
    assert "Members only: vets by itself" in client.get(page).text
    assert fresh(row).domain == "parliament.example"


def test_a9_vouching_asks_for_the_password_again(app: Flask) -> None:
    row = make_official_domain()
    client = browser_of(app, make_administrator())
    with transaction():
        session().scalars(select(LoginSession)).one().password_at = now().replace(year=2020)

    assert client.get(f"/admin/parliaments/{row.id}/members").location.startswith("/account/password-again")
