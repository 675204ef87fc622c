"""Texts in a browser: the list, the page to write one on, its preview, two who save at once, and the way back."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.mail import texts as mail_texts
from app.models import Match
from app.queries import texts
from app.queries.texts import SEVERAL, TextKey, Version
from app.vocabulary import MatchState, TextFamily
from tests.factories import make_coordinator, make_facility, make_match, make_prisoner, make_sponsor, make_text
from tests.factories.texts import LETTER_DUE, WORDS
from tests.statements import statements
from tests.web.browsing import browser_of, soup

TEXT = "/desk/texts/mail/letter_due/en"
OFFER_IN_RUSSIAN = "/desk/texts/mail/offer/ru"
FIRST = "/desk/texts/letter/first/mul"
FIRST_KEY = TextKey(TextFamily.LETTER, "first", SEVERAL)
HOSTILE = "<b>x</b> {{7*7}} {% raw %} __class__ {0.__class__}"


@pytest.fixture
def ada(app: Flask) -> FlaskClient:
    """The browser of somebody who runs the programme."""
    return browser_of(app, make_coordinator(email="ada@example.org", roles=["coordinator", "programme"]))


def form_of(page: BeautifulSoup, action: str) -> dict[str, str]:
    """What a browser would send from the form that goes to `action`."""
    form = page.select_one(f'main form[action="{action}"]')
    assert form is not None, f"no form goes to {action}"
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return sent | {field["name"]: field.get_text().lstrip("\r\n") for field in form.select("textarea")}


def send(client: FlaskClient, path: str, *, act: str = "save", **changes: str) -> TestResponse:
    """Open the text, write these parts, and press a button."""
    return client.post(path, data=form_of(soup(client.get(path)), path) | {"act": act} | changes)


def errors(answer: TestResponse) -> dict[str, str]:
    """What the page says at its fields, by the field's name."""
    wrong = soup(answer).select("main form .field-wrong")
    return {
        field.select_one("input, textarea")["name"]: field.select_one(".field-error").get_text(" ", strip=True)
        for field in wrong
    }


def newest(key: TextKey = LETTER_DUE) -> Version | None:
    texts.session().rollback()
    return texts.newest_of(key)


def test_the_list_names_every_mail_and_letter_and_who_edited_it_when(app: Flask, ada: FlaskClient) -> None:
    send(ada, TEXT, subject="Edited by Ada")
    send(ada, OFFER_IN_RUSSIAN, subject="Есть новости")

    page = soup(ada.get("/desk/texts"))

    mails, letters = page.select("main table")
    assert len(mails.select("tbody tr")) == len([*mail_texts.editable(), "frame"])
    assert len(letters.select("tbody tr")) == 4
    rows = {row.th.get_text(): row.get_text(" ", strip=True) for row in mails.select("tbody tr")}
    assert "Edited by Ada" in rows["Reminder: a letter is due"]
    assert "Edited: English" in rows["Reminder: a letter is due"]
    assert "ada@example.org" in rows["Reminder: a letter is due"]
    assert "Edited: Russian" in rows["An offer"]
    assert "Built in" in rows["A condolence"]


def test_the_list_asks_as_much_for_many_versions_as_for_few(app: Flask, ada: FlaskClient) -> None:
    def asked() -> int:
        with statements() as sent:
            assert ada.get("/desk/texts").status_code == 200
        return len(sent)

    make_text()
    few = asked()
    for name in ("offer", "moved", "released"):
        make_text(TextKey(TextFamily.MAIL, name, "en"))
        make_text(TextKey(TextFamily.MAIL, name, "ru"))

    assert asked() == few


def test_the_page_begins_with_the_built_in_words_and_says_what_may_stand_in_them(ada: FlaskClient) -> None:
    page = soup(ada.get(TEXT))

    words = form_of(page, TEXT)
    assert (words["subject"], words["button"]) == ("A good day for a few lines", "Begin to write")
    assert "\n\n((link))\n\n" in words["body"]
    assert [code.get_text() for code in page.select("main code")] == ["((link))", "((recipient_name))"]


