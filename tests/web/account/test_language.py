"""The language that one's mails come in: chosen at sign-up, and again whenever one likes."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import session
from app.models import AuditEvent
from app.queries.texts import TextKey
from app.vocabulary import TextFamily
from tests.factories import fresh, make_coordinator, make_sponsor, make_text
from tests.web.browsing import browser_of, soup, token_of

PAGE = "/account/language"
LITHUANIAN = TextKey(TextFamily.MAIL, "letter_due", "lt")


def test_only_languages_that_mails_are_written_in_are_offered_and_the_present_one_is_chosen(app: Flask) -> None:
    make_text(LITHUANIAN)
    account = make_sponsor().account
    page = soup(browser_of(app, account).get(PAGE))

    options = {option["value"]: option.has_attr("selected") for option in page.select("#language option")}

    assert options == {"en": True, "lt": False}


@pytest.mark.parametrize("staff", [False, True])
def test_whoever_is_logged_in_chooses_and_the_trail_names_the_field_alone(app: Flask, staff: bool) -> None:
    make_text(LITHUANIAN)
    account = make_coordinator() if staff else make_sponsor().account
    client = browser_of(app, account)

    answer = client.post(PAGE, data={"csrf_token": token_of(client, PAGE), "language": "lt"})

    assert (answer.status_code, answer.location) == (302, "/account")
    assert fresh(account).interface_language == "lt"
    overview = soup(client.get("/account")).main.get_text(" ", strip=True)
    assert "Language of our mails Lietuvių" in overview
    event = session().scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert event is not None
    assert (event.action, event.entity_id, event.fields) == ("choose", account.id, ["interface_language"])


@pytest.mark.parametrize("wrong", ["de", "", "../en"])
def test_a_language_that_is_not_offered_is_refused(app: Flask, wrong: str) -> None:
    account = make_sponsor().account
    client = browser_of(app, account)

    answer = client.post(PAGE, data={"csrf_token": token_of(client, PAGE), "language": wrong})

    assert answer.status_code == 422
    assert fresh(account).interface_language == "en"


def test_a_sponsors_settings_lead_there(app: Flask) -> None:
    page = soup(browser_of(app, make_sponsor().account).get("/home/settings"))

    assert page.select_one(f'main a[href="{PAGE}"]') is not None
