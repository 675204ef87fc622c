"""What staff are shown is counted on every page, and beyond the budget pages with people stay shut (Z8)."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.actions import reading as actions
from app.database import session
from app.errors import NotAllowed
from app.models import Account, Alert, AuditEvent, Match, OutgoingMail, ReadingCount
from app.queries.accounts import viewer_of
from app.reading import LIMITS, Amount, Window
from app.transaction import transaction
from app.vocabulary import MatchState, OutgoingState, SupportKind, VettingState
from tests.database.mail.post import settings
from tests.factories import (
    fresh,
    make_administrator,
    make_coordinator,
    make_mail,
    make_match,
    make_prisoner,
    make_reading_count,
    make_run,
    make_sponsor,
    writing,
)
from tests.web.browsing import browser_of, soup
from tests.web.test_access import TABLE, Scene, path_of

MOMENT = datetime(2026, 11, 22, 10, 20, tzinfo=UTC)


def _shown(account: Account) -> Amount:
    session().rollback()
    count = session().get(ReadingCount, account.id)
    return Amount(count.day_records, count.day_rows) if count else Amount(0, 0)


NOTHING = Amount(0, 0)


def test_z8_rows_and_records_are_counted_apart(app: Flask) -> None:
    staff = make_coordinator()
    people = [make_sponsor() for _ in range(3)]
    client = browser_of(app, staff)

    client.get("/desk/sponsors")
    client.get(f"/desk/sponsors/{people[0].id}")

    assert _shown(staff) == Amount(records=1, rows=3)


def test_z8_what_is_not_shown_is_not_counted(app: Flask) -> None:
    staff = make_coordinator(regions=["DE"])
    foreign = make_sponsor(country="FR")
    client = browser_of(app, staff)

    client.get(f"/desk/sponsors/{foreign.id}")
    client.get("/people")
    client.get("/desk/exports")

    assert _shown(staff) == NOTHING


def test_z8_sponsors_are_not_counted(app: Flask) -> None:
    match = make_match(state=MatchState.ACTIVE)

    browser_of(app, match.sponsor.account).get("/home")

    assert _shown(match.sponsor.account) == NOTHING


@pytest.mark.parametrize("window", Window)
def test_z8_beyond_the_limit_a_page_says_when_it_opens_again_and_administrators_are_told(
    app: Flask, window: Window
) -> None:
    with clock.at(MOMENT):
        staff, administrator = make_coordinator(), make_administrator()
        person = make_sponsor()
        full = LIMITS[window]
        make_reading_count(staff, hour=full if window is Window.HOUR else NOTHING, day=full)
        client = browser_of(app, staff)

        answer = client.get(f"/desk/sponsors/{person.id}")
        client.get("/desk/sponsors")

        assert answer.status_code == 429
        assert person.name not in answer.text
        until = "22 November, 11:00 UTC" if window is Window.HOUR else "23 November, 00:00 UTC"
        assert until in soup(answer).get_text()
        assert answer.headers["Retry-After"] == str(40 * 60 if window is Window.HOUR else 13 * 3600 + 40 * 60)
        assert _shown(staff) == full
        [alert] = session().scalars(select(Alert))
        assert (alert.kind, alert.caused_by) == ("reading_spent", staff.id)
        mailed = select(OutgoingMail.account_id).where(OutgoingMail.message == "alert")
        assert administrator.id in session().scalars(mailed).all()
        audited = session().scalars(select(AuditEvent.by_account_id).where(AuditEvent.action == "spend_reading"))
        assert audited.all() == [staff.id]


def test_z8_pages_without_people_stay_open(app: Flask) -> None:
    staff = make_coordinator()
    make_reading_count(staff, hour=LIMITS[Window.HOUR], day=LIMITS[Window.DAY])

    assert browser_of(app, staff).get("/desk/exports").status_code == 200


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=1)])
def test_z8_with_the_next_hour_or_day_pages_open_again(app: Flask, later: timedelta) -> None:
    with clock.at(MOMENT):
        staff = make_coordinator()
        make_sponsor()
        make_reading_count(staff, hour=LIMITS[Window.HOUR], day=LIMITS[Window.HOUR])
        shut = browser_of(app, staff).get("/desk/sponsors").status_code
    with clock.at(MOMENT + later):
        again = browser_of(app, staff).get("/desk/sponsors").status_code

    assert (shut, again) == (429, 200)


def test_z8_near_the_limit_the_page_says_how_much_is_left(app: Flask) -> None:
    staff = make_coordinator()
    make_sponsor()
    most = LIMITS[Window.DAY].rows * 4 // 5
    make_reading_count(staff, hour=NOTHING, day=Amount(0, most - 1))
    client = browser_of(app, staff)

    before, after = (soup(client.get("/desk/sponsors")).select_one(".flash-warning") for _ in range(2))

    assert before is None
    assert after is not None
    assert f"{most + 1:,} of {LIMITS[Window.DAY].rows:,} names" in after.get_text()


def test_z8_an_administrator_grants_as_much_again_for_the_day_and_never_to_themselves(app: Flask) -> None:
    with clock.at(MOMENT):
        staff, administrator = make_coordinator(), make_administrator()
        make_sponsor()
        for account in (staff, administrator):
            make_reading_count(account, hour=LIMITS[Window.HOUR], day=LIMITS[Window.DAY])
        with transaction():
            actions.grant(account_id=staff.id, by=viewer_of(fresh(administrator)))
        with pytest.raises(NotAllowed), transaction():
            actions.grant(account_id=administrator.id, by=viewer_of(fresh(administrator)))

        assert browser_of(app, staff).get("/desk/sponsors").status_code == 200
        assert session().scalars(select(AuditEvent.entity_id).where(AuditEvent.action == "grant_reading")).all() == [
            staff.id
        ]
    with clock.at(MOMENT + timedelta(days=1)):
        count = session().get_one(ReadingCount, staff.id)
        with writing():
            count.day, count.day_rows = clock.today(), LIMITS[Window.DAY].rows
        assert browser_of(app, staff).get("/desk/sponsors").status_code == 429


def test_z8_a_site_may_have_a_larger_budget(app: Flask) -> None:
    staff = make_coordinator()
    make_sponsor()
    make_reading_count(staff, hour=LIMITS[Window.HOUR], day=LIMITS[Window.DAY])

    with settings(app, reading_times=2):
        larger = browser_of(app, staff).get("/desk/sponsors").status_code
    usual = browser_of(app, staff).get("/desk/sponsors").status_code

    assert (larger, usual) == (200, 429)


def test_z8_nobody_but_an_administrator_grants(app: Flask) -> None:
    staff, other = make_coordinator(), make_coordinator(roles=["coordinator", "programme"])
    make_reading_count(staff, hour=NOTHING, day=NOTHING)

    with pytest.raises(NotAllowed), transaction():
        actions.grant(account_id=staff.id, by=viewer_of(fresh(other)))


def _everybody() -> list[str]:
    """A scene in which every list of the desk holds somebody, and the names in it."""
    for kind in SupportKind:
        make_run(kind=kind)
    matches = [_match_of_two_like_nobody(state) for state in MatchState]
    make_sponsor(vetting_state=VettingState.PENDING)
    for match in matches:
        make_mail(match=match, state=OutgoingState.IN_DOUBT)
    return [name for match in matches for name in (match.prisoner.shown_name, match.sponsor.name)]


def _match_of_two_like_nobody(state: MatchState) -> Match:
    """The makers' names come round again: somebody of the scene, or in a row of a list, may have any of them."""
    name, other = f"Zoja Adzinaja-{state}", f"Ihar Adziny-{state}"
    return make_match(state=state, prisoner=make_prisoner(name=name, name_latin=name), sponsor=make_sponsor(name=other))


def _staff_pages() -> list[str]:
    return sorted(endpoint for method, endpoint in TABLE if method == "GET" and endpoint.split(".")[0] == "coordinator")


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", _staff_pages())
def test_z8_a_page_of_the_desk_counts_everybody_whom_it_names(app: Flask, scene: Scene, endpoint: str) -> None:
    names = set(_everybody())
    staff = make_coordinator(roles=["coordinator", "programme"])
    client: FlaskClient = browser_of(app, staff)
    prisoner = make_prisoner()

    answer = client.get(path_of(app, endpoint, scene.ids), query_string={"q": prisoner.name.split()[0]})

    named = [name for name in names if name in answer.text]
    counted = _shown(staff)
    assert answer.status_code in (200, 302, 404, 409)
    assert counted.records + counted.rows >= len(named), endpoint