def test_a_mail_that_calls_nobody_by_name_does_not_offer_to(ada: FlaskClient) -> None:
    page = soup(ada.get("/desk/texts/mail/confirm_address/en"))

    assert [code.get_text() for code in page.select("main code")] == ["((link))"]


def test_a_language_that_nobody_has_written_begins_with_the_english_words_in_force(
    app: Flask, ada: FlaskClient
) -> None:
    make_text(TextKey(TextFamily.MAIL, "offer", "en"), parts={**WORDS, "heading": "The newest English"})

    page = soup(ada.get(OFFER_IN_RUSSIAN))

    assert form_of(page, OFFER_IN_RUSSIAN)["heading"] == "The newest English"
    assert "Nobody has written this mail in Russian yet" in page.main.get_text()


def test_saving_puts_the_words_into_force(ada: FlaskClient) -> None:
    answer = send(ada, TEXT, subject="A quiet word", body="Hello.\r\n\r\n((link))\r\n")

    version = newest()
    assert (answer.status_code, answer.location) == (302, "/desk/texts")
    assert version is not None
    assert version.parts is not None
    assert (version.parts["subject"], version.parts["body"]) == ("A quiet word", "Hello.\n\n((link))")
    assert "Saved" in ada.get("/desk/texts").text


def test_saving_without_a_change_makes_no_version(ada: FlaskClient) -> None:
    answer = send(ada, TEXT)

    assert answer.status_code == 302
    assert newest() is None


@pytest.mark.parametrize(
    ("path", "part", "text", "said"),
    [
        (TEXT, "body", "Hi ((password_hash))\n\n((link))", "Line 1: there is no placeholder ((password_hash))."),
        (TEXT, "body", "Hi", "((link)) is missing."),
        (TEXT, "subject", "For ((recipient_name))", "Line 1: ((recipient_name)) may not stand in this text."),
        (TEXT, "subject", "A political prisoner", "“political” tells"),
        (
            "/desk/texts/mail/confirm_address/en",
            "body",
            "((recipient_name))\n\n((link))",
            "may not stand in this text.",
        ),
        (FIRST, "be", "((prisoner_given_name)) ((writer_name))", "((own_lines)) is missing."),
    ],
)
def test_w3_what_must_not_be_saved_stands_at_its_field_and_nothing_written_is_lost(
    ada: FlaskClient, path: str, part: str, text: str, said: str
) -> None:
    answer = send(ada, path, **{part: text})

    assert answer.status_code == 422
    assert said in errors(answer)[part]
    assert form_of(soup(answer), path)[part] == text
    assert newest() is newest(FIRST_KEY) is None


def test_w2_w3_markup_and_expressions_are_saved_and_shown_as_text(ada: FlaskClient) -> None:
    send(ada, TEXT, subject=HOSTILE, heading=HOSTILE, body=f"{HOSTILE}\n\n((link))")

    page = soup(ada.get(TEXT))
    assert form_of(page, TEXT)["heading"] == HOSTILE
    assert HOSTILE in soup(ada.get("/desk/texts")).get_text()
    assert HOSTILE in soup(ada.get(f"{TEXT}/versions?number=1")).get_text()
    assert not page.select("main b")


def test_a_preview_saves_nothing_and_shows_html_and_text_in_every_language_there_is(
    app: Flask, ada: FlaskClient
) -> None:
    make_text(TextKey(TextFamily.MAIL, "letter_due", "ru"), parts={**WORDS, "subject": "Добрый день"})

    answer = send(ada, TEXT, act="preview", subject=HOSTILE, body=f"Dear ((recipient_name)), {HOSTILE}\n\n((link))")

    page = soup(answer)
    assert answer.status_code == 200
    assert newest() is None
    frames = [BeautifulSoup(frame["srcdoc"], "html.parser") for frame in page.select("iframe")]
    assert [frame.has_attr("sandbox") for frame in page.select("iframe")] == [True, True]
    assert [frame.html["lang"] for frame in frames] == ["en", "ru"]
    assert frames[0].p.get_text() == f"Dear Maria-Alexandra, {HOSTILE}"
    assert frames[0].link["href"] == "/static/mail.css"
    assert not frames[0].select("b, style, script, [style]")
    plain = [text.get_text() for text in page.select("pre")]
    assert f"Dear Maria-Alexandra, {HOSTILE}" in " ".join(plain[0].split())
    assert "Dear Александра-Виктория" in plain[1]
    assert form_of(page, TEXT)["subject"] == HOSTILE


