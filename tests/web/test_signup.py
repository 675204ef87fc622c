"""The way in, step by step, as a browser without JavaScript walks it."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.database import session
from app.models import Account, OutgoingMail, Sponsor
from app.queries.texts import TextKey
from app.vocabulary import TextFamily
from tests.factories import make_account, make_text
from tests.web.browsing import soup

ANSWERS: list[dict[str, str]] = [
    {"country": "FR"},
    {
        "full_name": "Invented Writer", "role": "volunteer", "profession_group": "arts", "parliament": "",
        "mandate_ends": "", "time_zone": "Europe/Paris", "interface_language": "en",
    },
    {"support_kind": "letter_writer", "capacity": "2", "letters_a_month": "1"},
    {"levels-0": "fluent", "levels-1": "basic", "translation_wanted": "y"},
    {"wish_gender": "female", "conflict_notes": "My cousin works there."},
    {"email": "new@example.org", "password": "four unrelated words", "understood": "y"},
]  # fmt: skip


def form_of(page: BeautifulSoup) -> dict[str, str]:
    """What a browser would send for the form that goes on, if nothing were filled in."""
    form = page.select("main form")[-1]
    boxes = form.select("input[name]:not([type=radio]):not([type=checkbox]), textarea[name]")
    ticked = form.select("input[name][checked]")
    sent = {field["name"]: field.get("value") or field.text for field in (*boxes, *ticked)}
    for choice in form.select("select[name]"):
        chosen = choice.select_one("option[selected]") or choice.select_one("option")
        sent[choice["name"]] = chosen["value"]
    return sent


def walk(client: FlaskClient, answers: list[dict[str, str]]) -> TestResponse:
    """Fill one step after the other; return the answer to the last."""
    answer = client.get("/signup")
    for filled in answers:
        answer = client.post("/signup", data=form_of(soup(answer)) | filled)
    return answer


def changed(step: int, **values: str) -> list[dict[str, str]]:
    """The usual answers, up to `step` with other values in it."""
    return [*ANSWERS[:step], ANSWERS[step] | values]


def count(table: type[Account]) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def test_the_whole_way_stores_an_application_and_says_to_look_into_the_mail(app: Flask, client: FlaskClient) -> None:
    answer = walk(client, ANSWERS)

    assert answer.location == "/signup/sent"
    sponsor = session().scalars(select(Sponsor)).one()
    assert (sponsor.name, sponsor.country, sponsor.capacity) == ("Invented Writer", "FR", 2)
    assert {row.language: row.level.value for row in sponsor.languages} == {"ru": "fluent", "be": "basic"}
    assert (sponsor.wish_gender, sponsor.conflict_notes) == ("female", "My cousin works there.")
    assert (sponsor.translation_wanted, sponsor.translation_offered) == (True, False)
    assert (sponsor.vetting_state, sponsor.account.email_confirmed_at) == ("pending", None)
    assert [mail.message for mail in session().scalars(select(OutgoingMail))] == ["confirm_address"]


def test_mails_are_offered_in_english_and_in_each_language_that_a_mail_is_written_in(
    app: Flask, client: FlaskClient
) -> None:
    make_text(TextKey(TextFamily.MAIL, "offer", "be"))
    make_text(TextKey(TextFamily.MAIL, "offer", "ru"))
    make_text(TextKey(TextFamily.MAIL, "offer", "ru"), parts=None)
    asked = soup(client.post("/signup", data=form_of(soup(client.get("/signup"))) | ANSWERS[0]))

    walk(client, [*changed(1, interface_language="be"), *ANSWERS[2:]])

    offered = [(option["value"], option.get_text()) for option in asked.select("#interface_language option")]
    assert offered == [("en", "English"), ("be", "Беларуская")]
    assert session().scalars(select(Account.interface_language).order_by(Account.created_at.desc())).first() == "be"


@pytest.mark.parametrize("country", ["BY", "RU"])
def test_somebody_in_a_detaining_country_is_turned_back_before_the_second_question(
    app: Flask, client: FlaskClient, country: str
) -> None:
    answer = walk(client, [{"country": country}])

    assert answer.status_code == 200
    assert soup(answer).select("main form input[name=full_name]") == []
    assert count(Account) == 0


def test_a_detaining_country_slipped_in_at_the_end_stores_nothing(app: Flask, client: FlaskClient) -> None:
    answer = walk(client, changed(5, country="BY"))

    assert answer.status_code == 200
    assert count(Account) == 0


def test_a2_a_known_address_gets_the_same_answer_and_its_owner_a_mail(app: Flask, client: FlaskClient) -> None:
    make_account(email="new@example.org")

    answer = walk(client, ANSWERS)

    assert answer.location == "/signup/sent"
    assert count(Account) == 1
    assert [mail.message for mail in session().scalars(select(OutgoingMail))] == ["already_registered"]


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        (0, {"country": ""}, "country"),
        (0, {"country": "XX"}, "country"),
        (1, {"full_name": "  "}, "full_name"),
        (1, {"role": "administrator"}, "role"),
        (1, {"role": "parliamentarian", "parliament": ""}, "parliament"),
        (1, {"mandate_ends": "2020-01-01"}, "mandate_ends"),
        (1, {"time_zone": "Mars/Olympus"}, "time_zone"),
        (2, {"capacity": "0"}, "capacity"),
        (2, {"capacity": "many"}, "capacity"),
        (2, {"available_from": "2030-01-02", "available_until": "2030-01-01"}, "available_until"),
        (5, {"email": "not an address"}, "email"),
        (5, {"password": "short"}, "password"),
        (5, {"password": "aaaaaaaaaaaaaaaa"}, "password"),
        (5, {"understood": ""}, "understood"),
    ],
)
def test_a_wrong_answer_is_named_beside_its_field_and_nothing_is_stored(
    app: Flask, client: FlaskClient, step: int, wrong: dict[str, str], field: str
) -> None:
    answer = walk(client, changed(step, **wrong))

    assert answer.status_code == 422
    page = soup(answer)
    assert page.select(f"[name={field}][aria-invalid=true], fieldset[aria-describedby*={field}]"), "the field is marked"
    assert page.select(".error-summary a[href^='#']"), "the summary leads to it"
    assert count(Account) == 0


def test_z6_what_the_form_does_not_ask_is_not_taken(app: Flask, client: FlaskClient) -> None:
    forged = {"vetting_state": "vetted", "is_admin": "1", "roles": "administrator", "sponsor_id": "x", "held": "0"}

    walk(client, changed(5, **forged))

    sponsor = session().scalars(select(Sponsor)).one()
    assert sponsor.vetting_state == "pending"
    assert sponsor.account.staff_roles == frozenset()


def test_answers_of_earlier_steps_are_kept_when_one_goes_back(app: Flask, client: FlaskClient) -> None:
    answer = walk(client, ANSWERS[:3])

    back = client.post("/signup", data=form_of(soup(answer)) | ANSWERS[3] | {"go": "about"})

    assert soup(back).select_one("[name=full_name]")["value"] == "Invented Writer"
    forward = client.post("/signup", data=form_of(soup(back)) | ANSWERS[1])
    assert soup(forward).select_one("[name=capacity]")["value"] == "2"


def test_w2_markup_in_a_name_stays_text(app: Flask, client: FlaskClient) -> None:
    answer = walk(client, [*changed(1, full_name="<script>x</script>"), *ANSWERS[2:5]])

    assert "<script>x" not in answer.get_data(as_text=True)
    assert "&lt;script&gt;x" in answer.get_data(as_text=True)


def test_f4_line_breaks_in_a_name_become_one_space(app: Flask, client: FlaskClient) -> None:
    walk(client, [*changed(1, full_name="Two\r\nLines\u2028and\x0bmore"), *ANSWERS[2:]])

    assert session().scalars(select(Sponsor)).one().name == "Two Lines and more"


def test_the_notice_for_people_in_belarus_stands_before_the_first_field(app: Flask, client: FlaskClient) -> None:
    page = client.get("/signup").get_data(as_text=True)

    assert 0 < page.index("Belarus, please") < page.index('name="country"')
