"""What the programme assumes where nobody has said anything else. A coordinator may change each of these in a record.

One place, so that whoever runs Vestka for another country reads here what a new record begins with. What is known of
each country stands in `app.detaining`.
"""

from collections.abc import Mapping
from typing import Final

from app.detaining import DETAINING_COUNTRIES

COUNTRY: Final = "BY"
"""The country that detains, where neither the command nor the source says."""

COUNTRY_OF_SOURCE: Final[Mapping[str, str]] = {"viasna": "BY", "chinese political prisoners": "CN"}
"""The country that a source's prisoners are held in, by the source's name or the shape of its list."""

GODPARENT_SEATS: Final = 3
LETTER_WRITER_SEATS: Final = 5
"""Seats of a new record: several godparents, best from different countries (docs/domain.md, "The godparent" 5)."""


def country_for(source: str, *, shape: str) -> str:
    """The country of a list's prisoners: by its source's name, else by its shape, else the programme's own."""
    by_shape = next((country for name, country in COUNTRY_OF_SOURCE.items() if shape.startswith(name)), COUNTRY)
    return COUNTRY_OF_SOURCE.get(source.casefold(), by_shape)


def letter_languages(country: str) -> list[str]:
    """The languages a new record of this country begins with; none where the programme knows none."""
    known = DETAINING_COUNTRIES.get(country)
    return list(known.letter_languages) if known else []


def numbers_name_facilities(country: str) -> bool:
    """Whether kind and number name one facility of the country; nobody may rely on it where nothing is known."""
    known = DETAINING_COUNTRIES.get(country)
    return known is not None and known.numbered_nationwide
