"""Planting facilities, post routes and prisoners."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert, select

from app.actions.prisoners import key_of_names
from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.demo.people import InventedPrisoner, Member
from app.demo.places import COUNTRY, POST_ROUTES, InventedFacility, facilities
from app.demo.planting.chronicle import Change
from app.demo.planting.events import event_changes, event_rows, facility_id, has_in_caseload, told_by_events
from app.models import (
    Base,
    Caseload,
    Facility,
    FieldSource,
    PostRoute,
    Prisoner,
    PrisonerEvent,
    PrisonerFact,
    RoleLimit,
    new_id,
)
from app.models.sealed import sealed_values

SOURCE: Final = "Invented for the demo"

_SAME_IN_BOTH: Final = (
    "id", "gender", "birth_date", "arrested_on", "mail_access", "story", "occupation", "profession_group", "home_area",
    "case_code", "publicity", "godparent_seats", "letter_writer_seats", "held", "pinned_tier",
)  # fmt: skip
_OF_CUSTODY: Final = ("verdict_on", "sentence", "sentence_years", "penalty", "detention_status")
_SOURCED: Final = (
    "name", "gender", "birth_date", "arrested_on", "verdict_on", "sentence", "penalty", "articles", "detention_status",
    "story", "occupation",
)  # fmt: skip


def plant_places(seed: int) -> None:
    """Add the places of detention, and the post routes that nobody has recorded yet."""
    _insert(Facility, [_facility_row(seed, number, place) for number, place in enumerate(facilities())])
    known = set(session().scalars(select(PostRoute.from_country).where(PostRoute.to_country == COUNTRY)))
    _insert(
        PostRoute,
        [
            {"from_country": country, "to_country": COUNTRY, "route": route, "note": note}
            for country, route, note in POST_ROUTES
            if country not in known
        ],
    )


def _facility_row(seed: int, number: int, place: InventedFacility) -> dict[str, Any]:
    return {
        "id": facility_id(seed, number),
        "country": COUNTRY,
        "kind": place.kind,
        "number": str(place.number),
        "title": place.title,
        "title_cyrillic": place.title_cyrillic,
        "street": place.street,
        "street_cyrillic": place.street_cyrillic,
        "city": place.town.latin,
        "city_cyrillic": place.town.cyrillic,
        "postcode": place.postcode,
        "languages": list(place.languages),
    }


def plant_prisoners(
    people: Sequence[InventedPrisoner], *, seed: int, at: datetime, staff: Sequence[Member]
) -> Iterator[Change]:
    """Enter prisoners at a moment, and give each caseload its share; gives the changes for the chronicle."""
    by = staff[0].id
    _insert(Prisoner, [_row(person, seed, at, by) for person in people])
    _insert(PrisonerFact, [row for person in people for row in _fact_rows(person)])
    _insert(RoleLimit, [row for person in people for row in _limit_rows(person)])
    _insert(FieldSource, [row for person in people for row in _source_rows(person, seed, at)])
    _insert(PrisonerEvent, [row for person in people for row in event_rows(person, seed=seed, staff=staff)])
    _insert(Caseload, [row for person in people for row in _caseload_rows(person, staff)])
    for person in people:
        yield Change(
            at=at, by=by, action=AuditAction.ADD, entity=AuditEntity.PRISONER, entity_id=person.id, fields=_SOURCED
        )
        yield from event_changes(person, seed=seed, staff=staff)


def _row(person: InventedPrisoner, seed: int, at: datetime, by: str) -> dict[str, Any]:
    name = person.name
    known = person.basis is not None
    plain = {column: getattr(person, column) for column in _SAME_IN_BOTH}
    held = {column: getattr(person.custody, column) for column in _OF_CUSTODY}
    return {
        **plain,
        **held,
        "name": name.latin,
        "name_latin": name.latin,
        "name_cyrillic": name.cyrillic,
        "search_key": key_of_names(name.latin, name.cyrillic),
        "country": COUNTRY,
        "articles": list(person.custody.articles),
        "reads": list(person.reads),
        "facility_id": facility_id(seed, person.custody.facility),
        "publicity_basis": person.basis,
        "publicity_at": at if known else None,
        "publicity_by": by if known else None,
        "released_on": None,
        "died_on": None,
        "created_at": at,
        "version": 1,
    }


def _fact_rows(person: InventedPrisoner) -> Iterator[dict[str, Any]]:
    for known in person.facts:
        row = {"id": new_id(), "prisoner_id": person.id, "as_of": known.as_of, "visibility": known.visibility}
        yield sealed_values(PrisonerFact, row | {"fact": known.fact, "source": known.source})


def _limit_rows(person: InventedPrisoner) -> Iterator[dict[str, Any]]:
    for kind, role, seats in person.role_limits:
        yield {"prisoner_id": person.id, "kind": kind, "role": role, "seats": seats}


def _source_rows(person: InventedPrisoner, seed: int, at: datetime) -> Iterator[dict[str, Any]]:
    """Who gave each field its value: whoever entered the record, but for what an event changed."""
    told = {field: (SOURCE, at.date()) for field in _SOURCED if _said(person, field) is not None}
    for field, (source, as_of) in (told | told_by_events(person, seed=seed)).items():
        yield {"prisoner_id": person.id, "field": field, "source": source, "as_of": as_of}


def _said(person: InventedPrisoner, field: str) -> object:
    return getattr(person.custody if hasattr(person.custody, field) else person, field)


def _caseload_rows(person: InventedPrisoner, staff: Sequence[Member]) -> Iterator[dict[str, Any]]:
    for member in staff:
        if has_in_caseload(member, person):
            yield {"account_id": member.id, "prisoner_id": person.id}


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)
