"""A mail's own words, as coordinators edit them: subject, heading, a body of plain paragraphs, and the button. Pure.

Nothing else of a mail can be edited: links, answers, the way to end reminders and the foot belong to its layout, so
that no edited text can lose them.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from app.errors import TextProblem
from app.mail.discretion import telling_word
from app.placeholders import N_, Declared, fill_known, names_in, problems, written

NAME_PLACE: Final = "\ue001"
"""Stands in a written mail for its recipient's name, until the name is known."""

LINE_END: Final = "\ue000"
"""Ends a line inside a paragraph of a text that is still to be wrapped."""

LONGEST_BODY: Final = 4000
LONGEST_LINE: Final[Mapping[str, int]] = {"subject": 78, "heading": 100, "button": 40}
"""Characters. A subject that is longer is cut by most mail programs."""

_BREAKING: Final = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_ADDRESS: Final = re.compile(r"://|\bwww\.|@\w", re.IGNORECASE)
_PARAGRAPHS: Final = re.compile(r"\n[^\S\n]*\n\s*")


class MailPlaceholder(StrEnum):
    """What a mail's body may ask for."""

    LINK = "link"
    RECIPIENT_NAME = "recipient_name"


IMPERSONAL: Final = Declared(
    required=frozenset({MailPlaceholder.LINK}),
    once=frozenset({MailPlaceholder.LINK}),
    elsewhere=frozenset({MailPlaceholder.RECIPIENT_NAME}),
)
"""A mail to an address of which nobody knows yet whose it is: it calls nobody by a name that somebody else typed."""

TO_A_SPONSOR: Final = Declared(
    required=frozenset({MailPlaceholder.LINK}),
    once=frozenset({MailPlaceholder.LINK}),
    optional=frozenset({MailPlaceholder.RECIPIENT_NAME}),
)
"""A mail to a sponsor whose address is confirmed: it may greet them."""

_NOTHING: Final = Declared(elsewhere=frozenset(MailPlaceholder))
"""What stands outside the body asks for nothing: no name ever stands in a subject."""

Paragraph = tuple[str, ...]
"""The lines of one paragraph."""


@dataclass(frozen=True, slots=True)
class MailWords:
    """The words of one mail in one language. `((link))` in the body says before which words the button stands."""

    subject: str
    heading: str
    body: str
    button: str

    @property
    def parts(self) -> dict[str, str]:
        """The words by the name of the part, as they are kept."""
        return asdict(self)

    @property
    def is_usable(self) -> bool:
        """Whether a mail can be made of the words: nothing is missing or asked for that we don't know."""
        return all(self.parts.values()) and set(names_in(self.body)) <= set(MailPlaceholder)

    @property
    def before(self) -> list[Paragraph]:
        """The paragraphs above the button; all of them where the body does not say where the button stands."""
        return _with_places(self._paragraphs()[: self._button_place()])

    @property
    def after(self) -> list[Paragraph]:
        """The paragraphs below the button."""
        return _with_places(self._paragraphs()[self._button_place() + 1 :])

    def _button_place(self) -> int:
        found = self._paragraphs()
        link = (written(MailPlaceholder.LINK),)
        return found.index(link) if link in found else len(found)

    def _paragraphs(self) -> list[Paragraph]:
        return [tuple(part.split("\n")) for part in _PARAGRAPHS.split(self.body.strip())]


PARTS: Final = tuple(MailWords.__dataclass_fields__)


def words_of(parts: Mapping[str, str]) -> MailWords:
    """The words from their parts; a part that is missing is empty."""
    return MailWords(**{part: parts.get(part, "") for part in PARTS})


def _with_places(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """The paragraphs with a place kept wherever the recipient's name is to stand."""
    values = {MailPlaceholder.RECIPIENT_NAME.value: NAME_PLACE, MailPlaceholder.LINK.value: ""}
    return [tuple(fill_known(line, values) for line in lines) for lines in paragraphs]


def problems_of(words: MailWords, *, declared: Declared) -> list[TextProblem]:
    """Why these words cannot be a mail that asks for nothing but what is declared; empty where they can."""
    lines = LONGEST_LINE.items()
    found = [problem for part, most in lines for problem in problems_of_line(part, words.parts[part], longest=most)]
    telling = telling_word(words.subject)
    if telling:
        sentence = N_("“%(word)s” tells what the mail is about, and whoever sees a list of mails can read it")
        found.append(TextProblem("subject", sentence, {"word": telling}))
    return found + _problems_of_body(words.body, declared)


def problems_of_line(part: str, text: str, *, longest: int) -> list[TextProblem]:
    """Why the text cannot be a part that is one line of so many characters at most, and asks for nothing."""
    if not text.strip():
        return [TextProblem(part, N_("nothing is written here"))]
    found = problems(part, text, declared=_NOTHING)
    if any(unicodedata.category(character) in _BREAKING for character in text):
        found.append(TextProblem(part, N_("it has to be one line")))
    if len(text) > longest:
        found.append(TextProblem(part, N_("more than %(most)d characters"), {"most": longest}))
    return found + _problems_of_addresses(part, text)


def _problems_of_body(text: str, declared: Declared) -> list[TextProblem]:
    if not text.strip():
        return [TextProblem("body", N_("nothing is written here"))]
    found = problems("body", text, declared=declared)
    link = written(MailPlaceholder.LINK)
    if link in text and link not in _PARAGRAPHS.split(text.strip()):
        line = text.count("\n", 0, text.index(link)) + 1
        sentence = N_("line %(line)d: %(name)s stands alone, with an empty line above and below")
        found.append(TextProblem("body", sentence, {"line": line, "name": link}))
    if len(text) > LONGEST_BODY:
        found.append(TextProblem("body", N_("more than %(most)d characters"), {"most": LONGEST_BODY}))
    return found + _problems_of_addresses("body", text)


def _problems_of_addresses(part: str, text: str) -> list[TextProblem]:
    """Readers learn that a mail of ours has one link, to the site itself."""
    found = _ADDRESS.search(text)
    if found is None:
        return []
    line = text.count("\n", 0, found.start()) + 1
    return [TextProblem(part, N_("line %(line)d: no address but that of the button"), {"line": line})]
