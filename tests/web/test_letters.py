"""Writing, as a sponsor meets it: beginnings, address, the printer's page; and what must never be kept."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.clock import today
from app.letters import GAP
from app.models import Match, PostRoute
from app.vocabulary import (
    DetentionStatus,
    MailAccess,
    MailRoute,
)
from tests.factories import (
    make_facility,
    make_letter,
    writing,
)
from tests.factories.writing import add
from tests.stored import everything_stored
from tests.web.browsing import browser_of, soup
from tests.web.letter_pages import STREET, active, page, post, words, written

HOSTILE = "{{7*7}} {% raw %} ((password_hash)) __class__ {0.__class__} <script>alert(1)</script>"


def test_the_first_page_holds_a_first_letter_in_the_language_the_sponsor_writes(app: Flask) -> None:
    match = active(sponsor={"name": "Hanna Kazka"})

    answer = page(app, match)

    assert written(answer).startswith("Здравствуйте, Надзея!")
    assert written(answer).endswith("Hanna")
    assert soup(answer).select_one("textarea")["lang"] == "ru"
    assert "Hello, Надзея," in soup(answer).select_one("#beside").parent.get_text()


def test_whoever_writes_belarusian_gets_belarusian_first_and_may_choose(app: Flask) -> None:
    match = active(sponsor={"languages": {"be": "fluent", "ru": "basic"}})

    assert written(page(app, match)).startswith("Вітаю Вас")
    assert written(page(app, match, "/write?language=ru")).startswith("Здравствуйте")


def test_only_a_language_that_the_facility_passes_is_offered(app: Flask) -> None:
    match = active(prisoner={"facility": make_facility(languages=["ru"])}, sponsor={"languages": {"be": "fluent"}})

    answer = page(app, match, "/write?language=be")

    assert written(answer).startswith("Здравствуйте")
    assert soup(answer).select_one("#language") is None


def test_where_neither_language_is_passed_there_is_a_blank_page_with_prompts(app: Flask) -> None:
    match = active(prisoner={"country": "CN", "facility": make_facility(country="CN", languages=["zh"])})

    answer = page(app, match, "/write?template=first&language=ru")

    assert written(answer) == ""
    assert "What could I write?" in words(answer)


@pytest.mark.parametrize("template", ["first", "everyday", "birthday", "new_year"])
def test_every_beginning_can_be_chosen(app: Flask, template: str) -> None:
    answer = page(app, active(), f"/write?template={template}&language=be")

    assert written(answer).startswith("Вітаю Вас, Надзея!")
    assert soup(answer).select_one("#template option[selected]")["value"] == template


def test_a_blank_page_comes_with_prompts(app: Flask) -> None:
    answer = page(app, active(), "/write?template=blank")

    assert written(answer) == ""
    assert "What did you see from your window" in words(answer)


def test_nobody_is_led_to_send_the_same_words_twice(app: Flask) -> None:
    match = active()
    suggested = []
    for days, template in ((30, "first"), (20, "everyday"), (10, None)):
        suggested.append(soup(page(app, match)).select_one("#template option[selected]")["value"])
        make_letter(match=match, template=template, sent_on=today() - timedelta(days=days))

    assert suggested == ["first", "everyday", "blank"]


def test_where_the_given_name_is_not_sure_the_writer_fills_it_in(app: Flask) -> None:
    answer = page(app, active(prisoner={"name_cyrillic": "Казка Алена"}))

    assert written(answer).startswith(f"Здравствуйте, {GAP}!")
    assert "we can't tell which part of the name it is" in words(answer)


def test_w3_what_looks_like_code_in_names_stays_text(app: Flask) -> None:
    match = active(
        prisoner={"name_cyrillic": "Казка ((password_hash)) Пятроўна", "name_latin": HOSTILE},
        sponsor={"name": "{{7*7}} Kazka"},
    )

    answer = page(app, match)

    assert "Здравствуйте, ((password_hash))!" in written(answer)
    assert written(answer).endswith("{{7*7}}")
    assert HOSTILE in words(answer)
    assert "<script>alert" not in answer.text


def test_w2_w3_what_looks_like_code_in_a_letter_is_printed_as_it_was_written(app: Flask) -> None:
    match = active()

    answer = post(browser_of(app, match.sponsor.account), match, "/print", {"text": f"{HOSTILE}\nДва"})

    assert soup(answer).select_one(".letter-sheet").get_text() == f"{HOSTILE}\nДва"
    assert soup(answer).select_one(".letter-sheet script") is None


def test_the_printers_page_holds_the_letter_and_the_whole_address(app: Flask) -> None:
    match = active()
    client = browser_of(app, match.sponsor.account)

    answer = post(client, match, "/print?template=first&language=be", {"text": "Добры дзень!"})

    lines = list(soup(answer).select_one(".print-only address").stripped_strings)
    assert soup(answer).select_one("a[href*='template=first'][href*='language=be']")["href"].endswith("be")
    assert soup(answer).select_one(".letter-sheet")["lang"] == "be"
    assert lines == [
        "Выдуманая Надзея Пятроўна (1980)",
        match.prisoner.facility.title_cyrillic,
        STREET,
        "000000 Выдумск",
        "РЕСПУБЛИКА БЕЛАРУСЬ / REPUBLIC OF BELARUS",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "still blank"), (f"Здравствуйте, {GAP}!", "still a gap"), ("я" * 20_001, "very long")],
)
def test_a_page_that_is_not_ready_comes_back_with_what_was_written(app: Flask, text: str, said: str) -> None:
    match = active()

    answer = post(browser_of(app, match.sponsor.account), match, "/print", {"text": text})

    assert answer.status_code == 422
    assert said in words(answer)
    assert written(answer) == text


def test_p3_the_text_of_a_letter_is_neither_stored_nor_logged(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    match = active()
    client = browser_of(app, match.sponsor.account)
    caplog.set_level(logging.DEBUG)

    shown = post(client, match, "/print", {"text": "CANARY-LETTER"})
    refused = post(client, match, "/print", {"text": f"CANARY-LETTER {GAP}"})
    post(client, match, "", {"sent_on": today().isoformat(), "text": "CANARY-LETTER"})

    assert ("CANARY-LETTER" in shown.text, "CANARY-LETTER" in refused.text) == (True, True)
    stored = everything_stored()
    assert (match.id in stored, "CANARY" in stored) == (True, False)
    assert "CANARY" not in caplog.text + "".join(capfd.readouterr())
    assert "We never keep what you write" in words(client.get(f"/matches/{match.id}/letters/write"))


@pytest.mark.parametrize(
    ("prisoner", "said"),
    [
        ({"mail_access": MailAccess.INCOMMUNICADO}, "Letters to this person wait"),
        ({"detention_status": DetentionStatus.IN_TRANSFER}, "They are being moved"),
        ({"facility": None}, "We don't have the whole address yet"),
    ],
)
def test_where_no_letter_can_go_the_page_says_why_and_gives_no_address(
    app: Flask, prisoner: dict[str, Any], said: str
) -> None:
    answer = page(app, active(prisoner=prisoner))

    assert said in words(answer)
    assert soup(answer).select_one("address") is None
    assert written(answer).startswith("Здравствуйте")


@pytest.mark.parametrize(
    "prisoner", [{"mail_access": MailAccess.INCOMMUNICADO}, {"detention_status": DetentionStatus.IN_TRANSFER}]
)
def test_a_letter_that_waits_is_printed_without_an_envelope(app: Flask, prisoner: dict[str, Any]) -> None:
    match = active(prisoner=prisoner)

    answer = post(browser_of(app, match.sponsor.account), match, "/print", {"text": "Добры дзень!"})

    assert soup(answer).select_one(".letter-sheet").get_text() == "Добры дзень!"
    assert soup(answer).select("address") == []


def test_relatives_only_changes_the_advice_and_forbids_nothing(app: Flask) -> None:
    answer = page(app, active(prisoner={"mail_access": MailAccess.RELATIVES_ONLY}))

    assert "Letters still help" in words(answer)
    assert STREET in words(answer)


def _by(route: MailRoute, note: str | None) -> Match:
    with writing():
        add(PostRoute(from_country="CZ", to_country="BY", route=route, note=note))
        return active(sponsor={"country": "CZ"})


def test_a_closed_route_gives_no_address_and_says_what_to_do(app: Flask) -> None:
    answer = page(app, _by(MailRoute.CLOSED, "The post office takes nothing."))

    assert "Write and keep the letter; your coordinator tells you another way." in words(answer)
    assert "The post office takes nothing." in words(answer)
    assert soup(answer).select_one("address") is None


@pytest.mark.parametrize("note", ["Hub, Example Street 1", None])
def test_through_the_hub_the_envelope_bears_no_street(app: Flask, note: str | None) -> None:
    answer = page(app, _by(MailRoute.VIA_HUB, note))

    assert "letters go through our hub" in words(answer)
    assert (note or "Your coordinator gives you the hub's address.") in words(answer)
    assert "Выдуманая Надзея Пятроўна (1980)" in soup(answer).select_one("address").get_text()
    assert STREET not in answer.text
