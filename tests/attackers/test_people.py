"""Attackers who come in by the door: among the volunteers, among the staff, as trolls, as a scraper."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Account, Alert, OutgoingMail, ReadingCount
from app.reading import LIMITS, Window
from app.watch_words import AlertKind
from tests.attackers.secrets import ADDRESSES, CONTACT, MARK, SEALED, plant, told
from tests.attackers.walking import everything_reached
from tests.database.cli.runner import run
from tests.factories import (
    make_administrator,
    make_canary,
    make_contact,
    make_coordinator,
    make_office_of,
    make_prisoner,
    make_sponsor,
)
from tests.factories.accounts import make_account, password_hash
from tests.web.browsing import browser_of
from tests.web.test_signup import changed, walk

pytestmark = pytest.mark.slow


def _told_by(pages: dict[str, str], *, but: set[str] = frozenset()) -> dict[str, list[str]]:  # type: ignore[assignment]
    found = {path: [canary for canary in told(text) if canary not in but] for path, text in pages.items()}
    return {path: canaries for path, canaries in found.items() if canaries}


def test_z3_an_infiltrated_volunteer_reads_of_the_one_they_stand_by_and_of_nobody_and_nothing_else(app: Flask) -> None:
    programme = plant()
    ids = (programme.unpublished.id, programme.foreign.id, programme.prisoner.id, programme.coordinator.id)
    guesses = [f"/{place}/{one}" for place in ("matches", "desk/prisoners", "desk/sponsors", "photos") for one in ids]
    own = {ADDRESSES["sponsor"], ADDRESSES["office"], f"{MARK}.conflict", f"{MARK}.official@parliament.example"}

    pages = everything_reached(browser_of(app, programme.sponsor.account), "/home", "/account", *guesses)

    assert f"/matches/{programme.match.id}" in pages
    assert programme.prisoner.name in pages[f"/matches/{programme.match.id}"]
    assert _told_by(pages, but=own) == {}


def test_z3_the_office_of_a_volunteer_reads_no_more_than_they_do(app: Flask) -> None:
    programme = plant()
    office = make_office_of(programme.sponsor, account=make_account())
    client = browser_of(app, session().get_one(Account, office.account_id))

    pages = everything_reached(client, "/home", "/account")

    assert programme.prisoner.name in pages[f"/matches/{programme.match.id}"]
    assert _told_by(pages, but={ADDRESSES["sponsor"], ADDRESSES["office"], f"{MARK}.conflict"}) == {}


def test_z5_z8_an_infiltrated_coordinator_reads_their_own_region_until_the_budget_shuts(app: Flask) -> None:
    """What they read is counted. Of prisoners of others they see the name alone, of families no contact unasked."""
    programme = plant()
    make_contact(prisoner=programme.prisoner, **CONTACT)
    ids = (programme.unpublished.id, programme.foreign.id)
    guesses = [f"/desk/{place}/{one}" for place in ("prisoners", "sponsors") for one in ids]

    pages = everything_reached(browser_of(app, programme.coordinator), "/desk", *guesses)

    foreign = {f"{MARK} Foreign", f"{MARK}.decline", ADDRESSES["foreign"], *CONTACT.values()}
    assert f"/desk/prisoners/{programme.prisoner.id}" in pages
    assert {path: found for path, text in pages.items() if (found := told(text, tuple(foreign)))} == {}
    count = session().get_one(ReadingCount, programme.coordinator.id)
    assert 0 < count.day_records <= LIMITS[Window.DAY].records


def test_z8_an_infiltrated_coordinator_who_opens_everybody_opens_somebody_who_was_invented(app: Flask) -> None:
    make_administrator()
    invented = make_prisoner()
    make_canary(prisoner_id=invented.id)
    client = browser_of(app, make_coordinator(caseload=[invented]))

    pages = everything_reached(client, "/desk/prisoners")

    assert invented.shown_name in pages[f"/desk/prisoners/{invented.id}"]
    session().rollback()
    assert AlertKind.CANARY_OPENED in set(session().scalars(select(Alert.kind)))


def test_b1_b3_troll_sign_ups_reach_no_match_no_mailbox_twice_and_no_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One network signs people up until it is stopped; none of them is matched, and each mailbox gets one mail."""
    make_prisoner()
    monkeypatch.setattr("app.passwords.make_hash", lambda _typed: password_hash())
    statuses = [
        walk(app.test_client(), changed(5, email=f"troll{number}@example.org")).status_code for number in range(25)
    ]
    session().rollback()

    assert statuses[0] == 302
    assert 429 in statuses
    mails = select(func.count()).select_from(OutgoingMail).group_by(OutgoingMail.account_id)
    assert set(session().scalars(mails)) == {1}
    said = run(app, "match", "run", "--kind", "letter_writer", "--json")
    assert json.loads(said.stdout)["proposals"] == 0


def test_p8_a_scraper_reads_what_is_public_and_learns_of_nobody_else(app: Flask) -> None:
    programme = plant()
    make_sponsor()
    ids = (programme.unpublished.id, programme.prisoner.id, programme.sponsor.id, programme.match.id)
    guesses = [f"/{place}/{one}" for place in ("people", "matches", "photos", "desk/prisoners") for one in ids]

    pages = everything_reached(app.test_client(), "/", "/people", "/robots.txt", "/privacy", *guesses)

    assert programme.prisoner.name in pages["/people"]
    assert _told_by(pages) == {}
    assert not [path for path, text in pages.items() if told(text, (*SEALED, programme.sponsor.name))]
