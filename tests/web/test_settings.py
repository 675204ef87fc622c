"""A sponsor's own pages: settings, a pause, leaving; and what a coordinator does on theirs."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import now, today
from app.database import session
from app.models import OutgoingMail, Sponsor
from app.reminder_words import ReminderKind
from app.vocabulary import EndReason, MatchState, VettingState
from tests.factories import fresh, make_coordinator, make_match, make_office, make_sponsor, writing
from tests.web.browsing import browser_of, soup, token_of

SETTINGS = "/home/settings"
BOTH = ("coordinator", "programme")
DAY = timedelta(days=1)


def words(answer: TestResponse) -> str:
    return str(soup(answer).main.get_text(" ", strip=True))


def post(client: FlaskClient, path: str, page: str | None = None, **data: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, page or path), **data})


def filled(sponsor: Sponsor, **changes: Any) -> dict[str, Any]:
    values = {
        "version": fresh(sponsor).version,
        "letters_a_month": "4",
        "idea_weeks": "4",
        "capacity": "2",
        "available_until": "",
    }
    return values | {"reminders": ["letter_due"], "quiet_days": ["5", "6"]} | changes


def test_the_settings_show_what_was_chosen_and_keep_what_is_changed(app: Flask) -> None:
    sponsor = make_sponsor(quiet_days=[0], reminders_off=["birthday_ahead"], letters_a_month=3)
    client = browser_of(app, sponsor.account)

    page = soup(client.get(SETTINGS))
    ticked = {box["value"] for box in page.select("input[type=checkbox][checked]")}
    assert ticked == {"0", *ReminderKind} - {"birthday_ahead"}
    assert page.select_one("#letters_a_month")["value"] == "3"

    answer = post(client, SETTINGS, **filled(sponsor))

    assert (answer.status_code, answer.location) == (302, SETTINGS)
    stored = fresh(sponsor)
    assert (stored.letters_a_month, stored.capacity, stored.quiet_days) == (4, 2, [5, 6])
    assert stored.reminders_off == sorted(set(ReminderKind) - {"letter_due"})
    assert "Saved." in client.get(SETTINGS).text


def test_mails_that_are_no_reminders_cannot_be_switched_off_and_the_page_says_so(app: Flask) -> None:
    page = words(browser_of(app, make_sponsor().account).get(SETTINGS))

    assert "Some mails always come" in page
    assert "cannot be switched off" in page


def test_c4_two_pages_of_one_record_end_in_a_409_for_the_older(app: Flask) -> None:
    sponsor = make_sponsor()
    client = browser_of(app, sponsor.account)
    old = filled(sponsor, capacity="5")
    post(client, SETTINGS, **filled(sponsor))

    answer = post(client, SETTINGS, **old)

    assert answer.status_code == 409
    assert fresh(sponsor).capacity == 2


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"capacity": "1"}, "capacity", "You stand by 2 people now"),
        ({"capacity": "11"}, "capacity", "Give a number from 1 to 10."),
        ({"letters_a_month": "32"}, "letters_a_month", "Give a number from 0 to 31."),
        ({"quiet_days": list("012345")}, "quiet_days", "Leave us two days"),
        ({"available_until": "2020-01-01"}, "available_until", "has passed"),
        ({"reminders": ["offer"]}, "reminders", "not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(app: Flask, changes: dict[str, Any], field: str, said: str) -> None:
    sponsor = make_sponsor()
    for _ in range(2):
        make_match(sponsor=sponsor, state=MatchState.ACTIVE)

    answer = post(browser_of(app, sponsor.account), SETTINGS, **filled(sponsor, **changes))

    page = soup(answer)
    assert answer.status_code == 422
    assert said in page.select_one(f"#{field}-error").get_text()
    assert page.select_one(".error-summary a")["href"].startswith(f"#{field}")
    assert fresh(sponsor).letters_a_month == 2


def test_z6_fields_that_the_form_does_not_have_change_nothing(app: Flask) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.PENDING)

    post(
        browser_of(app, sponsor.account),
        SETTINGS,
        **filled(sponsor),
        vetting_state="vetted",
        held="1",
        sponsor_id="x",
        role="artist",
    )

    stored = fresh(sponsor)
    assert (stored.vetting_state, stored.held, stored.role) == (VettingState.PENDING, False, "volunteer")


CHANGING = (SETTINGS, "/home/pause", "/home/pause/end", "/home/leave")


@pytest.mark.parametrize("path", CHANGING)
@pytest.mark.parametrize("token", [None, "forged"])
def test_w1_without_our_token_nothing_changes(app: Flask, path: str, token: str | None) -> None:
    sponsor = make_sponsor(paused_at=now(), paused_by=make_office().id)
    match = make_match(sponsor=sponsor, state=MatchState.ACTIVE)
    version = fresh(sponsor).version

    answer = browser_of(app, sponsor.account).post(
        path, data=filled(sponsor) | ({"csrf_token": token} if token else {})
    )

    assert answer.status_code == 400
    assert (fresh(sponsor).version, sponsor.account.disabled_at) == (version, None)
    assert fresh(match).state is MatchState.ACTIVE


@pytest.mark.parametrize("path", [SETTINGS, "/home/pause", "/home/leave"])
def test_w1_looking_at_a_page_changes_nothing(app: Flask, path: str) -> None:
    sponsor = make_sponsor()
    client = browser_of(app, sponsor.account)

    assert (client.get(path).status_code, client.head(path).status_code) == (200, 200)
    assert fresh(sponsor).version == 1


def test_a_pause_stands_on_home_and_ends_with_one_click(app: Flask) -> None:
    sponsor = make_sponsor()
    make_match(sponsor=sponsor, state=MatchState.ACTIVE)
    client = browser_of(app, sponsor.account)

    post(client, "/home/pause", resumes_on=str(today() + 30 * DAY))
    home = words(client.get("/home"))
    assert "You are taking a pause" in home
    assert "You go on again on" in home
    assert "Write your first letter" not in home

    post(client, "/home/pause/end", page="/home")
    assert "You are taking a pause" not in words(client.get("/home"))
    assert fresh(sponsor).paused_at is None


def test_an_open_pause_says_so_and_one_that_has_run_out_is_none(app: Flask) -> None:
    sponsor = make_sponsor(paused_at=now(), paused_by=make_office().id)
    client = browser_of(app, sponsor.account)
    assert "until you say that you go on" in words(client.get("/home"))

    with writing():
        sponsor.resumes_on = today() - 2 * DAY

    assert "You are taking a pause" not in words(client.get("/home"))
    assert "Take a pause" in words(client.get(SETTINGS))


def test_a_pause_page_says_what_becomes_of_an_offer_and_refuses_a_day_that_has_come(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    client = browser_of(app, match.sponsor.account)

    assert "The offer that you have not answered goes to somebody else." in words(client.get("/home/pause"))
    answer = post(client, "/home/pause", resumes_on="2020-01-01")

    assert answer.status_code == 422
    assert "Choose a day after today" in words(answer)
    assert fresh(match).state is MatchState.APPROVED


def test_leaving_shows_what_follows_then_hands_everybody_back_and_ends_every_session(app: Flask) -> None:
    """A6, Z4."""
    match = make_match(state=MatchState.ACTIVE)
    offer = make_match(sponsor=match.sponsor, state=MatchState.APPROVED)
    client, elsewhere = browser_of(app, match.sponsor.account), browser_of(app, match.sponsor.account)

    page = words(client.get("/home/leave"))
    assert match.prisoner.name in page
    assert "The offer that you have not answered goes to somebody else." in page
    answer = post(client, "/home/leave")

    assert (answer.status_code, answer.location) == (302, "/")
    assert "You have left" in client.get("/").text
    assert (fresh(match).state, match.end_reason) == (MatchState.ENDED, EndReason.SPONSOR_LEFT)
    assert fresh(offer).state is MatchState.WITHDRAWN
    for browser in (client, elsewhere):
        assert browser.get("/home").location.startswith("/login")
    desk = soup(browser_of(app, make_coordinator(roles=BOTH)).get("/desk"))
    row = desk.select_one("section[aria-labelledby=handed-back] tbody tr")
    assert match.prisoner.name in row.get_text()
    assert match.sponsor.name in row.get_text()


def test_a_match_that_rests_is_told_of_without_a_name(app: Flask) -> None:
    """Z4."""
    match = make_match(state=MatchState.PAUSED)
    client = browser_of(app, match.sponsor.account)

    home = client.get("/home")

    assert "One of your matches rests" in words(home)
    assert match.prisoner.name not in home.text
    assert client.get(f"/matches/{match.id}").status_code == 404


def test_a_coordinator_lets_a_match_rest_and_ends_it_from_the_sponsors_page(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE)
    client = browser_of(app, make_coordinator(roles=BOTH))
    path = f"/desk/matches/{match.id}"
    assert path in client.get(f"/desk/sponsors/{match.sponsor_id}").text

    answer = post(client, path, version=fresh(match).version, after="paused", reason="coordinator", note="On leave.")
    assert answer.location == f"/desk/sponsors/{match.sponsor_id}"
    assert fresh(match).state is MatchState.PAUSED
    assert "On leave." in words(client.get(path))

    data = {"version": fresh(match).version, "after": "ended", "reason": "mandate_ended"}
    assert post(client, path, **data, note="").status_code == 422
    assert post(client, path, **data | {"reason": "died"}, note="x").status_code == 422
    post(client, path, **data, note="They lost their seat.")
    assert (fresh(match).state, match.end_reason) == (MatchState.ENDED, EndReason.MANDATE_ENDED)
    assert client.get(path).status_code == 409


@pytest.mark.parametrize(("ticked", "sent"), [({"telling": "y"}, ["match_rests"]), ({}, [])])
def test_the_sponsor_is_told_exactly_when_the_box_for_it_is_ticked(
    app: Flask, ticked: dict[str, str], sent: list[str]
) -> None:
    match = make_match(state=MatchState.ACTIVE)
    client = browser_of(app, make_coordinator(roles=BOTH))
    path = f"/desk/matches/{match.id}"
    assert soup(client.get(path)).select_one("input[name=telling]").has_attr("checked")

    post(client, path, version=fresh(match).version, after="paused", reason="coordinator", note="On leave.", **ticked)

    said = "The sponsor is told by mail." if sent else "No mail goes out."
    assert said in words(client.get(f"/desk/sponsors/{match.sponsor_id}"))
    session().rollback()
    assert session().scalars(select(OutgoingMail.message)).all() == sent


def test_a_rejected_sponsor_is_vetted_again(app: Flask) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.REJECTED, vetting_reason="No answer from the office.")
    client = browser_of(app, make_coordinator(roles=BOTH))
    path = f"/desk/sponsors/{sponsor.id}"
    assert "Vet them again" in client.get(path).text

    post(client, f"{path}/reopen", page=path, version=fresh(sponsor).version)

    page = words(client.get(path))
    assert fresh(sponsor).vetting_state is VettingState.PENDING
    assert "Record the decision" in client.get(path).text
    assert "No answer from the office." in page
