"""What pages say once something has happened: to the sponsor, and to the coordinator who looks at either side."""

import pytest
from flask import Flask, get_template_attribute

from app.actions import events
from app.actions.events import EventOrder
from app.clock import today
from app.mail.outbox import Message
from app.models import Match, Prisoner
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import EventType, MatchState
from tests.factories import make_coordinator, make_match, make_sponsor
from tests.web.browsing import browser_of, soup


def _after(*kinds: EventType, match: Match | None = None) -> Match:
    """An active match, after these events of today."""
    match = match or make_match(sponsor=make_sponsor(name="Zoja Kazka"), state=MatchState.ACTIVE)
    for kind in kinds:
        with transaction():
            order = EventOrder(prisoner_id=match.prisoner_id, type=kind, day=today(), source="a colleague")
            events.record(order, by=viewer_of(make_coordinator(caseload=[match.prisoner])))
    return match


def _home(app: Flask, match: Match) -> str:
    return str(soup(browser_of(app, match.sponsor.account).get("/home")).main.get_text(" ", strip=True))


def _desk(app: Flask, path: str, *, prisoner: Prisoner) -> str:
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    return str(soup(client.get(path)).main.get_text(" ", strip=True))


@pytest.mark.parametrize("kind", [EventType.RELEASE, EventType.DEATH])
def test_a_sponsors_way_keeps_the_offer_that_they_took_up(app: Flask, kind: EventType) -> None:
    said = _home(app, _after(kind))

    assert "You accepted your first offer" in said
    assert "You get an offer by mail" not in said


def test_whoever_never_took_one_up_still_waits_for_it(app: Flask) -> None:
    said = _home(app, make_match(state=MatchState.REFUSED))

    assert "You get an offer by mail" in said
    assert "You accepted your first offer" not in said


def test_nobody_new_is_announced_beside_a_condolence(app: Flask) -> None:
    after_death, after_release = _home(app, _after(EventType.DEATH)), _home(app, _after(EventType.RELEASE))

    assert "Take the time that you need." in after_death
    assert "We are looking for somebody" not in after_death
    assert "We are looking for somebody who suits you" in after_release


@pytest.mark.parametrize(("kind", "reason"), [(EventType.RELEASE, "Released"), (EventType.DEATH, "Died")])
def test_a_coordinator_reads_why_a_match_has_ended(app: Flask, kind: EventType, reason: str) -> None:
    match = _after(kind)

    assert f"Ended · {reason}" in _desk(app, f"/desk/sponsors/{match.sponsor_id}", prisoner=match.prisoner)


def test_a_coordinator_reads_that_nobody_stands_by_somebody_any_more(app: Flask) -> None:
    match = make_match(state=MatchState.REFUSED)
    path = f"/desk/prisoners/{match.prisoner_id}"

    before = _desk(app, path, prisoner=match.prisoner)
    _after(EventType.RELEASE, match=match)

    assert "Nobody yet." in before
    assert "Nobody any more: their matches have ended." in _desk(app, path, prisoner=match.prisoner)


@pytest.mark.parametrize(("kind", "said"), [(EventType.TRANSFER, True), (EventType.RELEASE, False)])
def test_a_transfer_to_nobody_knows_where_says_so(app: Flask, kind: EventType, said: bool) -> None:
    match = _after(kind)
    client = browser_of(app, make_coordinator(caseload=[match.prisoner]))

    page = soup(client.get(f"/desk/prisoners/{match.prisoner_id}"))

    assert ("not known" in page.select_one("[aria-labelledby=events] table").get_text()) is said


def test_every_mail_has_a_name_at_the_desk(app: Flask) -> None:
    with app.test_request_context():
        name_of = get_template_attribute("coordinator/words.html", "mail")
        raw = [message for message in Message if name_of(message).strip() == message]

    assert raw == []