def test_a_preview_of_what_must_not_be_saved_says_so_and_still_shows_it(ada: FlaskClient) -> None:
    answer = send(ada, TEXT, act="preview", body="Hi ((password_hash))")

    assert "there is no placeholder ((password_hash))" in errors(answer)["body"]
    assert "Hi ((password_hash))" in soup(answer).pre.get_text()


FRAME = "/desk/texts/mail/frame/be"


def test_what_stands_around_every_mail_is_edited_like_one_and_shown_around_a_reminder(ada: FlaskClient) -> None:
    shown = send(ada, FRAME, act="preview", pause="Мне патрэбны перапынак")
    saved = send(ada, FRAME, pause="Мне патрэбны перапынак")
    mail = send(ada, "/desk/texts/mail/letter_due/be", act="preview")

    assert [code.get_text() for code in soup(shown).select("main code")] == []
    assert saved.status_code == 302
    for page in (soup(shown), soup(mail)):
        frame = BeautifulSoup(page.select_one("iframe")["srcdoc"], "html.parser")
        assert "Мне патрэбны перапынак" in frame.get_text()
        assert "Мне патрэбны перапынак: http" in page.pre.get_text()


@pytest.mark.parametrize("words", ["", "((link))", "write to https://evil.example", "x" * 201])
def test_w3_nothing_around_a_mail_can_be_emptied_or_lead_elsewhere(ada: FlaskClient, words: str) -> None:
    answer = send(ada, FRAME, end=words)

    assert answer.status_code == 422
    assert set(errors(answer)) == {"end"}


def test_a_letter_is_previewed_in_each_of_its_languages(ada: FlaskClient) -> None:
    answer = send(ada, FIRST, act="preview")

    sheets = soup(answer).select(".letter-sheet")
    assert [sheet["lang"] for sheet in sheets] == ["ru", "be", "en"]
    assert all("((" not in sheet.get_text() for sheet in sheets)


def test_of_two_who_write_at_once_the_second_sees_both_and_loses_nothing(app: Flask, ada: FlaskClient) -> None:
    bea = browser_of(app, make_coordinator(email="bea@example.org", roles=["programme"]))
    begun = form_of(soup(ada.get(TEXT)), TEXT)
    send(bea, TEXT, heading="Words of Bea")

    stale = ada.post(TEXT, data=begun | {"act": "save", "heading": "Words of Ada"})

    page = soup(stale)
    assert stale.status_code == 409
    assert "bea@example.org" in page.main.get_text()
    assert "Words of Bea" in page.select_one(".text-parts").get_text()
    assert form_of(page, TEXT)["heading"] == "Words of Ada"
    again = ada.post(TEXT, data=form_of(page, TEXT) | {"act": "save"})
    assert again.status_code == 302
    version = newest()
    assert version is not None
    assert version.parts is not None
    assert (version.number, version.parts["heading"]) == (2, "Words of Ada")


def test_versions_are_listed_read_and_brought_back(app: Flask, ada: FlaskClient) -> None:
    send(ada, TEXT, heading="The first heading")
    send(ada, TEXT, heading="The second heading", button="Other words")
    versions = soup(ada.get(f"{TEXT}/versions"))
    rows = [row.get_text(" ", strip=True) for row in versions.select("main tbody tr")]
    assert "Version 2 (in force)" in rows[0]
    assert "Heading, Words on the button" in rows[0]
    assert "ada@example.org" in rows[1]

    one = soup(ada.get(f"{TEXT}/versions?number=1"))
    assert "The first heading" in one.select_one(".text-parts").get_text()
    answer = ada.post(f"{TEXT}/versions", data=form_of(one, f"{TEXT}/versions"))

    version = newest()
    assert answer.status_code == 302
    assert version is not None
    assert version.parts is not None
    assert (version.number, version.parts["heading"]) == (3, "The first heading")


