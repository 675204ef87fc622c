"""M9: letters are asked for only where somebody vouches for the address, as it is now and not too long ago."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app import clock
from app.actions.events import EventOrder, record
from app.database import session
from app.models import AddressCheck, Facility
from app.queries import addresses
from app.queries.accounts import viewer_of
from app.reminders import ADDRESS_KEEPS
from app.transaction import transaction
from app.vocabulary import EventType
from tests.database.mail.letters import change
from tests.database.reminders.people import DAY, EIGHT, deliver, outbox, schedule, writer
from tests.factories import make_coordinator, make_facility, vouch_for
from tests.smtp_peer import SmtpPeer

TODAY = EIGHT.date()
HELD_BACK = {"queued": 0, "already": 0, "skipped": {"address_not_vouched_for": 1}}


@pytest.mark.parametrize(("days", "queued"), [(0, 1), (180, 1), (181, 0)])
def test_m9_whoever_vouches_for_an_address_does_so_for_half_a_year(app: Flask, days: int, queued: int) -> None:
    match = writer()
    vouch_for(match.prisoner, verified_on=TODAY - days * DAY)

    assert schedule(app)["queued"] == queued
    assert timedelta(days=180) == ADDRESS_KEEPS


CHANGES: dict[str, dict[str, Any]] = {
    "postcode": {"postcode": "111111"},
    "street": {"street": "vulica Inšaja 2"},
    "the street in Cyrillic": {"street_cyrillic": "ул. Другая, 2"},
    "town": {"city": "Inšy"},
    "taken away": {"city_cyrillic": None},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_m9_an_address_that_has_changed_holds_letters_back(app: Flask, changes: dict[str, Any]) -> None:
    change(writer().prisoner.facility, **changes)

    assert schedule(app) == HELD_BACK


def test_what_was_empty_may_be_filled_in(app: Flask) -> None:
    match = writer(prisoner={"facility": make_facility(street=None, city=None)})

    change(match.prisoner.facility, street="vulica Vydumanaja 1", city="Vydumsk")

    assert schedule(app)["queued"] == 1


def test_m9_a_transfer_holds_letters_back_until_a_coordinator_vouches_for_the_new_place(app: Flask) -> None:
    match, elsewhere = writer(), make_facility()
    staff = viewer_of(make_coordinator(roles=("coordinator", "programme")))
    with clock.at(EIGHT - DAY), transaction():
        order = EventOrder(
            prisoner_id=match.prisoner_id, type=EventType.TRANSFER, day=TODAY - DAY, source="a list",
            facility_id=elsewhere.id,
        )  # fmt: skip
        record(order, by=staff)

    assert schedule(app) == HELD_BACK
    with clock.at(EIGHT):
        assert addresses.due(staff, number=1).all == 1
    vouch_for(match.prisoner, verified_on=TODAY)
    assert schedule(app)["queued"] == 1
    with clock.at(EIGHT):
        assert addresses.due(staff, number=1).all == 0


def test_m9_an_address_that_changes_before_the_mail_goes_stops_it(app: Flask, peer: SmtpPeer) -> None:
    match = writer()
    schedule(app, EIGHT - timedelta(hours=1))
    change(match.prisoner, facility_id=make_facility().id)

    assert deliver(app) == {"suppressed": 1}
    assert outbox()[0].reason == "address_not_vouched_for"


def test_m9_an_address_that_nobody_ever_vouched_for_holds_letters_back(app: Flask) -> None:
    match = writer()
    with transaction():
        session().delete(session().get_one(AddressCheck, match.prisoner_id))

    assert schedule(app) == HELD_BACK
    assert session().get_one(Facility, match.prisoner.facility_id).postcode
