"""What a page asks the database: a number of questions that is small, and the same however many rows there are."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.clock import now, today
from app.extensions import db
from app.models import OutgoingMail, PrisonerEvent, Sponsor
from app.vocabulary import (
    DetentionStatus,
    EndReason,
    EventType,
    Fact,
    MatchState,
    OutgoingState,
    Publicity,
    SupportKind,
    VettingState,
)
from tests.factories import (
    make_coordinator,
    make_facility,
    make_letter,
    make_mail,
    make_match,
    make_prisoner,
    make_run,
    make_sponsor,
    writing,
)
from tests.factories.writing import add
from tests.web.browsing import browser_of

QUERIES = {
    "/": 3,
    "/people": 3,
    "/home": 9,
    "/desk": 15,
    "/desk/proposals": 7,
    "/desk/sponsors": 4,
    "/desk/prisoners": 7,
    "/desk/mails": 5,
    "/desk/sponsors/{sponsor}/mails": 8,
    "/home/settings": 5,
}
"""Who is looking is one of them, except on the first two; of the desk's pages, counting what is shown another (Z8)."""

pytestmark = pytest.mark.slow


@contextmanager
def _asked() -> Iterator[list[str]]:
    """The queries that are sent inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _more(me: Sponsor) -> None:
    """One more of everything that the pages list, the sponsor's own home among them."""
    known = {"facts": [Fact.DISABILITY], "publicity": Publicity.PUBLIC}
    make_match(prisoner=make_prisoner(facility=make_facility(), **known), sponsor=make_sponsor(country="FR"))
    make_sponsor(vetting_state=VettingState.PENDING)
    offer = make_match(sponsor=me, prisoner=make_prisoner(facility=make_facility()), state=MatchState.APPROVED)
    going = make_match(sponsor=me, prisoner=make_prisoner(facility=make_facility()), state=MatchState.ACTIVE)
    make_letter(match=going)
    released = make_prisoner(detention_status=DetentionStatus.RELEASED)
    make_match(sponsor=me, prisoner=released, state=MatchState.ENDED, end_reason=EndReason.RELEASED)
    make_match(sponsor=me, state=MatchState.ENDED, end_reason=EndReason.SPONSOR_LEFT)
    make_match(sponsor=me, state=MatchState.PAUSED)
    with writing():
        mail = OutgoingMail(message="offer", occasion=offer.id, state=OutgoingState.IN_DOUBT, created_at=now())
        mail.account_id, mail.match_id, mail.due_at = me.account_id, offer.id, now()
        add(mail)
        make_mail(match=offer, state=OutgoingState.SENT)
        moved = PrisonerEvent(type=EventType.TRANSFER, happened_on=today(), recorded_at=now(), source="list")
        moved.prisoner_id, moved.facility_id = going.prisoner_id, going.prisoner.facility_id
        moved.recorded_by = me.account_id
        add(moved)


def _read(client: FlaskClient, path: str) -> tuple[int, int]:
    """How many queries the page took, and how long it is."""
    with _asked() as sent:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(sent), len(answer.text)


@pytest.mark.parametrize("path", QUERIES)
def test_a_page_asks_as_much_for_many_rows_as_for_few(app: Flask, path: str) -> None:
    me = make_sponsor(capacity=40)
    for kind in SupportKind:
        make_run(kind=kind)
    staff = make_coordinator(roles=["coordinator", "programme"], regions=["DE", "FR", "LT"])
    client = (
        browser_of(app, me.account if path.startswith("/home") else staff)
        if "/desk" in path or "/home" in path
        else None
    )
    client = client or app.test_client()

    _more(me)
    address = path.format(sponsor=me.id)
    few, short = _read(client, address)
    for _ in range(3):
        _more(me)
    many, long = _read(client, address)

    assert (few, many) == (QUERIES[path], QUERIES[path])
    assert long > short


@pytest.mark.parametrize("roles", [["coordinator"], ["programme"], ["coordinator", "programme", "administrator"]])
def test_who_is_looking_is_asked_once(app: Flask, roles: list[str]) -> None:
    client = browser_of(app, make_coordinator(roles=roles, regions=["DE", "FR"]))

    with _asked() as sent:
        client.get("/unconfirmed")

    assert len(sent) == 1
