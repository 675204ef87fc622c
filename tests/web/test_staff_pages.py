"""What administrators do about staff in the browser: with their password, without seeing whom staff look after (A9)."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.database import session
from app.mail.tokens import issue
from app.models import Account, OutgoingMail, Sponsor, TokenPurpose
from app.queries.accounts import by_email
from app.transaction import transaction
from app.vocabulary import MatchState, StaffRole
from tests.factories import (
    fresh,
    make_administrator,
    make_coordinator,
    make_match,
    make_office,
    make_prisoner,
    make_sponsor,
)
from tests.web.browsing import browser_of, log_in, soup, token_of


@pytest.fixture
def boss(app: Flask) -> Account:
    return make_administrator()


def posted(client: FlaskClient, path: str, *, page: str | None = None, **data: object) -> str:
    """The page that follows, as text."""
    answer = client.post(path, data={"csrf_token": token_of(client, page or path), **data}, follow_redirects=True)
    assert answer.status_code == 200, soup(answer).get_text(" ")
    return soup(answer).get_text(" ")


def test_a9_each_page_that_changes_staff_asks_for_the_password_first(app: Flask, boss: Account) -> None:
    client = browser_of(app, boss, password_at=now() - timedelta(minutes=11))
    member = make_coordinator()

    for path in (f"/admin/staff/{member.id}", f"/admin/staff/{member.id}/close", "/admin/staff/invite"):
        assert client.get(path).location.startswith("/account/password-again")
    refused = client.post(f"/admin/staff/{member.id}/roles", data={"csrf_token": token_of(client, "/account/password")})

    assert refused.location.startswith("/account/password-again")
    assert fresh(member).staff_roles == {StaffRole.COORDINATOR}


def test_the_list_says_who_works_here_and_shows_nobody_they_look_after(app: Flask, boss: Account) -> None:
    prisoner, sponsor = make_prisoner(name="Canary Prisoner"), make_sponsor(name="Canary Sponsor", country="DE")
    make_coordinator(email="works@example.org", regions=["DE", "FR"], caseload=[prisoner])

    page = browser_of(app, boss).get("/admin/staff")

    row = next(row for row in soup(page).select("tbody tr") if "works@example.org" in row.get_text())
    assert ["Germany, France" in row.get_text() or "France, Germany" in row.get_text(), "1" in row.get_text()] == [
        True,
        True,
    ]
    assert "never" in row.get_text()
    assert "Canary" not in page.text
    assert sponsor.account.email not in page.text


def test_a8_an_invited_colleague_comes_in_by_the_mailed_link_and_sets_up_a_second_factor_first(
    app: Flask, boss: Account
) -> None:
    posted(browser_of(app, boss), "/admin/staff/invite", email="new@example.org", roles=["coordinator"])
    with transaction():
        account = by_email("new@example.org")
        token = issue(account, TokenPurpose.INVITE, moment=now(), address=account.email)
    client, path = app.test_client(), f"/invitation/{token}"

    posted(client, path, password="five entirely unrelated words")
    again = client.get(path)
    log_in(client, "new@example.org", "five entirely unrelated words")

    assert again.status_code == 404
    assert client.get("/desk").location == "/account/second-factor"


def test_roles_are_changed_and_said_to_be_told(app: Flask, boss: Account) -> None:
    member = make_coordinator()
    page = f"/admin/staff/{member.id}"

    said = posted(
        browser_of(app, boss), f"{page}/roles", page=page, roles=["coordinator", "programme"], seen="coordinator"
    )

    assert "logged out everywhere" in said
    assert fresh(member).staff_roles == {StaffRole.COORDINATOR, StaffRole.PROGRAMME}


def test_an_administrators_own_page_offers_no_change(app: Flask, boss: Account) -> None:
    page = soup(browser_of(app, boss).get(f"/admin/staff/{boss.id}"))

    assert "Nobody changes what they are appointed to" in page.get_text()
    assert page.select("main form") == []


def test_closing_asks_who_takes_over_and_opening_again_shows_why_it_was_closed(app: Flask, boss: Account) -> None:
    member, colleague = make_coordinator(regions=["DE"]), make_coordinator(email="next@example.org", regions=[])
    client, path = browser_of(app, boss), f"/admin/staff/{member.id}/close"

    refused = client.post(
        path, data={"csrf_token": token_of(client, path), "reason": "lost their laptop", "colleague": ""}
    )
    said = posted(client, path, reason="lost their laptop", colleague=colleague.id)

    assert refused.status_code == 422
    assert "Say who takes these over" in soup(refused).get_text()
    assert "lost their laptop" in said
    assert fresh(member).disabled_at is not None
    posted(client, f"/admin/staff/{member.id}/open-again", page=f"/admin/staff/{member.id}")
    assert fresh(member).disabled_at is None


def test_taking_prisoners_back_shows_what_follows_first_and_names_nobody(app: Flask, boss: Account) -> None:
    held = [make_prisoner(name="Canary Prisoner", country="BY"), make_prisoner(country="RU")]
    member = make_coordinator(caseload=held)
    client, path = browser_of(app, boss), f"/admin/staff/{member.id}/take-back"

    effect = soup(client.get(f"{path}?country=BY&facility="))
    [form] = effect.select("main form[method=post]")
    said = posted(client, path, page=f"{path}?country=BY", country="BY", facility="")

    assert "1 prisoner leaves their caseload" in effect.get_text()
    assert "Nobody looks after 1 of them then" in effect.get_text()
    assert "Canary" not in effect.get_text() + said
    assert {field["name"]: field["value"] for field in form.select("input")}.items() >= {"country": "BY"}.items()
    assert "1 prisoner left their caseload." in said
    assert "Nobody of these is in their caseload." in soup(client.get(f"{path}?country=BY")).get_text()


def test_of_whoever_is_in_a_match_the_page_says_to_give_them_to_others_first(app: Flask, boss: Account) -> None:
    prisoner = make_prisoner(country="BY")
    make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    member = make_coordinator(caseload=[prisoner])
    client, path = browser_of(app, boss), f"/admin/staff/{member.id}/take-back"

    page = soup(client.get(f"{path}?country=BY"))
    refused = client.post(path, data={"csrf_token": token_of(client, "/account/password"), "country": "BY"})
    nobody = client.post(path, data={"csrf_token": token_of(client, "/account/password")})

    assert "1 of them is in a match and looked after by nobody else" in page.get_text()
    assert page.select("main form[method=post]") == []
    assert page.select_one("main .notice a")["href"] == "/admin/staff"
    assert (refused.status_code, nobody.status_code) == (422, 422)
    assert "Give them to others first" in soup(refused).get_text()
    assert "Say which prisoners" in soup(nobody).get_text()


def test_a9_nobody_is_shown_a_way_to_change_their_own_caseload(app: Flask) -> None:
    both = make_coordinator(roles=["administrator", "coordinator"], caseload=[make_prisoner(country="BY")])
    client, path = browser_of(app, both), f"/admin/staff/{both.id}/take-back"
    form = {"csrf_token": token_of(client, "/account/password"), "country": "BY"}

    answers = [client.get(path), client.get(f"{path}?country=BY"), client.post(path, data=form)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert all("Nobody changes their own caseload" in answer.text for answer in answers)


def test_a_caseload_page_offers_to_give_only_while_there_is_somebody_to_give_to(app: Flask) -> None:
    prisoner = make_prisoner()
    client, path = browser_of(app, make_office()), f"/desk/prisoners/{prisoner.id}/caseload"

    nobody = soup(client.get(path))
    make_coordinator()
    somebody = soup(client.get(path))

    assert [len(page.select(f'form[action="{path}"]')) for page in (nobody, somebody)] == [0, 1]
    assert "There is no other coordinator" in nobody.get_text()


def test_one_prisoner_is_taken_from_somebody_where_it_is_given(app: Flask) -> None:
    prisoner = make_prisoner()
    make_match(prisoner=prisoner, state=MatchState.ACTIVE)
    runs = make_coordinator(roles=["coordinator", "programme"])
    member = make_coordinator(email="works@example.org", caseload=[prisoner])
    client, path = browser_of(app, runs), f"/desk/prisoners/{prisoner.id}/caseload"
    form = {"csrf_token": token_of(client, path), "taken_from": member.id}

    refused = client.post(f"{path}/take-back", data=form)
    make_coordinator(caseload=[prisoner])
    said = posted(client, f"{path}/take-back", page=path, taken_from=member.id)

    assert refused.status_code == 422
    assert "Give them to others first" in soup(refused).get_text()
    assert "no longer look after" in said
    assert member.email not in [item.get_text() for item in soup(client.get(path)).select("main li")]


def test_handing_over_to_somebody_who_was_closed_meanwhile_says_so_and_changes_nothing(
    app: Flask, boss: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, gone = make_coordinator(regions=["DE"]), make_coordinator(regions=[], disabled_at=now())
    monkeypatch.setattr("app.queries.caseloads.coordinators", lambda: [gone])
    client, page = browser_of(app, boss), f"/admin/staff/{member.id}"

    answer = client.post(f"{page}/hand-over", data={"csrf_token": token_of(client, page), "colleague": gone.id})

    assert answer.status_code == 422
    assert "Whoever takes over has to be another coordinator." in soup(answer).get_text()
    assert (fresh(member).region_codes, fresh(gone).region_codes) == ({"DE"}, frozenset())


def test_regions_are_countries_by_name_those_they_have_first(app: Flask, boss: Account) -> None:
    member = make_coordinator(regions=["PL"])
    client, path = browser_of(app, boss), f"/admin/staff/{member.id}/regions"

    offered = soup(client.get(path)).select(".choices label")
    posted(client, path, regions=["DE", "PL"], seen="PL")

    assert [offered[0].get_text(), offered[1].get_text()] == ["Poland", "Afghanistan"]
    assert fresh(member).region_codes == {"DE", "PL"}


def test_a_coordinator_closes_a_sponsors_log_in_with_a_reason_and_opens_it_again(app: Flask) -> None:
    sponsor = make_sponsor(country="DE")
    client, path = browser_of(app, make_coordinator(regions=["DE"])), f"/desk/sponsors/{sponsor.id}/log-in"

    posted(client, path, reason="asked for names")
    closed = fresh(sponsor.account).disabled_at
    shown = soup(client.get(path)).get_text()
    posted(client, f"/desk/sponsors/{sponsor.id}/open-again", page=path)

    assert closed is not None
    assert "asked for names" in shown
    assert fresh(sponsor.account).disabled_at is None


def test_an_administrator_closes_a_sponsors_log_in_by_its_address_and_sees_nothing_of_them(
    app: Flask, boss: Account
) -> None:
    sponsor = make_sponsor(name="Canary Sponsor")
    email = sponsor.account.email
    client = browser_of(app, boss)

    said = posted(client, "/admin/sponsor-log-ins", email=email, what="close", reason="asked for names")

    assert "Canary" not in said
    assert fresh(sponsor.account).disabled_at is not None
    assert session().scalars(select(OutgoingMail.message)).all() == ["login_closed"]
    assert session().scalars(select(Sponsor.id)).all() == [sponsor.id]
