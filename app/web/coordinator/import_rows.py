"""A list's consequences as rows of text: new people, changes with their sources, rows that wait, rows that broke."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask_babel import format_date
from flask_babel import gettext as _

from app.actions.uploads import Preview
from app.partial_date import PartialDate
from app.queries.paging import Page
from app.web.coordinator.import_words import CHANGE_LABELS, CLASH_LABELS
from app.web.labels import label, partial_date

ROWS_ON_A_PAGE: Final = 100

Item = TypeVar("Item")


@dataclass(frozen=True)
class PersonRow:
    """Somebody of whom nothing is held yet, or whose row waits; `why` and `others` are for those that wait."""

    row: int
    name: str
    original: str | None
    birth_date: str
    facility: str
    why: str = ""
    others: str = ""


@dataclass(frozen=True)
class ChangedRow:
    """A held person, and each field with its value before and after; `origin` says where the old one is from."""

    row: int
    key: str
    name: str
    changes: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class TroubleRow:
    """A row that broke, or a value that was left out."""

    row: int
    column: str
    message: str


def shown_page(preview: Preview, section: str, *, number: int) -> Page[Any]:
    """One page of a section's rows, past its end the last one."""
    items: Sequence[Any] = getattr(preview, section)
    pages = max(1, -(-len(items) // ROWS_ON_A_PAGE))
    number = min(number, pages)
    here = items[(number - 1) * ROWS_ON_A_PAGE : number * ROWS_ON_A_PAGE]
    rows = [_MAKERS[section](item) for item in here]
    return Page(items=rows, number=number, pages=pages, all=len(items))


def _new(entry: Any) -> PersonRow:
    return person_row(entry.person)


def _waiting(entry: Any) -> PersonRow:
    others = ", ".join(map(str, entry.with_rows))
    why = str(CLASH_LABELS.get(entry.clash, entry.clash))
    return person_row(entry.person, why=_("%(why)s (decided)", why=why) if entry.decided else why, others=others)


def person_row(person: Any, *, why: str = "", others: str = "") -> PersonRow:
    """A row of a list, with why it waits where it does."""
    name = person.name_latin or person.name
    original = person.name_cyrillic
    return PersonRow(
        row=person.row,
        name=name,
        original=original if original != name else None,
        birth_date=_words(person.birth_date),
        facility=_place(person.facility),
        why=why,
        others=others,
    )


def _changed(entry: Any) -> ChangedRow:
    held = entry.held
    return ChangedRow(
        row=entry.person.row,
        key=held.key,
        name=held.name_latin or held.name,
        changes=tuple(_changes(entry.changes, held.origins)),
    )


def _changes(changes: Sequence[Any], origins: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for change in changes:
        old = in_words(change.field, change.old)
        yield (
            str(CHANGE_LABELS.get(change.field, change.field)),
            old,
            _origin(origins, change.field) if old else "",
            in_words(change.field, change.new),
        )


def _origin(origins: Mapping[str, Any], field: str) -> str:
    """Which source gave the old value; what no source gave, a coordinator wrote."""
    if field == "known_as":
        return ""
    origin = origins.get(field)
    if origin is None:
        return str(_("a coordinator"))
    return f"{origin.source}, {format_date(origin.as_of, 'medium')}"


def _trouble(problem: Any) -> TroubleRow:
    return TroubleRow(problem.row, problem.column or "", problem.message)


def in_words(field: str, value: Any) -> str:
    """What a field of a list or a record says, in the page's language; empty where it says nothing."""
    return _WORDS.get(field, _words)(value)


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, PartialDate):
        return partial_date(value)
    if isinstance(value, StrEnum):
        return str(label(value))
    if isinstance(value, tuple):
        return "; ".join(map(_words, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _place(place: Any) -> str:
    if place is None:
        return ""
    return ", ".join(filter(None, (place.title, place.street, place.postcode, place.city)))


def _mark(known: Any) -> str:
    return " · ".join(filter(None, (known.source_id, known.source_url))) if known else ""


_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {"facility": _place, "known_as": _mark}
_MAKERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "changed": _changed,
    "new": _new,
    "quarantined": _waiting,
    "errors": _trouble,
    "warnings": _trouble,
}
SECTIONS: Final = tuple(_MAKERS)
"""The parts of a preview that can be listed, those that need a person's eye first."""
