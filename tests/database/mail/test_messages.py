"""Each mail's words: discreet, naming nobody, the same as text and as HTML (M7, W5)."""

import re
import socket

import pytest
from flask import Flask

from app.mail.delivery import DeliveryCounts
from app.mail.messages import KINDS, rendering
from app.mail.messages.reminding import Gathered
from app.mail.messages.rendering import DISCREET, Edition, letter, with_links, with_styles_inside, write
from app.mail.outbox import Message
from app.reminders import ReminderKind, answers_to
from tests.database.mail.expected import CHOICES, EXPECTED, PATHS
from tests.database.mail.letters import (
    CANARY,
    REMINDERS,
    html_of,
    queue_for,
    send_one,
    text_of,
)
from tests.database.mail.post import deliver, settings
from tests.factories import make_account
from tests.smtp_peer import SmtpPeer

TELLING = re.compile(
    r"prison|politic|belarus|russia|detain|jail|colony|sentence|protest|regime|godparent", re.IGNORECASE
)
SITE = "https://site.example"


@pytest.mark.parametrize("message", Message)
def test_a_mail_says_this_and_nothing_else(app: Flask, peer: SmtpPeer, message: Message) -> None:
    """W5: its links start at the public address."""
    subject, text = EXPECTED[message]

    with settings(app, public_url=SITE):
        mail = send_one(peer, message)

    expected = re.escape(text)
    for place, path in {"LINK": PATHS[message], **CHOICES}.items():
        expected = expected.replace(place, re.escape(SITE) + path)
    assert mail.message["Subject"] == subject
    assert re.fullmatch(expected, text_of(mail))


@pytest.mark.parametrize("message", Message)
@pytest.mark.parametrize("email", ["anna@example.org", "anna@mail.ru"])
def test_m6_reminders_can_be_ended_from_the_mail_program_and_nothing_else_can(
    app: Flask, peer: SmtpPeer, message: Message, email: str
) -> None:
    """RFC 8058: one address, in brackets, whole, and the word that makes a click of it."""
    with settings(app, public_url=SITE):
        mail = send_one(peer, message, email=email)

    ending = mail.message["List-Unsubscribe"]
    if message not in REMINDERS:
        assert (ending, mail.message["List-Unsubscribe-Post"]) == (None, None)
        return
    assert re.fullmatch(f"<{re.escape(SITE)}{CHOICES['UNSUBSCRIBE']}>", ending)
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("message", Message)
def test_the_html_says_the_same_with_one_button_and_nothing_from_afar(
    app: Flask, peer: SmtpPeer, message: Message
) -> None:
    """M7: no pixel, no image, nothing remote, no style sheet."""
    mail = send_one(peer, message)
    page, text = html_of(mail), text_of(mail)

    said = " ".join(page.body.get_text(" ").split())
    for paragraph in text.split("\n\n"):
        words, _colon, _link = paragraph.partition(": http")
        assert " ".join(words.split()) in said
    links = {link["href"] for link in page.find_all("a")}
    assert links == set(re.findall(r"https?://\S+", text))
    assert len(page.find_all("a", class_="button")) == 1
    assert not page.find_all(["img", "link", "style", "script", "iframe", "video", "audio", "object", "form"])
    assert not re.search(r"url\(|@import|src=|background=", str(page))
    assert all(cell.get("style") for cell in page.find_all("td", class_=True))
    assert page.html["lang"] == "en"
    assert len(page.find_all("h1")) == 1


@pytest.mark.parametrize("message", Message)
def test_a_mail_names_nobody_and_its_subject_gives_nothing_away(app: Flask, peer: SmtpPeer, message: Message) -> None:
    """docs/domain.md, "Do no harm" 2 and 4: a canary stands in everything that is stored about both sides."""
    mail = send_one(peer, message)

    whole = f"{mail.message['Subject']} {text_of(mail)} {html_of(mail)}"
    assert CANARY.casefold() not in whole.casefold()
    assert not TELLING.search(whole)


