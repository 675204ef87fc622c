"""Mails as texts that coordinators edit: which there are, what each may hold, what is built in, and how one will look.

For whoever edits them; delivery itself asks `app.mail.messages`.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final

from flask import current_app
from flask.templating import Environment
from flask_babel import force_locale

from app.errors import TextProblem
from app.mail.frame import FRAME, frame_of, problems_of_frame, shown
from app.mail.messages import KINDS
from app.mail.messages.reminding import Gathered
from app.mail.messages.rendering import (
    Choices,
    Edition,
    Rendered,
    named,
    page,
    translated_languages,
    usual_language,
    without_styles,
)
from app.mail.outbox import Message
from app.mail.words import NAME_PLACE, MailPlaceholder, MailWords, problems_of, words_of
from app.placeholders import Declared, written
from app.reminder_words import ReminderKind
from app.reminders import answers_to

_HEADING: Final = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_INVENTED: Final = "invented"

NOTHING: Final = "–"
"""Stands in a preview where nothing is written yet."""


def editable() -> list[str]:
    """The names of the mails whose words may be edited, in the order in which people meet them."""
    return [message.value for message, kind in KINDS.items() if kind.placeholders is not None]


def declared(name: str) -> Declared | None:
    """What the mail's body may ask for; None for a mail that there is not, or whose words stay as they are.

    FRAME, what stands around every mail, is edited like one, and asks for nothing.
    """
    if name == FRAME:
        return Declared()
    return KINDS[Message(name)].placeholders if name in list(Message) else None


def languages() -> frozenset[str]:
    """The languages that the built-in words stand in: the site's own, and those that somebody translated them into."""
    return translated_languages() | {usual_language()}


def built_in(name: str, language: str) -> Mapping[str, str]:
    """The words that are built in, by part, as an editor begins with them."""
    environment = current_app.jinja_env
    with force_locale(language):
        if name == FRAME:
            return shown(())
        heading = _HEADING.search(_block(environment, f"{name}/body.html", "words"))
        before, after = (_paragraphs(_block(environment, f"{name}/body.txt", block)) for block in ("words", "after"))
        words = MailWords(
            subject=environment.get_template(f"mail/{name}/subject.txt").render().strip(),
            heading=_one_line(heading.group(1)) if heading else "",
            body="\n\n".join([*before, written(MailPlaceholder.LINK), *after]),
            button=_one_line(_block(environment, f"{name}/body.html", "button")),
        )
    return words.parts


def problems(name: str, parts: Mapping[str, str]) -> list[TextProblem]:
    """Why these words, by part, cannot be the mail; empty where they can."""
    if name == FRAME:
        return problems_of_frame(parts)
    return problems_of(words_of(parts), declared=declared(name) or Declared())


def preview(
    name: str, parts: Mapping[str, str], language: str, *, around: Mapping[str, str], recipient: str, stylesheet: str
) -> Rendered:
    """The mail with these words as `recipient`, somebody invented, would get it; its links lead nowhere.

    `around`: the edited parts of what stands around it. FRAME itself is shown around a reminder. The HTML links to
    `stylesheet` instead of carrying its styles in every element, as a page of ours has to. It shows whatever was
    written, sound or not: a placeholder that mails don't know stays as it stands.
    """
    if name == FRAME:
        name, edition = Message.LETTER_DUE.value, Edition(language, frame=frame_of(parts))
    else:
        words = MailWords(**{part: text or NOTHING for part, text in words_of(parts).parts.items()})
        edition = Edition(language, words, frame_of(around))
    rendered = without_styles(
        current_app.jinja_env,
        name,
        edition,
        link=page(f"/{_INVENTED}"),
        choices=_choices(name),
        stylesheet=stylesheet,
    )
    return named(rendered, recipient) if NAME_PLACE in rendered.text else rendered


def _choices(name: str) -> Choices | None:
    """A reminder's answers, which lead nowhere."""
    if name not in list(ReminderKind):
        return None
    kind, nowhere = ReminderKind(name), page(f"/{_INVENTED}")
    return Gathered(answers_to([kind]), nowhere, nowhere, reminders=((kind, False),))


def _block(environment: Environment, template: str, block: str) -> str:
    """What a block of a mail's template holds; empty for one that it leaves empty."""
    found = environment.get_template(f"mail/{template}")
    return "".join(found.blocks[block](found.new_context({}))) if block in found.blocks else ""


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _one_line(markup: str) -> str:
    return " ".join(unescape(markup).split())
