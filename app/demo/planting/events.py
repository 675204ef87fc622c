"""Planting what happened to prisoners: the events, and what each of them changed in the record."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from app.actions.consequences import columns_after, field_of
from app.audit_words import AuditAction, AuditEntity
from app.demo.dice import derived_id
from app.demo.people import InventedEvent, InventedPrisoner, Member
from app.demo.planting.chronicle import Change
from app.partial_date import PartialDate
from app.vocabulary import StaffRole


def recorder_of(person: InventedPrisoner, staff: Sequence[Member]) -> str:
    """The account that records what happens to a prisoner: who has them as a caseload, else the programme's in turn."""
    theirs = [member.id for member in staff if has_in_caseload(member, person)]
    programme = [member.id for member in staff if StaffRole.PROGRAMME in member.roles]
    choice = theirs or programme
    return choice[person.number // 2 % len(choice)]


def has_in_caseload(member: Member, person: InventedPrisoner) -> bool:
    """Whether the prisoner was given to this member of staff."""
    return bool(member.caseload_every) and person.number % (member.caseload_every or 1) == 0


def facility_id(seed: int, number: int | None) -> str | None:
    """The id of the place of detention with this number."""
    return None if number is None else derived_id(seed, "facility", number)


def event_rows(person: InventedPrisoner, *, seed: int, staff: Sequence[Member]) -> Iterator[dict[str, Any]]:
    """The rows of everything that happened to somebody."""
    for event in person.events:
        yield {
            "id": event.id,
            "prisoner_id": person.id,
            "type": event.type,
            "happened_on": event.happened_on,
            "source": event.source,
            "facility_id": facility_id(seed, event.facility),
            "recorded_at": event.at,
            "recorded_by": recorder_of(person, staff),
        }


def event_changes(person: InventedPrisoner, *, seed: int, staff: Sequence[Member]) -> Iterator[Change]:
    """What each event changed in the record, for the chronicle."""
    for event, changed in _written(person, seed):
        yield Change(
            at=event.at,
            by=recorder_of(person, staff),
            action=AuditAction(f"record_{event.type}"),
            entity=AuditEntity.PRISONER,
            entity_id=person.id,
            fields=tuple(map(field_of, changed)),
            values=changed,
        )


def told_by_events(person: InventedPrisoner, *, seed: int) -> dict[str, tuple[str, date]]:
    """The fields that events changed, each with its newest source and the day that it stands for."""
    return {
        field_of(column): (event.source, event.happened_on)
        for event, changed in _written(person, seed)
        for column in changed
    }


def _written(person: InventedPrisoner, seed: int) -> Iterator[tuple[InventedEvent, Mapping[str, Any]]]:
    """Each event with the columns that it changed."""
    held = person.custody
    known: dict[str, Any] = {
        "detention_status": held.detention_status,
        "facility_id": facility_id(seed, held.facility),
        "released_on": None,
        "died_on": None,
    }
    for event in person.events:
        day, place = PartialDate.of(event.happened_on), facility_id(seed, event.facility)
        columns = columns_after(event.type, day, status=event.status, facility_id=place)
        changed = {column: value for column, value in columns.items() if known[column] != value}
        known |= changed
        yield event, changed
