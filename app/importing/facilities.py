"""Where somebody is held, read from a title and an address in one cell or two. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.importing.records import StagedFacility
from app.importing.text import clipped, one_line
from app.vocabulary import FacilityKind

_NO_PLACE = re.compile(r"\breleased\b|home confinement|домашн|хатн|освобожд|вызвал|на свабодзе|на свободе")

_KINDS: tuple[tuple[re.Pattern[str], FacilityKind], ...] = tuple(
    (re.compile(words), kind)
    for words, kind in (
        (r"psychiatric|психиатр\w*|псіхіятр\w*", FacilityKind.HOSPITAL),
        (
            r"pre-?\s?trial (?:detention )?\w+|\bremand (?:prison|centre|center)|\bsizo\b|\bсизо\b|\bсіза\b"
            r"|следственн\w+ (?:тюрьма|изолятор)|следч\w+ (?:турма|ізалятар)",
            FacilityKind.PRETRIAL,
        ),
        (
            r"open (?:correctional|penal)[\w\s-]{0,30} facility|\bиуот\b|\bпуат\b|открытого типа|адкрытага тыпу",
            FacilityKind.OPEN_FACILITY,
        ),
        (
            r"(?:penal|correctional|women's|juvenile|educational) colony|\b(?:ик|ik|пк)\b|колония|калонія",
            FacilityKind.COLONY,
        ),
        (r"\bprison\b|тюрьма|турма", FacilityKind.PRISON),
    )
)
"""The kinds by their words in English, Russian and Belarusian; the first that fits: a remand prison is no prison."""

_NUMBER = re.compile(r"\s*(?:no\.?|nr\.?|№|n°|#|-|–)?\s*(?P<number>\d{1,3})\b(?!\d)")
_POSTCODE = re.compile(r"\b\d{6}\b")
_EDGES = " ,;.\n\t"


@lru_cache(maxsize=1 << 14)
def read_facility(title: str, address: str = "") -> StagedFacility | None:
    """The facility that a cell (or a title and an address) names; None where it names no place that post can reach.

    Without an address of its own, `title` may hold both: "Prison No. 4, 212011, Mahilioŭ, vulica Krupskaj 99A".
    """
    if not title or _NO_PLACE.search(title.casefold()):
        return None
    heading = _heading(title)
    name = title if address else title[: heading.end]
    where = _place(address or title[heading.end :])
    return StagedFacility(
        title=clipped(one_line(name).strip(_EDGES), 200),
        kind=heading.kind,
        number=heading.number,
        street=clipped(where.street, 200) if where.street else None,
        postcode=where.postcode,
        city=clipped(where.city, 120) if where.city else None,
    )


@dataclass(frozen=True, slots=True)
class _Heading:
    kind: FacilityKind | None
    number: str | None
    end: int


def _heading(text: str) -> _Heading:
    """What the title says, and where in the text it ends: at the comma or line after kind and number."""
    folded = text.lower()
    for words, kind in _KINDS:
        found = words.search(folded)
        if found:
            number = _NUMBER.match(folded, found.end())
            end = number.end() if number else found.end()
            return _Heading(kind, str(int(number["number"])) if number else None, _end_of_part(text, end))
    return _Heading(None, None, _end_of_part(text, 0))


def _end_of_part(text: str, start: int) -> int:
    ends = [at for at in (text.find(mark, start) for mark in ",\n") if at >= 0]
    return min(ends, default=len(text))


@dataclass(frozen=True, slots=True)
class _Place:
    street: str | None
    postcode: str | None
    city: str | None


def _place(address: str) -> _Place:
    """Take an address apart by its postcode: the city follows it, the street stands before it or after the city."""
    line = one_line(address.replace("\n", ", ")).strip(_EDGES)
    found = _POSTCODE.search(line)
    if found is None:
        is_city = "," not in line and not any(letter.isdigit() for letter in line)
        return _Place(None, None, line or None) if is_city else _Place(line, None, None)
    before = line[: found.start()].strip(_EDGES)
    city, _, after = line[found.end() :].strip(_EDGES).partition(",")
    street = ", ".join(part for part in (before, after.strip(_EDGES)) if part)
    return _Place(street or None, found.group(), city.strip(_EDGES) or None)
