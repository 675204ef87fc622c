"""Events on pages: what follows is read before it happens, and a sponsor's home says what happened."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import clock
from app.actions import events
from app.actions.events import EventOrder
from app.clock import now, today
from app.database import session
from app.models import Match, Prisoner, PrisonerEvent
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import DetentionStatus, EndReason, EventType, MatchState, VettingState
from tests.factories import fresh, make_coordinator, make_facility, make_match, make_prisoner, make_sponsor
from tests.web.browsing import browser_of, soup
from tests.web.test_pages import offences

NAME = "Alena Niabylica"


def post(client: FlaskClient, prisoner: Prisoner, **changes: Any) -> TestResponse:
    """Press "See what follows"."""
    path = f"/desk/prisoners/{prisoner.id}/event"
    token = soup(client.get(path)).select_one("[name=csrf_token]")["value"]
    values = {"csrf_token": token, "type": "release", "day": str(today()), "source": "a colleague", "facility": ""}
    return client.post(path, data=values | changes)


def confirm(client: FlaskClient, shown: TestResponse) -> TestResponse:
    """Press the button of the page that was shown."""
    form = soup(shown).select_one(".confirm form")
    return client.post(form["action"], data={field["name"]: field["value"] for field in form.select("input")})


def words(answer: TestResponse) -> str:
    return str(soup(answer).main.get_text(" ", strip=True))


def recorded() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(PrisonerEvent)) or 0


@pytest.mark.parametrize("event", [kind for kind in EventType if kind is not EventType.RETURN])
def test_what_follows_is_shown_first_and_one_button_does_it_all(app: Flask, event: EventType) -> None:
    match = make_match(sponsor=make_sponsor(name="Zoja Kazka"), state=MatchState.ACTIVE)
    prisoner = match.prisoner
    client = browser_of(app, make_coordinator(caseload=[prisoner]))

    shown = post(client, prisoner, type=event.value)
    before = (shown.status_code, offences(soup(shown), "What follows"), recorded(), fresh(match).state)
    done = confirm(client, shown)

    assert before == (200, [], 0, MatchState.ACTIVE)
    assert "Zoja Kazka" in words(shown)
    assert (done.status_code, done.location) == (302, f"/desk/prisoners/{prisoner.id}")
    assert recorded() == 1
    assert "a colleague" in words(client.get(done.location))


def test_numbers_of_matches_mails_and_sponsors_stand_in_sentences(app: Flask) -> None:
    prisoner = make_prisoner()
    for state in (MatchState.ACTIVE, MatchState.PAUSED, MatchState.APPROVED, MatchState.PROPOSED):
        make_match(prisoner=prisoner, state=state)
    client = browser_of(app, make_coordinator(caseload=[prisoner]))

    said = [item.get_text() for item in soup(post(client, prisoner, type="death")).select(".confirm li")]

    assert said == [
        "Their death stands in the record, and nothing can be recorded after it.",
        "2 matches end.",
        "2 proposals and offers are withdrawn.",
        "2 sponsors get a condolence, and nothing else about them ever after.",
    ]


def test_z5_sponsors_of_another_region_are_counted_and_not_named(app: Flask) -> None:
    prisoner = make_prisoner()
    for country, name in (("DE", "Zoja Zahadka"), ("FR", "Ihar Vyjava")):
        make_match(prisoner=prisoner, sponsor=make_sponsor(country=country, name=name), state=MatchState.ACTIVE)
    client = browser_of(app, make_coordinator(regions=["DE"], caseload=[prisoner]))

    shown = words(post(client, prisoner))

    assert "Zoja Zahadka, one sponsor of another region." in " ".join(shown.split())
    assert "Ihar Vyjava" not in shown


def test_c4_a_button_pressed_twice_acts_once(app: Flask) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    shown = post(client, prisoner, type="transfer")

    answers = [confirm(client, shown).status_code for _ in range(2)]

    assert answers == [302, 409]
    assert recorded() == 1


def test_c4_what_somebody_changed_meanwhile_is_looked_at_again(app: Flask) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    shown = post(client, prisoner)
    with transaction():
        prisoner.home_area = "Vydumsk"

    assert confirm(client, shown).status_code == 409
    assert recorded() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": str(today() + timedelta(days=1))},
        {"day": "2020-01-01"},
        {"day": ""},
        {"source": " "},
        {"type": "exile"},
        {"type": "return"},
        {"facility": "aaaabbbbccccdddd"},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_what_cannot_be_comes_back_with_what_to_mend(app: Flask, wrong: dict[str, str]) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))

    answer = post(client, prisoner, **wrong)

    page = soup(answer)
    assert answer.status_code == 422
    assert offences(page, "Record an event") == []
    assert page.select("[data-error-summary] a")


def test_z6_what_is_confirmed_is_read_anew_and_checked(app: Flask) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    form = soup(post(client, prisoner)).select_one(".confirm form")
    posted = {field["name"]: field["value"] for field in form.select("input")}
    forged = [{"type": "exile"}, {"day": "2999-01-01"}, {"version": "x"}, {"type": "transfer", "facility": "y" * 16}]

    answers = [client.post(form["action"], data=posted | changes).status_code for changes in forged]

    assert answers == [422, 409, 422, 409]
    assert recorded() == 0


def test_a_transfer_leads_to_a_facility_of_the_list(app: Flask) -> None:
    prisoner, place = make_prisoner(), make_facility(title="Prison No. 8")
    client = browser_of(app, make_coordinator(caseload=[prisoner]))

    shown = post(client, prisoner, type="transfer", facility=place.id)
    confirm(client, shown)

    assert "Prison No. 8" in words(shown)
    assert fresh(prisoner).facility_id == place.id


def test_nothing_is_offered_to_record_after_a_death(app: Flask) -> None:
    prisoner = make_prisoner(detention_status=DetentionStatus.DIED_IN_CUSTODY)
    client = browser_of(app, make_coordinator(caseload=[prisoner]))

    assert "Record an event" not in words(client.get(f"/desk/prisoners/{prisoner.id}"))


def happened(match: Match, *kinds: EventType, facility_id: str | None = None) -> None:
    """Record these events of the match's prisoner."""
    by = viewer_of(make_coordinator(roles=["coordinator", "programme"]))
    for number, kind in enumerate(kinds):
        day = today() - timedelta(days=3 - number)
        place = facility_id if kind in (EventType.TRANSFER, EventType.RETURN) else None
        order = EventOrder(prisoner_id=match.prisoner_id, type=kind, day=day, source="CANARY", facility_id=place)
        with clock.at(now() - timedelta(days=3 - number)), transaction():
            events.record(order, by=by)


