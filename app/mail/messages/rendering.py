"""From a message's templates to subject, text and HTML, in the recipient's own language."""

import re
import textwrap
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from html import escape
from pathlib import Path

import structlog
from css_inline import CSSInliner
from flask import current_app
from flask.templating import Environment
from flask_babel import Babel, force_locale

from app.mail.frame import FRAME, Frame, frame_of, shown
from app.mail.outbox import Message
from app.mail.reach import in_reach_of_state
from app.mail.words import LINE_END, NAME_PLACE, MailWords, words_of
from app.models import Account, OutgoingMail
from app.queries import texts
from app.reminder_words import ReminderAnswer
from app.settings import current_settings

TEXT_WIDTH = 72
WRITINGS_KEPT = 1000
"""More than all mails in all languages: every version of every text that is in force at once, and some before."""

EDITED = "edited"
"""The folder of what every mail with edited words is made from."""

DISCREET = "discreet"
"""The folder of the mail that says nothing: what goes to a mailbox in a state's reach, whatever it is about."""

LINK_PLACE = "place://of-the-link"
ANSWERS_PLACE = "place://of-the-answers"
UNSUBSCRIBE_PLACE = "place://of-the-end"
"""Stand in a written mail until its links are known; addresses by their look, so that no line is broken inside them."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Draft:
    """What a message is written from: its row, a fresh token where its kind carries one, and the address it goes to
    where that is not the account's own."""

    mail: OutgoingMail
    token: str | None = None
    address: str | None = None


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
class Edition:
    """In which language a mail is written, and what coordinators edited of it: its words, and what is around them."""

    language: str
    words: MailWords | None = None
    frame: Frame = ()


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

    They are those that coordinators have edited, as they stand now, or else the ones that are built in; in the
    language of the account, or else in the site's own. A mailbox in a state's reach gets the discreet mail instead,
    whatever was edited, with `discreet_link` where the link would say more. `address` is the mailbox that it goes to,
    where that is not the account's own.
    """
    folder: str = message.value
    if in_reach_of_state(address or to.email):
        folder, link = DISCREET, discreet_link or link
        edition = Edition(_built_in_language(to))
    else:
        edition = _in_force(message, to)
    environment = current_app.jinja_env
    written = write if environment.auto_reload else _written_once
    places = choices.places if choices else None
    return _with_name(with_links(written(environment, folder, edition, choices=places), link, choices), to)


def write(
    environment: Environment, folder: str, edition: Edition, *, link: str = LINK_PLACE, choices: Choices | None = None
) -> Rendered:
    """The words of the folder's templates in the edition's language, or its edited words in their place.

    They hold nothing else that differs between two mails but a place for the recipient's name.
    """
    bare = without_styles(environment, folder, edition, link=link, choices=choices)
    return replace(bare, html=with_styles_inside(bare.html))


_written_once = lru_cache(maxsize=WRITINGS_KEPT)(write)
"""Each mail's words are written once for each edition, as templates and translations are read once."""


def without_styles(
    environment: Environment,
    folder: str,
    edition: Edition,
    *,
    link: str,
    choices: Choices | None = None,
    stylesheet: str | None = None,
) -> Rendered:
    """What `write` writes before the styles are written into the HTML: it links to `stylesheet`, where one is named."""
    words, language = edition.words, edition.language
    with force_locale(language):
        subject = words.subject if words else _filled(environment, f"{folder}/subject.txt").strip()
        source = EDITED if words else folder
        common = {"link": link, "subject": subject, "language": language.replace("_", "-"), "choices": choices}
        own = {"own": folder, "words": words, "line_end": LINE_END, "frame": shown(edition.frame)}
        text = _filled(environment, f"{source}/body.txt", **common, **own)
        html = _filled(environment, f"{source}/body.html", **common, **own, stylesheet=stylesheet)
    unsubscribe = choices.unsubscribe_link if choices else None
    return Rendered(subject=subject, text=_tidy(text), html=html, unsubscribe=unsubscribe)


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


def _with_name(rendered: Rendered, to: Account) -> Rendered:
    """The mail with its recipient's name wherever a place was kept for it. The name is asked for only then."""
    if NAME_PLACE not in rendered.text:
        return rendered
    return named(rendered, texts.recipient_name(to.id))


def named(rendered: Rendered, name: str) -> Rendered:
    """The mail with this name in the places that were kept for it, as plain text, and wrapped anew around it (W2)."""
    plain = " ".join(name.split())
    paragraphs = rendered.text.split("\n\n")
    text = "\n\n".join(_wrapped(part.replace(NAME_PLACE, plain)) if NAME_PLACE in part else part for part in paragraphs)
    return replace(rendered, text=text, html=rendered.html.replace(NAME_PLACE, escape(plain)))


def _filled(environment: Environment, template: str, **words: object) -> str:
    """The template with these words and nothing else: what Flask adds for pages is about a request."""
    return environment.get_template(f"mail/{template}").render(**words)


def _in_force(message: Message, to: Account) -> Edition:
    """What is in force for the account: in its own language where the mail is written in it, else in the usual one."""
    wanted, usual = to.interface_language, usual_language()
    ids = texts.mail_editions(message, around=FRAME, wanted=wanted, usual=usual)
    for language in (wanted, usual):
        edited = ids.get((message, language))
        words = _words_of(edited) if edited else None
        if words or language == _built_in_language(to):
            break
    around = ids.get((FRAME, language))
    return Edition(language, words, _frame_of(around) if around else ())


@lru_cache(maxsize=WRITINGS_KEPT)
def _words_of(version_id: str) -> MailWords | None:
    """The words of a version, which never changes; None for words that no mail can be made of any more."""
    words = words_of(texts.parts_of(version_id))
    if words.is_usable:
        return words
    log.warning("edited_text_unusable", version=version_id)
    return None


@lru_cache(maxsize=WRITINGS_KEPT)
def _frame_of(version_id: str) -> Frame:
    return frame_of(texts.parts_of(version_id))


def _built_in_language(account: Account) -> str:
    """The account's interface language, or the site's own where nobody has translated that one."""
    wanted = account.interface_language
    return wanted if wanted in translated_languages() else usual_language()


def usual_language() -> str:
    """The site's own language, which every mail stands in."""
    return str(current_app.config["BABEL_DEFAULT_LOCALE"])


def translated_languages() -> frozenset[str]:
    """The languages that the built-in words stand in."""
    return _translated(current_app.extensions["babel"].instance)


@lru_cache
def _translated(babel: Babel) -> frozenset[str]:
    return frozenset(str(locale) for locale in babel.list_translations())


def _tidy(text: str) -> str:
    """Paragraphs of lines that any mail program shows whole.

    One with an address is left alone, and so is one with a place for a name, which is wrapped once the name is known.
    """
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    wrapped = (words if NAME_PLACE in words else _wrapped(words) for words in paragraphs if words)
    return "\n\n".join(wrapped) + "\n"


def _wrapped(paragraph: str) -> str:
    """The paragraph in lines of the usual width; lines that are to stay lines do."""
    return "\n".join(
        line if "://" in line else textwrap.fill(line, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)
        for line in paragraph.split(LINE_END)
    )


@cache
def _styles(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def with_styles_inside(html: str) -> str:
    """Many mail programs drop style sheets, so each element carries its own styles. Nothing is fetched."""
    styles = _styles(Path(current_app.static_folder or "") / "mail.css")
    inliner = CSSInliner(
        inline_style_tags=False, extra_css=styles, load_remote_stylesheets=False, apply_width_attributes=True
    )
    return inliner.inline(html)
