"""Every mail in every language, word for word and with its HTML, beside the files in tests/snapshots."""

from pathlib import Path

import pytest
from flask import Flask

from app.database import session
from app.mail import texts as mail_texts
from app.mail.frame import FRAME
from app.mail.messages import kind_of
from app.mail.messages.rendering import DISCREET, Draft, Rendered
from app.mail.outbox import Message
from app.mail.words import MailPlaceholder
from app.models import Account, OutgoingMail
from app.placeholders import Declared
from app.queries.texts import TextKey
from app.vocabulary import TextFamily
from tests import snapshots
from tests.database.mail.letters import change, queue_for, somebody_for
from tests.database.mail.post import settings
from tests.factories import make_text

AROUND = {
    "address": "Калі кнопка не працуе, скапіруйце гэты адрас у свой браўзер:",
    "sent": "Ужо на пошце",
    "later": "Нагадаць праз тыдзень",
    "pause": "Мне патрэбны перапынак",
    "end": "Больш не дасылаць такіх нагадванняў",
    "foot": "Вы атрымалі гэты ліст, бо нехта назваў нам гэты адрас. Мы ніколі не пытаемся пароль поштай.",
}
TO_NOBODY = {
    "subject": "Ёсць навіны",
    "heading": "Для Вас ёсць добрыя навіны, і яны чакаюць на Вашай старонцы",
    "body": "Дзякуй, што Вы побач. Калі ласка, зайдзіце на сваю старонку, калі будзе спакойная хвіліна: там усё "
    "напісана, і спяшацца не трэба.\n\n((link))\n\nЗ цёплымі пажаданнямі,\nкаардынатары",
    "button": "Адкрыць маю старонку",
}
TO_SOMEBODY = {**TO_NOBODY, "body": f"Вітаю Вас, ((recipient_name))!\n\n{TO_NOBODY['body']}"}
SITE = "https://site.example"
TOKEN = "a-token-that-opens-nothing-at-all-0123456789"


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether snapshots are written anew."""
    return bool(request.config.getoption("--update-snapshots"))


def languages(app: Flask) -> list[str]:
    """Those that mails are written in."""
    return sorted({str(locale) for locale in app.extensions["babel"].instance.list_translations()} | {"en"})


def written(app: Flask, message: Message, **account: str) -> Rendered:
    """The message as somebody gets it of whose account this is true."""
    account_id, match_id = somebody_for(message)
    change(session().get_one(Account, account_id), **account)
    mail = session().get_one(OutgoingMail, queue_for(message, account_id, match_id))
    kind = kind_of(mail)
    with settings(app, public_url=SITE):
        return kind.render(Draft(mail, TOKEN if kind.token else None))


@pytest.mark.parametrize("message", Message)
def test_every_mail_is_as_somebody_last_read_it_in_every_language(app: Flask, message: Message, update: bool) -> None:
    for language in languages(app):
        snapshots.check(f"{message}.{language}", written(app, message, interface_language=language), update=update)


@pytest.mark.parametrize("message", mail_texts.editable())
def test_every_mail_with_edited_words_is_as_somebody_last_read_it(app: Flask, message: str, update: bool) -> None:
    may_greet = MailPlaceholder.RECIPIENT_NAME in (mail_texts.declared(message) or Declared()).allowed
    make_text(TextKey(TextFamily.MAIL, message, "be"), parts=TO_SOMEBODY if may_greet else TO_NOBODY)
    make_text(TextKey(TextFamily.MAIL, FRAME, "be"), parts=AROUND)

    rendered = written(app, Message(message), interface_language="be")

    snapshots.check(f"{message}.edited", rendered, update=update)


def test_the_mail_that_says_nothing_is_as_somebody_last_read_it(app: Flask, update: bool) -> None:
    for language in languages(app):
        rendered = written(app, Message.OFFER, interface_language=language, email="anna@mail.ru")
        snapshots.check(f"{DISCREET}.{language}", rendered, update=update)


def test_every_snapshot_is_of_a_mail_that_is_sent(app: Flask) -> None:
    names = [f"{message}.{language}" for message in [*Message, DISCREET] for language in languages(app)]
    names += [f"{message}.edited" for message in mail_texts.editable()]

    expected = {path.name for name in names for path in snapshots.files_of(name)}

    assert {path.name for path in Path(snapshots.MAILS).iterdir()} == expected
