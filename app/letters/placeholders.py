"""What a letter template may ask for; how `((placeholders))` are filled, `app.placeholders` knows. Pure."""

from enum import StrEnum
from typing import Final

from app.placeholders import Declared

GAP: Final = "……………"
"""What stands where only the writer knows the words; a letter is not ready while it holds one."""


class Placeholder(StrEnum):
    """What a letter template may ask for."""

    PRISONER_GIVEN_NAME = "prisoner_given_name"
    WRITER_NAME = "writer_name"
    WRITER_CITY = "writer_city"
    OWN_LINES = "own_lines"


DECLARED: Final = Declared(
    required=frozenset({Placeholder.PRISONER_GIVEN_NAME, Placeholder.OWN_LINES, Placeholder.WRITER_NAME}),
    optional=frozenset({Placeholder.WRITER_CITY}),
    once=frozenset({Placeholder.OWN_LINES}),
)
"""A letter greets by name, leaves room for the writer's own lines, and is signed."""


def has_gap(text: str) -> bool:
    """Whether words of the writer's own are still missing."""
    return GAP in text