# A link that proves an official address goes there, and no parliament has its mailboxes with these providers.
@pytest.mark.parametrize("message", [message for message in Message if message is not Message.PROVE_OFFICIAL])
@pytest.mark.parametrize("email", ["anna@mail.ru", "anna@tut.by"])
def test_to_a_mailbox_in_a_states_reach_goes_only_that_there_is_a_message(
    app: Flask, peer: SmtpPeer, message: Message, email: str
) -> None:
    mail = send_one(peer, message, email=email)

    [link] = re.findall(r"https?://\S+", text_of(mail))
    assert mail.message["Subject"] == "You have a message"
    assert text_of(mail) == f"You have a message.\n\n{link}\n"
    assert "/matches/" not in link
    said = " ".join(html_of(mail).body.get_text(" ").split())
    assert said == (
        f"You have a message Open it If the button does nothing, copy this address into your browser: {link}"
    )


def test_an_account_in_a_language_that_nobody_translated_is_written_to_in_the_sites_own(
    app: Flask, peer: SmtpPeer
) -> None:
    account = make_account(interface_language="xx-none")
    queue_for(Message.ALREADY_REGISTERED, account.id)

    assert deliver() == DeliveryCounts(sent=1)
    assert peer.mails[0].message["Subject"] == EXPECTED[Message.ALREADY_REGISTERED][0]


def test_every_message_has_its_words() -> None:
    assert set(KINDS) == set(Message) == set(EXPECTED)


@pytest.mark.parametrize("folder", [*Message, DISCREET])
@pytest.mark.parametrize(
    "link", ["https://site.example/matches/abcdefghijklmnop", "http://127.0.0.1:8000/confirm/Az-_09"]
)
def test_words_written_once_are_the_words_that_would_be_written_for_each_mail(
    app: Flask, folder: str, link: str
) -> None:
    """Byte for byte: text, HTML and the styles inside it, with all its links and where it can be ended."""
    choices = None
    if folder in REMINDERS:
        kinds = [*ReminderKind] if folder == Message.SEVERAL_REMINDERS else [ReminderKind(folder)]
        links = f"{SITE}/reminders/Az-_09", f"{SITE}/unsubscribe/Az-_09?a=1&b=2"
        choices = Gathered(answers_to(kinds), *links, tuple((kind, False) for kind in kinds))
    places = choices.places if choices else None

    written = with_links(write(app.jinja_env, folder, Edition("en"), choices=places), link, choices)

    assert written == write(app.jinja_env, folder, Edition("en"), link=link, choices=choices)
    assert (written.text.count(link), written.html.count(link)) == (1, 3)
    assert "place:" not in str(written)


def test_two_mails_with_the_same_words_lead_each_to_its_own_match(app: Flask, peer: SmtpPeer) -> None:
    mails = [send_one(peer, Message.OFFER) for _ in range(2)]

    links = [set(re.findall(r"https?://\S+", text_of(mail))) for mail in mails]
    assert links[0].isdisjoint(links[1])


def test_templates_that_are_being_edited_are_read_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    account, link = make_account(), "https://site.example/home"
    written = [letter(Message.SPONSOR_VETTED, to=account, link=link)]
    monkeypatch.setattr(app.jinja_env, "auto_reload", True)
    monkeypatch.setattr(rendering, "with_styles_inside", lambda _html: "edited")

    written.append(letter(Message.SPONSOR_VETTED, to=account, link=link))

    assert [mail.html == "edited" for mail in written] == [False, True]


def test_writing_the_styles_into_a_mail_fetches_nothing(app: Flask) -> None:
    """M7: even where a style sheet from afar stood in the mail, nobody would be asked for it."""
    with socket.create_server(("127.0.0.1", 0)) as afar:
        afar.settimeout(0.2)
        address = "http://{}:{}/mail.css".format(*afar.getsockname())
        with_styles_inside(f'<link rel="stylesheet" href="{address}"><style>@import "{address}";</style><p>Hi</p>')

        with pytest.raises(TimeoutError):
            afar.accept()
