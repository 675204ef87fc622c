"""A staged person as a JSON object, for a row that has to wait for a decision. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from app.importing.records import ListStatus, StagedFacility, StagedPerson
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus, FacilityKind, Gender

_DATES: Final = ("birth_date", "arrested_on", "verdict_on", "released_on", "died_on")
_LISTS: Final = ("other_urls", "articles")
_WORDS: Final = {"status": ListStatus, "detention_status": DetentionStatus, "gender": Gender}


def as_json(person: StagedPerson) -> dict[str, Any]:
    """The person as a JSON object; what the list does not say is left out."""
    said = {field: getattr(person, field) for field in StagedPerson.__dataclass_fields__}
    return {field: _plain(value) for field, value in said.items() if value is not None and value != ()}


def _plain(value: object) -> object:
    if isinstance(value, StagedFacility):
        return {field: text for field, text in asdict(value).items() if text is not None}
    if isinstance(value, PartialDate):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def from_json(stored: Mapping[str, Any]) -> StagedPerson:
    """The person that `as_json` wrote down."""
    values = dict(stored)
    for field in values.keys() & set(_DATES):
        values[field] = PartialDate.parse(values[field])
    for field in values.keys() & set(_LISTS):
        values[field] = tuple(values[field])
    for field in values.keys() & _WORDS.keys():
        values[field] = _WORDS[field](values[field])
    if "facility" in values:
        values["facility"] = _facility(values["facility"])
    return StagedPerson(**values)


def _facility(stored: Mapping[str, Any]) -> StagedFacility:
    kind = stored.get("kind")
    return StagedFacility(**{**stored, "kind": FacilityKind(kind) if kind else None})