def told(app: Flask, match: Match) -> str:
    """What stands on the sponsor's home of what happened."""
    section = soup(browser_of(app, match.sponsor.account).get("/home")).select_one("section[aria-labelledby=news]")
    return section.get_text(" ", strip=True) if section else ""


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ((EventType.RELEASE,), f"{NAME} is free."),
        ((EventType.DEATH,), f"{NAME} has died."),
        ((EventType.RELEASE, EventType.DEATH), f"{NAME} has died."),
        ((EventType.TRANSFER,), f"{NAME} is being moved."),
        ((EventType.RELEASE, EventType.RETURN), f"{NAME} is held again."),
    ],
)
def test_the_sponsors_home_says_what_happened_without_address_or_story(
    app: Flask, kinds: tuple[EventType, ...], said: str
) -> None:
    prisoner = make_prisoner(name_latin=NAME, story="CANARY", facility=make_facility(street_cyrillic="CANARY"))
    match = make_match(prisoner=prisoner, state=MatchState.ACTIVE)

    happened(match, *kinds)

    news = told(app, match)
    assert news.count(NAME) == 1
    assert said in news
    assert "CANARY" not in news
    assert soup(browser_of(app, match.sponsor.account).get("/home")).title.get_text() == "Home · Vestka"


def test_a_new_address_is_on_the_persons_page_and_not_in_the_news(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE)
    place = make_facility(street_cyrillic="ул. Новая, 9")

    happened(match, EventType.TRANSFER, facility_id=place.id)

    assert "was moved." in told(app, match)
    assert "Новая" not in told(app, match)
    assert "Новая" in words(browser_of(app, match.sponsor.account).get(f"/matches/{match.id}"))


def test_z4_the_page_of_a_match_that_ended_is_gone_at_once(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE)
    client = browser_of(app, match.sponsor.account)

    happened(match, EventType.RELEASE)

    assert client.get(f"/matches/{match.id}").status_code == 404


@pytest.mark.parametrize(("days", "stands"), [(29, True), (31, False)])
def test_what_ended_is_told_for_a_month(app: Flask, days: int, stands: bool) -> None:
    prisoner = make_prisoner(detention_status=DetentionStatus.RELEASED)
    ended = {"ended_at": now() - timedelta(days=days), "end_reason": EndReason.RELEASED}
    match = make_match(prisoner=prisoner, state=MatchState.ENDED, **ended)

    assert ("is free." in told(app, match)) is stands


def test_of_a_release_that_no_longer_holds_nothing_is_said(app: Flask) -> None:
    prisoner = make_prisoner(detention_status=DetentionStatus.RETURNED_TO_CUSTODY)
    match = make_match(prisoner=prisoner, state=MatchState.ENDED, end_reason=EndReason.RELEASED)

    assert told(app, match) == ""


def test_whoever_was_turned_away_is_told_nothing(app: Flask) -> None:
    match = make_match(sponsor=make_sponsor(vetting_state=VettingState.REJECTED), state=MatchState.ENDED)
    with transaction():
        match.end_reason, match.prisoner.detention_status = EndReason.DIED, DetentionStatus.DIED_IN_CUSTODY

    assert told(app, match) == ""
