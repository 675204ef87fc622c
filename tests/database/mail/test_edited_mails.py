"""Mails whose words coordinators edited: from which moment, for whom, and what no edited text can take away."""

import re
from uuid import uuid4

import pytest
from flask import Flask

from app.database import session
from app.mail import texts as mail_texts
from app.mail.delivery import DeliveryCounts
from app.mail.frame import FRAME, PHRASES
from app.mail.messages import rendering
from app.mail.outbox import Message
from app.mail.words import TO_A_SPONSOR, problems_of, words_of
from app.models import Account, Sponsor
from app.queries.texts import TextKey
from app.reminder_words import ReminderAnswer
from app.vocabulary import TextFamily
from tests.database.mail.letters import (
    change,
    html_of,
    moment_of,
    queue_for,
    send_one,
    somebody_for,
    text_of,
)
from tests.database.mail.post import NOON, deliver
from tests.factories import make_text
from tests.factories.texts import WORDS
from tests.smtp_peer import SmtpPeer, Taken
from tests.statements import statements

EDITABLE = mail_texts.editable()
PLAIN = {**WORDS, "body": "it is a good day\nfor a letter.\n\n((link))\n\nThank you."}


def edit(message: Message, language: str = "en", **parts: str | None) -> None:
    """Put words into force; `body=None` puts back what is built in."""
    words = None if parts.get("body", "") is None else {**PLAIN, **parts}
    make_text(TextKey(TextFamily.MAIL, message, language), parts=words)  # type: ignore[arg-type]


def send_to(peer: SmtpPeer, message: Message, *, name: str | None = None, **account: str) -> Taken:
    """The message as somebody gets it of whose account, and name, this is true."""
    account_id, match_id = somebody_for(message)
    change(session().get_one(Account, account_id), **account)
    if name is not None:
        change(session().query(Sponsor).filter_by(account_id=account_id).one(), name=name)
    queue_for(message, account_id, match_id)
    assert deliver() == DeliveryCounts(sent=1)
    return peer.mails[-1]


@pytest.mark.parametrize("message", EDITABLE)
def test_an_edited_mail_keeps_its_links_answers_and_foot(app: Flask, peer: SmtpPeer, message: str) -> None:
    before = send_one(peer, Message(message))
    edit(Message(message))
    mail = send_one(peer, Message(message))

    assert mail.message["Subject"] == WORDS["subject"]
    assert text_of(mail).startswith("it is a good day\nfor a letter.\n\nhttp")
    assert "\n\nThank you.\n\n" in text_of(mail)
    paths = [re.findall(r"https?://[^/\s]+(/[a-z]+)", text_of(one)) for one in (before, mail)]
    assert paths[0] == paths[1]
    assert text_of(mail).endswith(text_of(before).split("\n\n")[-1])
    assert mail.message["List-Unsubscribe-Post"] == before.message["List-Unsubscribe-Post"]
    page = html_of(mail)
    assert page.find("a", class_="button").get_text(strip=True) == "Go on"
    assert page.h1.get_text() == "Hello again"
    links = {link["href"] for link in page.find_all("a")}
    assert links == set(re.findall(r"https?://\S+", text_of(mail)))


def test_a_mail_that_waits_goes_with_the_words_of_the_moment_it_goes(app: Flask, peer: SmtpPeer) -> None:
    subjects = ["First words", "Second words"]
    account_id, match_id = somebody_for(Message.OFFER)
    queue_for(Message.OFFER, account_id, match_id)
    edit(Message.OFFER, subject=subjects[0])
    edit(Message.OFFER, subject=subjects[1])
    deliver()
    edit(Message.OFFER, body=None)
    back = send_one(peer, Message.OFFER)

    assert [mail.message["Subject"] for mail in peer.mails] == [subjects[1], "There is news for you"]
    assert "We have found somebody" in text_of(back)


def test_words_in_another_language_reach_whoever_has_that_language_and_nobody_else(app: Flask, peer: SmtpPeer) -> None:
    edit(Message.OFFER, "ru", subject="Есть новости", heading="Здравствуйте", button="Читать")

    russian = send_to(peer, Message.OFFER, interface_language="ru")
    english = send_to(peer, Message.OFFER, interface_language="en")
    french = send_to(peer, Message.OFFER, interface_language="fr")

    assert russian.message["Subject"] == "Есть новости"
    assert html_of(russian).html["lang"] == "ru"
    assert [mail.message["Subject"] for mail in (english, french)] == ["There is news for you"] * 2
    assert html_of(french).html["lang"] == "en"


