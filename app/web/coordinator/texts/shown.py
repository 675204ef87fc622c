"""Texts as their pages show them: a row for each, what one begins with, and how it looks to an invented person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flask import url_for

from app.mail import texts as mail_texts
from app.placeholders import Declared, fill_known
from app.places import MAIL_LANGUAGES
from app.queries import texts
from app.queries.texts import SEVERAL, TextKey, Version
from app.vocabulary import TextFamily
from app.web.coordinator.texts.forms import FRAME
from app.web.labels import language_name
from app.web.sponsor.letters import TEMPLATE_NAMES

USUAL: Final = "en"
"""The language that every mail stands in, and in which whoever has no other gets it."""

# Nobody, with long names: those are the ones that break a line.
WRITERS: Final[Mapping[str, str]] = {
    "be": "Аляксандра-Вікторыя",
    "ru": "Александра-Виктория",
    "uk": "Олександра-Вікторія",
}
WRITER: Final = "Maria-Alexandra"
_PRISONERS: Final[Mapping[str, str]] = {"be": "Аляксандр", "ru": "Александр", "en": "Aliaksandr"}
_CITIES: Final[Mapping[str, str]] = {"be": "Рэйк'явіку", "ru": "Рейкьявике", "en": "Reykjavík"}
_OWN_LINES: Final[Mapping[str, str]] = {
    "be": "Учора ў нашым двары зацвіла старая яблыня.",
    "ru": "Вчера в нашем дворе зацвела старая яблоня.",
    "en": "Yesterday the old apple tree in our yard came into bloom.",
}


@dataclass(frozen=True)
class TextRow:
    """One text in the list: `key` is the one that a person edits first, `versions` are its newest by language."""

    key: TextKey
    subject: str
    versions: list[Version]

    @property
    def last(self) -> Version | None:
        """Whatever was saved last, in any language."""
        return max(self.versions, key=lambda version: version.written_at, default=None)

    @property
    def languages(self) -> list[str]:
        """The languages in which edited words are in force."""
        return [version.key.language for version in self.versions if version.parts]


@dataclass(frozen=True)
class Shown:
    """How a text looks to somebody; a letter has no subject and no HTML. A draft stands on the page and is unsaved."""

    language: str
    text: str
    is_draft: bool
    subject: str = ""
    html: str = ""


@dataclass(frozen=True)
class Open:
    """A text that somebody has opened, with its newest version in each language; `frames` are those of what stands
    around every mail."""

    key: TextKey
    newest: Mapping[str, Version]
    frames: Mapping[str, Version]

    @property
    def version(self) -> Version | None:
        """The newest version in the language that was opened."""
        return self.newest.get(self.key.language)

    @property
    def number(self) -> int:
        """The number of that version; 0 for what is built in."""
        return self.version.number if self.version else 0

    @property
    def is_mail(self) -> bool:
        """Whether it is the words of a mail."""
        return self.key.family is TextFamily.MAIL

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        """Of a mail, each language that it can be written in: code, name, and whether it is written."""
        codes = MAIL_LANGUAGES if self.is_mail else ()
        return [(code, language_name(code), self.stands_in(code)) for code in codes]

    @property
    def has_built_in(self) -> bool:
        """Whether there are words in its language where nobody edited any."""
        return self.key.language in self._built_in_languages

    @property
    def _built_in_languages(self) -> frozenset[str]:
        return frozenset({USUAL, SEVERAL}) | mail_texts.languages()

    @property
    def placeholders(self) -> Declared:
        """What may stand in the words."""
        found = mail_texts.declared(self.key.name) if self.is_mail else texts.letter_placeholders()
        return found or Declared()

    def stands_in(self, language: str) -> bool:
        """Whether there are words in this language, edited or built in."""
        version = self.newest.get(language)
        return bool(version and version.parts) or language in self._built_in_languages

    def words(self, language: str) -> Mapping[str, str]:
        """The words in force in this language; in one that has none those in English, which an editor begins with."""
        if not self.stands_in(language):
            return self.words(USUAL)
        version = self.newest.get(language)
        return (version.parts if version else None) or self.built_in(language)

    def built_in(self, language: str) -> Mapping[str, str]:
        """The words that are in force while nobody has edited them."""
        if self.is_mail:
            return mail_texts.built_in(self.key.name, language)
        return texts.built_in_letter(self.key.name)

    def previews(self, draft: Mapping[str, str]) -> list[Shown]:
        """How it looks with the draft's words, and after that in every other language that it stands in."""
        if not self.is_mail:
            return [_letter(language, text) for language, text in draft.items()]
        others = [code for code, _name, written in self.languages if written and code != self.key.language]
        own = self._mail(self.key.language, draft, is_draft=True)
        return [own, *(self._mail(code, self.words(code), is_draft=False) for code in others)]

    def _mail(self, language: str, parts: Mapping[str, str], *, is_draft: bool) -> Shown:
        stylesheet = url_for("static", filename="mail.css")
        frame = self.frames.get(language)
        found = mail_texts.preview(
            self.key.name,
            parts,
            language,
            around=(frame.parts if frame else None) or {},
            recipient=WRITERS.get(language, WRITER),
            stylesheet=stylesheet,
        )
        return Shown(language, found.text, is_draft, found.subject, found.html)


def opened(key: TextKey) -> Open:
    """The text with its versions."""
    newest = texts.newest_by_language(key.family, key.name)
    frames = texts.newest_by_language(TextFamily.MAIL, FRAME) if key.family is TextFamily.MAIL else {}
    return Open(key, newest, frames)


def text_rows() -> dict[TextFamily, list[TextRow]]:
    """Every text that can be edited, by family."""
    keys = {
        TextFamily.MAIL: [TextKey(TextFamily.MAIL, name, USUAL) for name in (*mail_texts.editable(), FRAME)],
        TextFamily.LETTER: [
            TextKey(TextFamily.LETTER, name, SEVERAL) for name in TEMPLATE_NAMES if texts.built_in_letter(name)
        ],
    }
    newest = texts.newest_of_all()
    return {family: [_row(key, newest) for key in of_family] for family, of_family in keys.items()}


def _row(key: TextKey, newest: list[Version]) -> TextRow:
    versions = [one for one in newest if (one.key.family, one.key.name) == (key.family, key.name)]
    words = Open(key, {one.key.language: one for one in versions}, frames={}).words(key.language)
    return TextRow(key, words.get("subject", ""), versions)


def _letter(language: str, text: str) -> Shown:
    values = {
        "prisoner_given_name": _PRISONERS[language],
        "writer_name": WRITERS.get(language, WRITER),
        "writer_city": _CITIES[language],
        "own_lines": _OWN_LINES[language],
    }
    return Shown(language, fill_known(text, values), is_draft=True)