def test_there_is_a_way_back_to_what_is_built_in(ada: FlaskClient) -> None:
    send(ada, TEXT, heading="Another heading")

    ada.post(f"{TEXT}/versions", data=form_of(soup(ada.get(f"{TEXT}/versions")), f"{TEXT}/versions"))

    assert form_of(soup(ada.get(TEXT)), TEXT)["heading"] == "A good day for a few lines"
    page = soup(ada.get(f"{TEXT}/versions"))
    assert "Back to what is built in" in page.get_text()
    assert not page.select(f'form[action="{TEXT}/versions"]')


def test_a_version_that_is_no_longer_allowed_is_opened_to_be_mended(app: Flask, ada: FlaskClient) -> None:
    make_text(parts={**WORDS, "body": "((of_another_release))\n\n((link))"})
    make_text()
    page = soup(ada.get(f"{TEXT}/versions?number=1"))

    answer = ada.post(f"{TEXT}/versions", data=form_of(page, f"{TEXT}/versions"))

    assert answer.status_code == 422
    assert "((of_another_release))" in errors(answer)["body"]
    assert form_of(soup(answer), TEXT)["version"] == "2"


def test_a_text_that_nobody_edited_has_no_versions_and_says_so(ada: FlaskClient) -> None:
    assert "No versions yet" in ada.get(f"{TEXT}/versions").text


@pytest.mark.parametrize(
    "path",
    [
        "/desk/texts/mail/no_such_mail/en",
        "/desk/texts/mail/discreet/en",
        "/desk/texts/mail/layout.html/en",
        "/desk/texts/mail/offer/xx",
        "/desk/texts/letter/first/ru",
        "/desk/texts/page/offer/en",
        f"{TEXT}/versions?number=1",
        f"{TEXT}/versions?number=x",
    ],
)
def test_a_text_or_version_that_there_is_not_is_not_there(ada: FlaskClient, path: str) -> None:
    assert ada.get(path).status_code == 404


@pytest.mark.parametrize("path", [TEXT, f"{TEXT}/versions"])
def test_w1_without_our_token_nothing_is_saved(ada: FlaskClient, path: str) -> None:
    send(ada, TEXT, heading="Another heading")
    answer = ada.post(path, data={**WORDS, "act": "save", "version": "1", "number": "0"})

    assert answer.status_code == 400
    version = newest()
    assert version is not None
    assert version.number == 1


def test_z6_fields_that_the_page_has_not_change_nothing(ada: FlaskClient) -> None:
    send(ada, TEXT, heading="Another heading", name="offer", family="letter", written_by="somebody", unsubscribe="no")

    version = newest()
    assert version is not None
    assert version.parts is not None
    assert set(version.parts) == {"subject", "heading", "body", "button"}


@pytest.fixture
def match(app: Flask) -> Match:
    """A match whose sponsor may write a letter."""
    prisoner = make_prisoner(facility=make_facility(languages=["ru", "be"]))
    return make_match(prisoner=prisoner, sponsor=make_sponsor(), state=MatchState.ACTIVE)


def test_whoever_begins_a_letter_begins_with_the_edited_words(app: Flask, ada: FlaskClient, match: Match) -> None:
    greeting = "((prisoner_given_name))\n\n((own_lines))\n\n"
    written = {code: f"{greeting}{words} ((writer_name))" for code, words in
               (("ru", "Новые слова"), ("be", "Новыя словы"), ("en", "New words"))}  # fmt: skip
    assert send(ada, FIRST, **written).status_code == 302

    sponsor = browser_of(app, match.sponsor.account)
    page = soup(sponsor.get(f"/matches/{match.id}/letters/write?template=first&language=be"))

    assert "Новыя словы" in page.textarea.get_text()
    assert "New words" in page.select_one(".letter-beside").get_text()
