"""Contacts of families in the browser: listed sealed, opened for a reason, shown once."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import clock
from app.actions.family_contacts import CONTACTS_A_DAY
from app.database import session
from app.models import Account, AuditEvent, Base, ContactOpening, FamilyContact, Prisoner, ReadingCount
from app.reading import LIMITS, Amount, Window
from app.vocabulary import DetentionStatus, StaffRole
from tests.factories import (
    PASSWORD,
    fresh,
    make_administrator,
    make_contact,
    make_coordinator,
    make_login,
    make_opening,
    make_prisoner,
    writing,
)
from tests.web.browsing import browser_of, soup, token_of
from tests.web.test_reading_budget import _shown as shown

REASON = {"reason": "tell_news", "words": "There was a hearing."}
FORM = {
    "kind": "relative",
    "name": "Uncle Invented",
    "language": "Russian",
    "reach": "+44 1632 960555",
    "may_say": "Everything.",
    "agreed_on": "2026-02-03",
    "agreement": "In a call.",
    "no_helper": "y",
}
SECRETS = ("Aunt Invented", "1632 960123", "aunt@example.org", "Nothing about the case", "She said so")


def _scene(**changes: Any) -> tuple[FamilyContact, Account, str]:
    """A contact, who has its prisoner in their caseload, and where the contacts are listed."""
    prisoner = make_prisoner()
    contact = make_contact(prisoner=prisoner, **changes)
    return contact, make_coordinator(caseload=[prisoner]), f"/desk/prisoners/{prisoner.id}/contacts"


def _post(client: FlaskClient, path: str, page: str, **data: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token_of(client, page), **data})


def _number(table: type[Base]) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(table)) or 0


def _told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_nothing_sealed_is_shown_before_a_reason_is_given_and_everything_after(app: Flask) -> None:
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"

    before = "".join(client.get(page).text for page in (path, one, f"{one}/remove", path.removesuffix("/contacts")))
    without = _post(client, one, one, reason="tell_news", words=" ")
    opened = _post(client, one, one, **REASON)

    assert (_told(before + without.text), without.status_code) == ([], 422)
    assert soup(without).select("[data-error-summary] a[href='#words']")
    assert (opened.status_code, len(_told(opened.text))) == (200, len(SECRETS))
    assert opened.headers["Cache-Control"] == "no-store"
    assert _number(ContactOpening) == 1
    assert session().scalars(select(AuditEvent.action).where(AuditEvent.entity_id == contact.id)).all() == [
        "open_contact"
    ]


def test_it_is_shown_once_and_fetching_does_not_open_it(app: Flask) -> None:
    """W1."""
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"
    _post(client, one, one, **REASON)

    again = client.get(one)
    without_token = client.post(one, data=REASON)

    assert (_told(again.text), without_token.status_code, _number(ContactOpening)) == ([], 400, 1)


@pytest.mark.parametrize("step", ["", "/remove", "/change"])
def test_a9_opening_changing_and_removing_ask_for_the_password_again_and_do_nothing_before(
    app: Flask, step: str
) -> None:
    contact, staff, path = _scene()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = make_login(staff, password_at=clock.now() - timedelta(minutes=11))
    one = f"{path}/{contact.id}{step}"

    answer = _post(client, one, f"{path}/new", **REASON, **{"version": "1"}, **FORM)

    assert answer.location == f"/account/password-again?next={one}"
    assert (_number(ContactOpening), fresh(contact).version) == (0, 1)
    given = _post(client, "/account/password-again", answer.location, present=PASSWORD, next=one)
    assert given.location == one
    assert client.get(one).status_code == (302 if step == "/change" else 200)


def test_z5_colleagues_meet_404_wherever_the_contact_is_asked_for(app: Flask) -> None:
    contact, staff, path = _scene()
    programme = make_coordinator(roles=[StaffRole.COORDINATOR, StaffRole.PROGRAMME])
    client = browser_of(app, programme)
    other = f"/desk/prisoners/{make_prisoner().id}/contacts/{contact.id}"

    codes = [client.get(page).status_code for page in (path, f"{path}/new", f"{path}/{contact.id}")]
    record = client.get(path.removesuffix("/contacts"))

    assert codes == [404, 404, 404]
    assert (record.status_code, path in record.text) == (200, False)
    assert browser_of(app, staff).get(other).status_code == 404


def test_z8_an_opened_contact_counts_as_a_person_shown_and_beyond_the_budget_stays_shut(app: Flask) -> None:
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"
    token = token_of(client, one)
    before = shown(staff)

    client.post(one, data={"csrf_token": token, **REASON})
    after = shown(staff)

    assert after == Amount(before.records + 1, before.rows + 1)
    other, second, elsewhere = _scene()
    shut = browser_of(app, second)
    token = token_of(shut, elsewhere)
    with writing():
        session().get_one(ReadingCount, second.id).day_records = LIMITS[Window.DAY].records
    refused = shut.post(f"{elsewhere}/{other.id}", data={"csrf_token": token, **REASON})
    assert (refused.status_code, _told(refused.text)) == (429, [])


def test_a_contact_is_recorded_and_the_list_says_only_that_it_is_there(app: Flask) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    path = f"/desk/prisoners/{prisoner.id}/contacts"
    empty = client.get(path).text

    answer = _post(client, f"{path}/new", f"{path}/new", **FORM)

    listed = client.get(path).text
    assert _number(FamilyContact) == 1
    assert "No contact is recorded" in empty
    assert answer.location == path
    assert "A relative" in listed
    assert not any(FORM[name] in listed for name in ("name", "reach", "agreement"))
    assert "One contact is recorded" in client.get(f"/desk/prisoners/{prisoner.id}").text
    assert session().scalars(select(FamilyContact)).one().name == "Uncle Invented"


@pytest.mark.parametrize("missing", sorted(FORM))
def test_what_is_missing_is_asked_for_and_nothing_is_kept(app: Flask, missing: str) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    page = f"/desk/prisoners/{prisoner.id}/contacts/new"

    answer = _post(client, page, page, **{**FORM, missing: ""})

    assert answer.status_code == 422
    assert soup(answer).select(f"[data-error-summary] a[href^='#{missing}']")
    assert _number(FamilyContact) == 0


def test_a_day_to_come_is_no_agreement(app: Flask) -> None:
    prisoner = make_prisoner()
    client = browser_of(app, make_coordinator(caseload=[prisoner]))
    page = f"/desk/prisoners/{prisoner.id}/contacts/new"

    answer = _post(client, page, page, **{**FORM, "agreed_on": str(clock.today() + timedelta(days=1))})

    assert (answer.status_code, "This day is still to come." in answer.text) == (422, True)


def test_c4_what_was_opened_is_corrected_and_a_stale_correction_changes_nothing(app: Flask) -> None:
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"
    form = soup(_post(client, one, one, **REASON)).select_one(f"form[action='{one}/change']")
    assert form is not None
    filled = {str(field["name"]): str(field["value"]) for field in form.select("input[value]:not([type=radio])")}
    filled |= {str(field["name"]): field.get_text().strip() for field in form.select("textarea")}
    filled |= {"kind": "relative", "no_helper": "y"}

    first = client.post(f"{one}/change", data=filled | {"name": "Aunt Corrected"})
    second = client.post(f"{one}/change", data=filled | {"name": "Aunt Too Late"})

    assert (first.location, second.status_code) == (path, 409)
    assert (fresh(contact).name, contact.reach) == ("Aunt Corrected", "+44 1632 960123\naunt@example.org")


def test_a_correction_with_a_mistake_comes_back_as_it_was_typed_and_shows_nothing_stored(app: Flask) -> None:
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"

    answer = _post(client, f"{one}/change", one, **{**FORM, "reach": "", "version": "1"})

    assert (answer.status_code, "Uncle Invented" in answer.text, _told(answer.text)) == (422, True, [])


def test_removing_says_what_follows_and_deletes_for_good(app: Flask) -> None:
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"

    stale = _post(client, f"{one}/remove", f"{one}/remove", version="7")
    gone = _post(client, f"{one}/remove", f"{one}/remove", version="1")

    assert (stale.status_code, gone.location) == (409, path)
    assert _number(FamilyContact) == 0
    assert client.get(one).status_code == 404


def test_of_whoever_is_no_longer_held_none_is_added_and_the_page_says_until_when_they_stay(app: Flask) -> None:
    free = make_prisoner(detention_status=DetentionStatus.RELEASED)
    make_contact(prisoner=free)
    client = browser_of(app, make_coordinator(caseload=[free]))
    path = f"/desk/prisoners/{free.id}/contacts"

    page = client.get(path)

    assert "deleted 90 days after" in soup(page).get_text()
    assert not soup(page).select(f"a[href='{path}/new']")
    assert client.get(f"{path}/new").status_code == 409


def test_z8_administrators_read_who_opened_what_and_why_and_nothing_of_the_contact(app: Flask) -> None:
    contact, staff, _path = _scene()
    make_opening(contact, by=staff, words="To tell them of the transfer.")
    client = browser_of(app, make_administrator())

    for page in ("/admin/watch", "/admin/openings"):
        text = client.get(page).text
        assert all(part in text for part in (staff.email, contact.id, contact.prisoner_id, "To tell them of the"))
        assert (_told(text), _name_of(contact) in text) == ([], False)
        assert f"/desk/prisoners/{contact.prisoner_id}" not in text


def _name_of(contact: FamilyContact) -> str:
    return session().get_one(Prisoner, contact.prisoner_id).shown_name


def test_z8_many_openings_are_an_alert_that_leads_to_the_list(app: Flask) -> None:
    contact, staff, path = _scene()
    client = browser_of(app, staff)
    one = f"{path}/{contact.id}"
    for _ in range(CONTACTS_A_DAY + 1):
        _post(client, one, one, **REASON)

    page = soup(browser_of(app, make_administrator()).get("/admin/watch"))

    row = page.select_one("tbody tr")
    assert row is not None
    assert "Opened many contacts of families" in row.get_text()
    assert row.select("a[href='/admin/openings']")


def test_without_an_opening_the_pages_say_so(app: Flask) -> None:
    client = browser_of(app, make_administrator())

    assert "None was opened" in client.get("/admin/watch").text
    assert "None was opened" in client.get("/admin/openings").text
