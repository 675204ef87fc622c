"""Text of a list that is longer than a record can hold: cut before it is compared, so that it compares equal later."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import String

from app.importing import RowProblem, Staged, StagedFacility, StagedPerson
from app.models import Base, Facility, Prisoner, PrisonerSource
from app.queries.imports import LIST_FIELDS


def _width(table: type[Base], column: str) -> int:
    kind = table.__table__.c[column].type
    assert isinstance(kind, String)
    assert kind.length is not None
    return kind.length


_TEXTS = ("name", "name_latin", "name_cyrillic", "sentence", "penalty", "description", "home_area")
_OF_PERSON: Final = {field: _width(Prisoner, LIST_FIELDS[field]) for field in _TEXTS}
_OF_FACILITY: Final = {field: _width(Facility, field) for field in ("title", "number", "street", "city", "postcode")}
_OF_MARKS: Final = {field: _width(PrisonerSource, field) for field in ("source_id", "source_url")}


def fitted(staged: Staged) -> Staged:
    """The list with overlong text cut at the end, and a warning for each.

    Half an id or address would name somebody else: such a one is left out.
    """
    warnings: list[RowProblem] = []
    people = tuple(_fitted_person(person, warnings) for person in staged.people)
    waiting = tuple(replace(row, person=_fitted_person(row.person, warnings)) for row in staged.quarantined)
    if not warnings:
        return staged
    return replace(staged, people=people, quarantined=waiting, warnings=(*staged.warnings, *warnings))


def _fitted_person(person: StagedPerson, warnings: list[RowProblem]) -> StagedPerson:
    changes: dict[str, Any] = {
        field: _cut(getattr(person, field), width) for field, width in _too_long(person, _OF_PERSON)
    }
    changes |= {field: None for field, _ in _too_long(person, _OF_MARKS)}
    place = _fitted_place(person.facility) if person.facility else None
    if place != person.facility:
        changes["facility"] = place
    warnings += [RowProblem(person.row, None, f"the {field.replace('_', ' ')} was too long") for field in changes]
    return replace(person, **changes) if changes else person


def _fitted_place(place: StagedFacility) -> StagedFacility:
    cut: dict[str, Any] = {field: _cut(getattr(place, field), width) for field, width in _too_long(place, _OF_FACILITY)}
    return replace(place, **cut)


def _too_long(thing: object, widths: dict[str, int]) -> Iterator[tuple[str, int]]:
    return ((field, width) for field, width in widths.items() if len(getattr(thing, field) or "") > width)


def _cut(text: str, width: int) -> str:
    return text[: width - 1] + "…"
