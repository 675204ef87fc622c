"""Letters that went off, as a sponsor meets them: "I sent it", what came of it, and what home says next."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import now, today
from app.models import Match
from app.vocabulary import (
    LetterState,
    MailAccess,
    MatchState,
    SupportKind,
)
from tests.factories import (
    fresh,
    make_letter,
    make_office,
)
from tests.web.browsing import browser_of, soup, token_of
from tests.web.letter_pages import active, page, post, stored, words


def test_i_sent_it_is_today_unless_said_otherwise_and_acts_once(app: Flask) -> None:
    match = active()
    client = browser_of(app, match.sponsor.account)
    offered = soup(client.get(f"/matches/{match.id}/letters?template=first&language=ru")).select_one("#sent_on")

    for _ in range(2):
        answer = post(client, match, "", {"sent_on": offered["value"], "template": "first", "language": "ru"})

    assert offered["value"] == today().isoformat()
    assert (answer.status_code, answer.location) == (302, f"/matches/{match.id}/letters")
    assert [(letter.sent_on, letter.template, letter.language) for letter in stored()] == [(today(), "first", "ru")]


@pytest.mark.parametrize(
    ("day", "said"),
    [(1, "has not come yet"), (-61, "not matched yet"), (None, "Give the day")],
)
def test_a_day_that_cannot_be_is_explained_beside_the_field(app: Flask, day: int | None, said: str) -> None:
    match = active()
    text = "" if day is None else (today() + timedelta(days=day)).isoformat()

    answer = post(browser_of(app, match.sponsor.account), match, "", {"sent_on": text})

    assert answer.status_code == 422
    assert said in soup(answer).select_one("#sent_on-error").get_text()
    assert stored() == []


def test_what_came_of_a_letter_is_said_with_one_press(app: Flask) -> None:
    letter = make_letter(match=active())
    client = browser_of(app, letter.match.sponsor.account)
    path = f"/matches/{letter.match_id}/letters"
    buttons = soup(client.get(path)).select("button[name=outcome]")

    client.post(f"/letters/{letter.id}/outcome", data={"csrf_token": token_of(client, path), "outcome": "returned"})

    assert [button["value"] for button in buttons] == ["reply_received", "refused_by_censor", "returned", "no_word"]
    assert fresh(letter).state is LetterState.RETURNED
    assert "It came back" in words(client.get(path))
    assert soup(client.get(path)).select("button[name=outcome]") == []


@pytest.mark.parametrize(("outcome", "status"), [("draft", 409), ("nonsense", 400), ("", 400)])
def test_an_outcome_that_is_none_changes_nothing(app: Flask, outcome: str, status: int) -> None:
    letter = make_letter(match=active())
    client = browser_of(app, letter.match.sponsor.account)
    token = token_of(client, f"/matches/{letter.match_id}/letters")

    answer = client.post(f"/letters/{letter.id}/outcome", data={"csrf_token": token, "outcome": outcome})

    assert answer.status_code == status
    assert fresh(letter).state is LetterState.SENT


@pytest.mark.parametrize("state", [state for state in MatchState if state is not MatchState.ACTIVE])
def test_z4_a_match_that_is_not_active_has_no_page_to_write_on(app: Flask, state: MatchState) -> None:
    match = active(state=state)

    assert [page(app, match, path).status_code for path in ("", "/write")] == [404, 404]


def test_w1_without_a_token_nothing_is_recorded(app: Flask) -> None:
    match = active()
    client = browser_of(app, match.sponsor.account)

    answer = client.post(f"/matches/{match.id}/letters", data={"sent_on": today().isoformat()})

    assert answer.status_code == 400
    assert stored() == []


def home(app: Flask, match: Match) -> str:
    return words(browser_of(app, match.sponsor.account).get("/home"))


def test_home_leads_to_the_first_letter(app: Flask) -> None:
    match = active()

    found = soup(browser_of(app, match.sponsor.account).get("/home"))

    assert found.select_one("#next-step-title").get_text() == "Write your first letter"
    assert found.select_one("main .btn-primary")["href"] == f"/matches/{match.id}/letters/write"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (35, "It has been five weeks. A postcard with three lines is a fine letter."),
        (59, "It has been eight weeks."),
        (3, "There is nothing that you need to do just now."),
    ],
)
def test_home_says_how_long_ago_the_last_letter_went_off(app: Flask, days: int, said: str) -> None:
    match = active()
    make_letter(match=match, sent_on=today() - timedelta(days=days))

    assert said in home(app, match)


@pytest.mark.parametrize(("days", "said"), [(6, "nothing that you need to do just now"), (7, "It has been one week.")])
def test_home_asks_whoever_writes_often_once_a_week(app: Flask, days: int, said: str) -> None:
    match = active(sponsor={"letters_a_month": 10})
    make_letter(match=match, sent_on=today() - timedelta(days=days))

    assert said in home(app, match)


def test_after_many_weeks_home_does_not_count_them(app: Flask) -> None:
    match = active(answered_at=now() - timedelta(days=400))
    make_letter(match=match, sent_on=today() - timedelta(days=300))

    assert "It has been more than two months." in home(app, match)


def test_home_tells_of_letters_in_the_order_in_which_they_went_off(app: Flask) -> None:
    match = active()
    make_letter(match=match, sent_on=today() - timedelta(days=50), state=LetterState.REPLY_RECEIVED)
    make_letter(match=match, sent_on=today() - timedelta(days=20))

    found = soup(browser_of(app, match.sponsor.account).get("/home"))

    steps = [step.get_text() for step in found.select(".timeline-text") if "letter" in step.get_text()]
    assert steps == ["You sent a letter: a reply came", "You sent a letter"]


def test_home_asks_nothing_of_somebody_who_takes_a_pause(app: Flask) -> None:
    match = active(sponsor={"paused_at": now(), "paused_by": make_office().id})

    assert "You are taking a pause" in home(app, match)
    assert "Write your first letter" not in home(app, match)


def test_home_asks_for_no_letter_that_nobody_could_post(app: Flask) -> None:
    match = active(prisoner={"mail_access": MailAccess.INCOMMUNICADO})

    assert "No letter can be posted at present." in home(app, match)


def test_a_godparent_is_led_to_both_ways_of_standing_by_somebody(app: Flask) -> None:
    match = active(kind=SupportKind.GODPARENT, sponsor={"support_kind": SupportKind.GODPARENT})

    found = soup(browser_of(app, match.sponsor.account).get("/home"))

    links = [link["href"] for link in found.select(".next-step a")]
    assert links == [f"/matches/{match.id}", f"/matches/{match.id}/letters/write"]


def test_the_page_about_a_person_leads_to_writing_once_the_match_is_active(app: Flask) -> None:
    for state, leads in ((MatchState.ACTIVE, True), (MatchState.PAUSED, False), (MatchState.APPROVED, False)):
        match = active(state=state)
        found = browser_of(app, match.sponsor.account).get(f"/matches/{match.id}")

        assert (f"/matches/{match.id}/letters/write" in found.text) is leads


def test_no_page_about_letters_says_received(app: Flask) -> None:
    match = active()
    for state in LetterState:
        make_letter(match=match, state=state, sent_on=today() - timedelta(days=10))

    for path in ("", "/write"):
        assert re.findall("received", words(page(app, match, path))) == []
    assert "received" not in home(app, match)


def test_titles_name_nobody(app: Flask) -> None:
    match = active()

    titles = [soup(page(app, match, path)).title.get_text() for path in ("", "/write")]

    assert titles == ["Letters · Vestka", "Write · Vestka"]
