"""From a message's templates to subject, text and HTML, in the recipient's own language."""

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from css_inline import CSSInliner
from flask import current_app
from flask.templating import Environment
from flask_babel import Babel, force_locale

from app.mail.outbox import Message
from app.mail.reach import in_reach_of_state
from app.models import Account, OutgoingMail
from app.settings import current_settings
from app.vocabulary import ReminderAnswer

TEXT_WIDTH = 72
DISCREET = "discreet"
"""The folder of the mail that says nothing: what goes to a mailbox in a state's reach, whatever it is about."""

LINK_PLACE = "place://of-the-link"
ANSWERS_PLACE = "place://of-the-answers"
UNSUBSCRIBE_PLACE = "place://of-the-end"
"""Stand in a written mail until its links are known; addresses by their look, so that no line is broken inside them."""


@dataclass(frozen=True)
class Draft:
    """What a message is written from: its row, and a fresh token where its kind carries one."""

    mail: OutgoingMail
    token: str | None = None


@dataclass(frozen=True)
class Rendered:
    """A mail's words: a subject of one line, a text that stands alone, and the same as HTML with its styles inside.

    `unsubscribe` is the address that ends mails of its kind, None where they cannot be ended.
    """

    subject: str
    text: str
    html: str
    unsubscribe: str | None = None


@dataclass(frozen=True)
class Choices:
    """What a reminder lets its reader do from the mail: the address that its answers hang on, and the one to end it."""

    answers: tuple[ReminderAnswer, ...]
    answer_link: str
    unsubscribe_link: str

    @property
    def places(self) -> "Choices":
        """The same answers, with places kept for the links."""
        return Choices(self.answers, ANSWERS_PLACE, UNSUBSCRIBE_PLACE)


def page(path: str) -> str:
    """The public address of one of our pages: from the settings, never from a request (W5)."""
    return f"{current_settings().public_url}{path}"


def letter(
    message: Message,
    *,
    to: Account,
    link: str,
    address: str | None = None,
    discreet_link: str | None = None,
    choices: Choices | None = None,
) -> Rendered:
    """The message's words for `to`, with its link, and a reminder's with its choices.

    `address` is the mailbox that it goes to, where that is not the account's own.

    A mailbox in a state's reach gets the discreet mail instead, with `discreet_link` where the link would say more.
    """
    folder: str = message.value
    if in_reach_of_state(address or to.email):
        folder, link = DISCREET, discreet_link or link
    environment = current_app.jinja_env
    written = write if environment.auto_reload else _written_once
    places = choices.places if choices else None
    return with_links(written(environment, folder, _language(to), choices=places), link, choices)


def write(
    environment: Environment, folder: str, language: str, *, link: str = LINK_PLACE, choices: Choices | None = None
) -> Rendered:
    """The words of the folder's templates in this language: they hold nothing else that differs between two mails."""
    with force_locale(language):
        subject = _filled(environment, f"{folder}/subject.txt").strip()
        words = {"link": link, "subject": subject, "language": language.replace("_", "-")}
        text = _filled(environment, f"{folder}/body.txt", choices=choices, **words)
        html = _filled(environment, f"{folder}/body.html", choices=choices, **words)
    unsubscribe = choices.unsubscribe_link if choices else None
    return Rendered(subject=subject, text=_tidy(text), html=with_styles_inside(html), unsubscribe=unsubscribe)


_written_once = lru_cache(maxsize=None)(write)
"""Each mail's words are written once for each language, as templates and translations are read once."""


def with_links(rendered: Rendered, link: str, choices: Choices | None = None) -> Rendered:
    """What `write` has written, with these links in the places that were kept for them."""
    places = {LINK_PLACE: link}
    if choices:
        places |= {ANSWERS_PLACE: choices.answer_link, UNSUBSCRIBE_PLACE: choices.unsubscribe_link}
    text, html = rendered.text, rendered.html
    for place, address in places.items():
        text, html = text.replace(place, address), html.replace(place, escape(address))
    unsubscribe = choices.unsubscribe_link if choices else None
    return Rendered(subject=rendered.subject, text=text, html=html, unsubscribe=unsubscribe)


def _filled(environment: Environment, template: str, **words: str | Choices | None) -> str:
    """The template with these words and nothing else: what Flask adds for pages is about a request."""
    return environment.get_template(f"mail/{template}").render(**words)


def _language(account: Account) -> str:
    """The account's interface language, or the site's own where nobody has translated that one."""
    wanted = account.interface_language
    translated = _translated(current_app.extensions["babel"].instance)
    return wanted if wanted in translated else str(current_app.config["BABEL_DEFAULT_LOCALE"])


@lru_cache
def _translated(babel: Babel) -> frozenset[str]:
    return frozenset(str(locale) for locale in babel.list_translations())


def _tidy(text: str) -> str:
    """Paragraphs of lines that any mail program shows whole; a line with an address is left alone."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    wrapped = (
        words if "://" in words else textwrap.fill(words, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
        for words in paragraphs
        if words
    )
    return "\n\n".join(wrapped) + "\n"


def with_styles_inside(html: str) -> str:
    """Many mail programs drop style sheets, so each element carries its own styles. Nothing is fetched."""
    styles = _filled(current_app.jinja_env, "mail.css")
    inliner = CSSInliner(
        inline_style_tags=False, extra_css=styles, load_remote_stylesheets=False, apply_width_attributes=True
    )
    return inliner.inline(html)