def test_who_has_no_words_in_their_language_gets_the_edited_english_ones(app: Flask, peer: SmtpPeer) -> None:
    edit(Message.OFFER, subject="Edited")
    edit(Message.OFFER, "ru")
    edit(Message.OFFER, "ru", body=None)

    assert send_to(peer, Message.OFFER, interface_language="ru").message["Subject"] == "Edited"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_to_a_mailbox_in_a_states_reach_goes_the_discreet_mail_whatever_was_edited(
    app: Flask, peer: SmtpPeer, language: str
) -> None:
    edit(Message.OFFER, language)

    mail = send_to(peer, Message.OFFER, interface_language=language, email="anna@mail.ru")

    assert mail.message["Subject"] == "You have a message"
    assert "good day" not in text_of(mail) + str(html_of(mail))


AROUND = {
    "address": "Калі кнопка не працуе:",
    "sent": "Ужо на пошце",
    "later": "Нагадаць праз тыдзень",
    "pause": "Мне патрэбны перапынак",
    "end": "Больш не нагадваць",
    "foot": "Вы атрымалі гэты ліст, бо з гэтага адраса нехта зарэгістраваўся.",
}


def test_what_stands_around_a_mail_is_in_its_language_too(app: Flask, peer: SmtpPeer) -> None:
    make_text(TextKey(TextFamily.MAIL, FRAME, "be"), parts=AROUND)
    edit(Message.LETTER_DUE, "be")

    belarusian = send_to(peer, Message.LETTER_DUE, interface_language="be")
    english = send_to(peer, Message.LETTER_DUE, interface_language="en")
    not_written = send_to(peer, Message.OFFER, interface_language="be")

    said = " ".join(html_of(belarusian).get_text(" ").split())
    assert all(words in said for words in AROUND.values())
    assert all(words in text_of(belarusian) for part, words in AROUND.items() if part != "address")
    for mail in (english, not_written):
        assert "You get this mail because" in text_of(mail)
        assert "перапынак" not in str(html_of(mail))


def test_the_edited_frame_stands_around_built_in_words_too(app: Flask, peer: SmtpPeer) -> None:
    make_text(TextKey(TextFamily.MAIL, FRAME, "en"), parts={**AROUND, "foot": "A foot of <b>our</b> own."})

    mail = send_one(peer, Message.OFFER)

    assert mail.message["Subject"] == "There is news for you"
    assert text_of(mail).endswith("\n\nA foot of <b>our</b> own.\n")
    assert html_of(mail).select_one(".foot").get_text() == "A foot of <b>our</b> own."


def test_a_part_around_a_mail_that_is_missing_is_the_built_in_one(app: Flask, peer: SmtpPeer) -> None:
    make_text(TextKey(TextFamily.MAIL, FRAME, "en"), parts={"pause": "A rest, please"})

    text = text_of(send_one(peer, Message.LETTER_DUE))

    assert "A rest, please: http" in text
    assert "It is in the post: http" in text


def test_every_answer_has_its_words() -> None:
    assert set(ReminderAnswer) <= set(PHRASES)


HOSTILE = "<b>x</b> {{7*7}} {% raw %} __class__ {0.__class__} &amp; %(x)s"


def test_w2_w3_what_is_written_is_text_and_nothing_else(app: Flask, peer: SmtpPeer) -> None:
    edit(
        Message.OFFER, subject=HOSTILE, heading=HOSTILE, button=HOSTILE[:40], body=f"{HOSTILE}\n\n((link))\n\n{HOSTILE}"
    )

    mail = send_one(peer, Message.OFFER)

    page = html_of(mail)
    assert mail.message["Subject"] == HOSTILE
    assert text_of(mail).count(HOSTILE) == 2
    assert [page.h1.get_text(), *(p.get_text() for p in page.find_all("p"))][:3] == [HOSTILE] * 3
    assert page.find("b") is None


