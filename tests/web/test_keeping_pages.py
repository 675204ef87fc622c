"""Sponsors to look after and addresses to look at: what stands there, for whom, and what a press does."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import today
from app.database import session
from app.models import AddressCheck, Match, SilentMatch
from app.queries import addresses
from app.queries.accounts import viewer_of
from app.vocabulary import DetentionStatus, MatchState
from tests.factories import (
    fresh,
    make_coordinator,
    make_facility,
    make_match,
    make_prisoner,
    make_sponsor,
    vouch_for,
    writing,
)
from tests.web.browsing import browser_of, soup, token_of

PROGRAMME = ("coordinator", "programme")
LONG_AGO = today() - timedelta(days=200)


@pytest.fixture
def silent(app: Flask) -> Match:
    """A match of whose sponsor nobody has heard for long."""
    sponsor = make_sponsor(name="Zoja Zahadka", country="DE", last_sign_on=LONG_AGO)
    return make_match(sponsor=sponsor, state=MatchState.ACTIVE)


def test_a_coordinator_who_spoke_with_a_silent_sponsor_says_so_with_one_press(app: Flask, silent: Match) -> None:
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    assert "Zoja Zahadka" in client.get("/desk/keeping").text

    path = f"/desk/sponsors/{silent.sponsor_id}/heard"
    answer = client.post(path, data={"csrf_token": token_of(client, "/desk/keeping")})

    assert (answer.status_code, answer.location) == (302, "/desk/keeping")
    assert (fresh(silent.sponsor).last_sign_on, silent.sponsor.consented_on) == (today(), today())
    assert "Zoja Zahadka" not in client.get("/desk/keeping").text


def test_a_match_is_marked_silent_where_it_could_be_ended(app: Flask, silent: Match) -> None:
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    page = f"/desk/matches/{silent.id}"

    answer = client.post(f"{page}/silent", data={"csrf_token": token_of(client, page)})

    assert answer.status_code == 302
    session().rollback()
    assert session().get(SilentMatch, silent.id) is not None
    assert fresh(silent).state is MatchState.ACTIVE
    assert "Zoja Zahadka" not in client.get("/desk/keeping").text


@pytest.mark.parametrize("act", ["sponsors/{sponsor}/heard", "matches/{match}/silent"])
def test_z5_a_coordinator_of_another_region_neither_sees_nor_touches_them(app: Flask, silent: Match, act: str) -> None:
    client = browser_of(app, make_coordinator(roles=PROGRAMME, regions=["FR"]))
    page = client.get("/desk/keeping")
    assert "Zoja Zahadka" not in page.text

    path = f"/desk/{act.format(sponsor=silent.sponsor_id, match=silent.id)}"
    answer = client.post(path, data={"csrf_token": token_of(client, "/desk/sponsors")})

    assert answer.status_code == 404
    session().rollback()
    assert session().get(SilentMatch, silent.id) is None
    assert fresh(silent.sponsor).last_sign_on == LONG_AGO


def test_m9_an_address_that_changed_is_verified_with_one_press_and_its_source(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE)
    staff = make_coordinator(roles=PROGRAMME)
    client = browser_of(app, staff)
    assert not soup(client.get("/desk/addresses")).select("tbody tr")
    with writing():
        session().get_one(type(match.prisoner), match.prisoner_id).facility_id = make_facility().id

    [row] = soup(client.get("/desk/addresses")).select("tbody tr")
    values = {field["name"]: field.get("value", "") for field in row.select("input")}
    answer = client.post(row.form["action"], data=values | {"source": "The family's lawyer"})

    assert answer.status_code == 302
    session().rollback()
    check = session().get_one(AddressCheck, match.prisoner_id)
    assert (check.source, check.verified_on, check.recorded_by) == ("The family's lawyer", today(), staff.id)
    assert not soup(client.get("/desk/addresses")).select("tbody tr")


def test_an_address_is_verified_only_with_a_source_and_as_it_was_seen(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE, prisoner=make_prisoner(facility=make_facility(postcode="000001")))
    vouch_for(match.prisoner, verified_on=LONG_AGO)
    client = browser_of(app, make_coordinator(roles=PROGRAMME))
    path, seen = f"/desk/addresses/{match.prisoner_id}", fresh(match.prisoner).version
    token = token_of(client, "/desk/addresses")

    without = client.post(path, data={"csrf_token": token, "version": seen, "source": " "})
    stale = client.post(path, data={"csrf_token": token, "version": seen + 1, "source": "A list"})

    assert (without.status_code, stale.status_code) == (422, 409)
    session().rollback()
    assert session().get_one(AddressCheck, match.prisoner_id).verified_on == LONG_AGO


@pytest.mark.parametrize(
    "changes",
    [
        {"detention_status": DetentionStatus.IN_TRANSFER},
        {"detention_status": DetentionStatus.RELEASED},
    ],
)
def test_where_nobody_is_written_to_no_address_is_asked_for(app: Flask, changes: dict[str, object]) -> None:
    match = make_match(state=MatchState.ACTIVE, prisoner=make_prisoner(**changes))
    vouch_for(match.prisoner, verified_on=LONG_AGO)
    make_match(state=MatchState.ENDED, prisoner=make_prisoner(facility=None))

    assert addresses.due(viewer_of(make_coordinator(roles=PROGRAMME)), number=1).all == 0


def test_z5_addresses_of_other_caseloads_are_not_shown(app: Flask) -> None:
    make_match(state=MatchState.ACTIVE, prisoner=make_prisoner(facility=None, name="Zoja Zahadka"))
    client = browser_of(app, make_coordinator())

    assert "Zoja Zahadka" not in client.get("/desk/addresses").text
