"""Alerts on the administrators' pages: listed, seen once, with a mail that says nothing."""

from flask import Flask
from sqlalchemy import select

from app.actions import alerts, audit
from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.models import AuditEvent, AuditHead, OutgoingMail
from app.reading import LIMITS, Window
from app.transaction import transaction
from tests.factories import fresh, make_administrator, make_alert, make_coordinator, make_reading_count
from tests.web.browsing import browser_of, soup, token_of


def test_an_alert_is_listed_until_somebody_has_seen_it_and_says_who(app: Flask) -> None:
    administrator = make_administrator()
    alert = make_alert()
    client = browser_of(app, administrator)
    token = {"csrf_token": token_of(client, "/admin/watch")}

    before = "1 alert that nobody has looked at" in client.get("/admin").text
    client.post(f"/admin/alerts/{alert.id}/seen", data=token)
    client.post(f"/admin/alerts/{alert.id}/seen", data=token)

    assert before
    assert "nobody has looked at" not in client.get("/admin").text
    assert f"Seen by {administrator.email}" in soup(client.get("/admin/watch")).get_text()
    assert fresh(alert).seen_by == administrator.id
    assert session().scalars(select(AuditEvent.entity_id).where(AuditEvent.action == "see")).all() == [alert.id]


def test_every_administrator_but_the_one_who_caused_it_is_mailed_once(app: Flask) -> None:
    acting, other, staff = make_administrator(), make_administrator(), make_coordinator()
    make_administrator(email_confirmed_at=None)

    for _ in range(2):
        with transaction():
            alerts.export_asked(export_id="an-export", account_id=acting.id)

    assert session().scalars(select(OutgoingMail.account_id)).all() == [other.id]
    assert staff.id not in session().scalars(select(OutgoingMail.account_id)).all()


def test_a_second_factor_that_was_taken_away_is_told_with_whose_it_was(app: Flask) -> None:
    acting, whose, other = make_administrator(), make_coordinator(), make_administrator()
    with transaction():
        alerts.second_factor_reset(account_id=whose.id, by=acting.id)

    row = soup(browser_of(app, other).get("/admin/watch")).select_one("tbody tr")

    assert row is not None
    assert [acting.email in row.get_text(), whose.email in row.get_text()] == [True, True]


def test_z8_the_page_says_who_was_shown_how_much_and_grants_more_to_others_only(app: Flask) -> None:
    administrator, staff = make_administrator(), make_coordinator()
    for account in (administrator, staff):
        make_reading_count(account, day=LIMITS[Window.DAY] * 2)
    client = browser_of(app, administrator)
    page = soup(client.get("/admin/watch"))

    [granting] = [str(form["action"]) for form in page.select("form[action$=more]")]
    client.post(granting, data={"csrf_token": token_of(client, "/admin/watch")})

    assert staff.id in granting
    texts = [row.get_text(" ", strip=True) for row in soup(client.get("/admin/watch")).select("tbody tr")]
    assert [("Nearly used up" in text, "1,200 / 1,200" in text) for text in texts if staff.email in text] == [
        (True, True)
    ]


def test_p4_the_head_to_keep_stands_on_the_page_and_its_loss_does_not_break_it(app: Flask) -> None:
    client = browser_of(app, make_administrator())
    with transaction():
        audit.record(action=AuditAction.LOG_IN, by=None, entity=AuditEntity.ACCOUNT, entity_id="abcdefghijklmnop")
    line = soup(client.get("/admin/watch")).select_one("pre")
    with transaction():
        session().delete(session().scalars(select(AuditHead)).one())

    without = client.get("/admin/watch")

    assert line is not None
    assert line.get_text().startswith("vestka-audit-head 1 ")
    assert without.status_code == 200
    assert "The head is missing" in without.text
