"""Declared `((placeholders))` in letter templates. Pure.

A plain replacement in one pass: nothing is evaluated, what a value holds is never read again, and every other sort of
brace or bracket is text like any other (docs/threats.md W3).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Final

from app.errors import BadInput

GAP: Final = "……………"
"""What stands where only the writer knows the words; a letter is not ready while it holds one."""

_PLACEHOLDER: Final = re.compile(r"\(\(([^()]*)\)\)")


class Placeholder(StrEnum):
    """What a letter template may ask for."""

    PRISONER_GIVEN_NAME = "prisoner_given_name"
    WRITER_NAME = "writer_name"
    WRITER_CITY = "writer_city"
    OWN_LINES = "own_lines"


class UnknownPlaceholder(BadInput):
    """A text asks for something that is not declared; `names` holds every such name once, in the text's order."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        listed = ", ".join(f"(({name}))" for name in self.names)
        super().__init__(f"There is no such placeholder: {listed}.")


def names_in(text: str) -> list[str]:
    """The names of all placeholders in `text`, declared or not, in its order."""
    return [found.group(1) for found in _PLACEHOLDER.finditer(text)]


def check(text: str, *, declared: Collection[str]) -> None:
    """Raise UnknownPlaceholder naming everything that `text` asks for and nobody declared."""
    unknown = [name for name in names_in(text) if name not in declared]
    if unknown:
        raise UnknownPlaceholder(unknown)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each placeholder replaced by its value, as it stands. Raises UnknownPlaceholder."""
    check(text, declared=values)
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], text)


def has_gap(text: str) -> bool:
    """Whether words of the writer's own are still missing."""
    return GAP in text