HOSTILE_NAMES = [
    "<b>Ann</b>",
    "{{7*7}}",
    "((link))",
    "((password_hash))",
    "place://of-the-link",
    "{0.__class__}",
    "A\\g<0>",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_w2_w3_whatever_somebody_is_called_stays_a_name(app: Flask, peer: SmtpPeer, name: str) -> None:
    make_text(TextKey(TextFamily.MAIL, Message.OFFER, "en"))

    mail = send_to(peer, Message.OFFER, name=f"{name} Surname")

    assert text_of(mail).startswith(f"Dear {name},\n\n")
    assert html_of(mail).find("p").get_text() == f"Dear {name},"
    assert html_of(mail).find("b") is None


def test_a_long_name_does_not_make_a_line_too_long(app: Flask, peer: SmtpPeer) -> None:
    long = "Аляксандра-Вікторыя-Канстанцыя"
    body = f"{'Words and words and ((recipient_name)) and ' * 4}more.\nA line of its own.\n\n((link))"
    edit(Message.OFFER, body=body)

    text = text_of(send_to(peer, Message.OFFER, name=long))

    assert text.count(long) == 4
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= rendering.TEXT_WIDTH
    assert "\nA line of its own.\n" in text


def test_two_mails_of_the_same_words_call_each_recipient_by_their_own_name(app: Flask, peer: SmtpPeer) -> None:
    make_text(TextKey(TextFamily.MAIL, Message.OFFER, "en"))

    mails = [send_to(peer, Message.OFFER, name=name) for name in ("Ann", "Bea")]

    assert [text_of(mail).split("\n")[0] for mail in mails] == ["Dear Ann,", "Dear Bea,"]
    assert all(mail.message["Subject"] == WORDS["subject"] for mail in mails)


def test_words_that_no_mail_can_be_made_of_any_more_give_way_to_what_is_built_in(app: Flask, peer: SmtpPeer) -> None:
    edit(Message.OFFER, "ru", body="((link))\n\n((of_another_release))")

    mail = send_to(peer, Message.OFFER, interface_language="ru")

    assert mail.message["Subject"] == "There is news for you"
    assert html_of(mail).html["lang"] == "en"


def test_edited_words_are_written_once_and_cost_one_question_a_mail(
    app: Flask, peer: SmtpPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(Message.OFFER, heading=uuid4().hex)
    written: list[str] = []
    real = rendering.with_styles_inside
    monkeypatch.setattr(rendering, "with_styles_inside", lambda html: written.append(html) or real(html))
    send_one(peer, Message.OFFER)
    somebody = [somebody_for(Message.OFFER) for _ in range(3)]
    for account_id, match_id in somebody:
        queue_for(Message.OFFER, account_id, match_id)

    with statements() as asked:
        assert deliver() == DeliveryCounts(sent=3)

    assert len(written) == 1
    assert len([one for one in asked if "text_version" in one]) == 3
    assert not [one for one in asked if "text_version.parts " in one.partition("FROM")[0]]


@pytest.mark.parametrize("name", EDITABLE)
def test_the_built_in_words_are_what_an_editor_begins_with_and_may_save(app: Flask, peer: SmtpPeer, name: str) -> None:
    """Saved as they are, they change nothing of the mail but how its HTML is set out."""
    parts = mail_texts.built_in(name, "en")
    before = send_one(peer, Message(name))
    make_text(TextKey(TextFamily.MAIL, name, "en"), parts=parts)
    after = send_one(peer, Message(name))

    links = re.compile(r"(?<=/)[\w-]{16,}")
    assert mail_texts.problems(name, parts) == []
    assert before.message["Subject"] == after.message["Subject"]
    assert links.sub("", text_of(before)) == links.sub("", text_of(after))
    said = [" ".join(links.sub("", html_of(mail).body.get_text(" ")).split()) for mail in (before, after)]
    assert said[0] == said[1]


@pytest.mark.parametrize("name", EDITABLE)
def test_a_preview_says_what_the_mail_would_say(app: Flask, peer: SmtpPeer, name: str) -> None:
    may_greet = not problems_of(words_of(WORDS), declared=mail_texts.declared(name) or TO_A_SPONSOR)
    parts = WORDS if may_greet else PLAIN
    make_text(TextKey(TextFamily.MAIL, name, "en"), parts=parts)
    account_id, match_id = somebody_for(Message(name))
    queue_for(Message(name), account_id, match_id)
    deliver(moment_of(Message(name)) - NOON)
    called = session().query(Sponsor.name).filter_by(account_id=account_id).scalar() or "Nobody"

    shown = mail_texts.preview(name, parts, "en", around={}, recipient=called.split()[0], stylesheet="/mail.css")

    address = re.compile(r"https?://\S+")
    assert address.sub("", shown.text) == address.sub("", text_of(peer.mails[-1]))
    assert '<link rel="stylesheet" href="/mail.css">' in shown.html
    assert "style=" not in shown.html


def test_a_preview_of_what_must_not_be_saved_shows_it_as_it_stands(app: Flask) -> None:
    words = {"subject": "", "heading": "((x))", "body": "((password_hash)) ((link))", "button": ""}

    shown = mail_texts.preview("offer", words, "en", around={}, recipient="Ann", stylesheet="/mail.css")

    assert (shown.subject, "((password_hash))" in shown.text) == (mail_texts.NOTHING, True)
    assert "((x))" in shown.html
