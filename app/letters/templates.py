"""Letter templates: texts that a sponsor starts a letter to a prisoner from. Pure.

Each stands in `texts/` in the languages that facilities pass, and in English for the writer to read beside it. They ask
for nothing, promise nothing and hint at nothing; "you" is the polite plural and no past tense is in the first person,
so that they suit women and men, writing and reading (domain.md, letters 2, 3 and 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from app.errors import TextProblem
from app.letters.placeholders import DECLARED
from app.placeholders import N_, check, names_in, problems

LETTER_LANGUAGES: Final = ("ru", "be")
"""Languages that letters are written in, ISO 639-1."""

BESIDE: Final = "en"
"""The language that stands beside them for the writer."""

LONGEST: Final = 4000
"""Characters: no letter that is longer is passed."""

_KEYS: Final = ("first", "everyday", "birthday", "new_year")


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """One template: `texts` by ISO 639-1 code, with the same placeholders in the same order in each."""

    key: str
    texts: Mapping[str, str]


def checked(key: str, texts: Mapping[str, str]) -> LetterTemplate:
    """The template, once its texts are known to be sound.

    Raises UnknownPlaceholder, and ValueError when its languages do not ask for the same things.
    """
    for text in texts.values():
        check(text, declared=DECLARED.allowed)
    if len({tuple(names_in(text)) for text in texts.values()}) > 1:
        raise ValueError(f"the texts of {key} differ in their placeholders")
    return LetterTemplate(key, texts)


def problems_of(texts: Mapping[str, str]) -> list[TextProblem]:
    """Why these texts, by language, cannot be a template; empty where they can.

    A writer reads the one language beside the other, so all of them ask for the same things in the same order.
    """
    found = [
        problem
        for language in (*LETTER_LANGUAGES, BESIDE)
        for problem in _problems_in(language, texts.get(language, ""))
    ]
    asked_for = {tuple(names_in(text)) for text in texts.values()}
    if not found and len(asked_for) > 1:
        sentence = N_("the languages do not ask for the same placeholders in the same order")
        found = [TextProblem(language, sentence) for language in texts]
    return found


def _problems_in(language: str, text: str) -> list[TextProblem]:
    if not text.strip():
        return [TextProblem(language, N_("nothing is written here"))]
    too_long = [TextProblem(language, N_("more than %(most)d characters"), {"most": LONGEST})]
    return problems(language, text, declared=DECLARED) + (too_long if len(text) > LONGEST else [])


def _read(key: str) -> LetterTemplate:
    folder = resources.files(__package__) / "texts"
    languages = (*LETTER_LANGUAGES, BESIDE)
    return checked(key, {code: (folder / f"{key}.{code}.txt").read_text(encoding="utf-8") for code in languages})


TEMPLATES: Final = tuple(_read(key) for key in _KEYS)
"""In the order in which they are offered."""


def template_called(key: str) -> LetterTemplate | None:
    """The template with this key; None where there is none."""
    return next((template for template in TEMPLATES if template.key == key), None)
