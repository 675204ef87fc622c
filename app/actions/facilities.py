"""Facilities: recognising the place that a list names, and adding it where it is new."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from app.actions import programme
from app.actions.audit import Happening
from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.importing import StagedFacility
from app.models import Facility, new_id
from app.queries import facilities
from app.queries.imports import place_of

_CYRILLIC = re.compile("[\u0400-\u052f]")
_IN_BOTH_SCRIPTS: Final = ("title", "street", "city")


class FacilityBook:
    """The facilities of one country, found by kind and number, else by title and postcode.

    Made inside a transaction, since it locks what it may fill in. `happenings` is for the audit trail.
    """

    def __init__(self, country: str) -> None:
        self.happenings: list[Happening] = []
        self._country = country
        self._known: dict[tuple[str, ...], Facility] = {}
        for facility in facilities.of_country(country):
            self._learn(facility)

    def find_or_add(self, place: StagedFacility) -> Facility:
        """The facility that `place`, whose kind is known, names; a new one where nobody named it before.

        What a known facility lacks is filled in, such as its address in the other script; nothing is overwritten.
        """
        facility = self._known.get(self._key(place))
        if facility is None:
            return self._add(place)
        filled = sorted(_fill(facility, place))
        if filled:
            self.happenings.append(Happening(AuditAction.UPDATE, AuditEntity.FACILITY, facility.id, filled))
        return facility

    def _add(self, place: StagedFacility) -> Facility:
        assert place.kind is not None
        facility = Facility(
            id=new_id(),
            country=self._country,
            kind=place.kind,
            number=place.number,
            title=place.title,
            languages=programme.letter_languages(self._country),
        )
        fields = {"title", *_fill(facility, place)}
        session().add(facility)
        self._learn(facility)
        self.happenings.append(Happening(AuditAction.ADD, AuditEntity.FACILITY, facility.id, fields))
        return facility

    def _learn(self, facility: Facility) -> None:
        place = place_of(facility)
        for title in filter(None, (facility.title, facility.title_cyrillic)):
            self._known.setdefault(self._key(replace(place, title=title)), facility)

    def _key(self, place: StagedFacility) -> tuple[str, ...]:
        if place.number and programme.numbers_name_facilities(self._country):
            return place.identity
        return (*place.identity, place.postcode or "")


def _fill(facility: Facility, place: StagedFacility) -> Iterator[str]:
    """Write what `place` knows into the empty columns of its script; gives the names of those that were filled."""
    for part in _IN_BOTH_SCRIPTS:
        text = getattr(place, part)
        column = f"{part}_cyrillic" if text and _CYRILLIC.search(text) else part
        if text and _is_free(facility, column):
            setattr(facility, column, text)
            yield column
    if place.postcode and facility.postcode is None:
        facility.postcode = place.postcode
        yield "postcode"


def _is_free(facility: Facility, column: str) -> bool:
    """Every facility has a title: a Cyrillic one keeps the place of the Latin title until a list gives that."""
    if column == "title":
        return bool(_CYRILLIC.search(facility.title))
    return getattr(facility, column) is None
