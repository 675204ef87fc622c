"""Events: what happens to a prisoner is recorded once, and everything that follows from it happens with it.

Locks the sponsors of the prisoner's matches, the prisoner, their matches by id, and the audit chain last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from app.actions import audit, event_effects
from app.actions.audit import Happening
from app.actions.consequences import columns_after, field_of, status_after
from app.actions.event_effects import Effects
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord
from app.models import Facility, FieldSource, Match, Prisoner, PrisonerEvent, Sponsor, new_id
from app.partial_date import PartialDate
from app.permissions import Permission, Viewer, allowed
from app.queries import events
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, EventType

LONGEST_SOURCE: Final = 200
LONGEST_FIELD_SOURCE: Final = 60

MOVES: Final = frozenset({EventType.TRANSFER, EventType.RETURN})
"""Events that lead to a place."""

_NOT_BEFORE: Final[Mapping[EventType, frozenset[EventType]]] = {
    EventType.RELEASE: frozenset({EventType.RETURN}),
    EventType.DEATH: frozenset(),
    EventType.TRANSFER: MOVES,
    EventType.RETURN: frozenset({EventType.RELEASE}),
}
"""Which recorded events each may not precede. A death is always recorded: whatever it contradicts was wrong."""


@dataclass(frozen=True, kw_only=True)
class EventOrder:
    """What happened to whom, when, and who says so; `facility_id` is where a transfer or return led, if known."""

    prisoner_id: str
    type: EventType
    day: date
    source: str
    facility_id: str | None = None


@dataclass(frozen=True)
class Recorded:
    """A recorded event, and what followed from it."""

    event: PrisonerEvent
    effects: Effects


def preview(order: EventOrder, *, by: Viewer) -> Effects:
    """What recording the event would do; writes nothing. Raises what `record` raises."""
    prisoner = _in_scope(order.prisoner_id, by=by)
    _check(order, prisoner)
    return event_effects.foreseen(order.type, prisoner.id, facility_id=order.facility_id)


def record(order: EventOrder, *, by: Viewer, seen_version: int | None = None) -> Recorded:
    """Record the event, change the prisoner, and do what follows for every match.

    `seen_version` is the prisoner's as the person saw it; None for the command line, which shows nothing first. Raises
    NotAllowed, NotFound outside the caseload, BadInput for an impossible day or place, Conflict for what is recorded
    already or cannot happen now, StaleRecord.
    """
    prisoner = _locked(order.prisoner_id, by=by)
    facility = _check(order, prisoner)
    if seen_version is not None and prisoner.version != seen_version:
        raise StaleRecord("Somebody changed this record since you opened the page.")
    event = PrisonerEvent(
        id=new_id(),
        prisoner_id=prisoner.id,
        type=order.type,
        happened_on=order.day,
        source=order.source.strip(),
        facility_id=order.facility_id,
        recorded_at=now(),
        recorded_by=by.account_id,
    )
    fields = _write(prisoner, order, facility)
    _name_source(prisoner.id, fields, order)
    session().flush()
    effects = event_effects.carry_out(order.type, prisoner.id, facility_id=order.facility_id, happening_id=event.id)
    session().add(event)  # only now: what a return gives back is what ended since the return before it
    session().flush()
    happened = Happening(AuditAction(f"record_{order.type}"), AuditEntity.PRISONER, prisoner.id, fields)
    audit.record_many([happened, *effects.happenings], by=by.account_id)
    return Recorded(event, effects)


def _in_scope(prisoner_id: str, *, by: Viewer) -> Prisoner:
    if not allowed(by, Permission.RECORD_EVENTS):
        raise NotAllowed("Only coordinators record events.")
    prisoner = events.prisoner_in_scope(by, prisoner_id)
    if prisoner is None:
        raise NotFound("There is no such prisoner.")
    return prisoner


def _locked(prisoner_id: str, *, by: Viewer) -> Prisoner:
    """The prisoner of the coordinator's caseload, locked after everybody who stands or may stand by them."""
    _in_scope(prisoner_id, by=by)
    theirs = events.concerned([prisoner_id]).with_only_columns(Match.sponsor_id).order_by(None)
    session().execute(locked(select(Sponsor.id).where(Sponsor.id.in_(theirs)).order_by(Sponsor.id))).all()
    return session().scalars(locked(select(Prisoner).where(Prisoner.id == prisoner_id))).one()


def _check(order: EventOrder, prisoner: Prisoner) -> Facility | None:
    """The place of the event, once it could have happened so; None where none is named."""
    if not order.source.strip() or len(order.source.strip()) > LONGEST_SOURCE:
        raise BadInput(f"Say where you know it from, in at most {LONGEST_SOURCE} characters.")
    _check_day(order, prisoner)
    if events.is_recorded(prisoner.id, order.type, order.day):
        raise Conflict("This event is recorded already.")
    _check_possible(order.type, prisoner.detention_status)
    last = events.last_day(prisoner.id, _NOT_BEFORE[order.type])
    if last is not None and order.day < last:
        raise Conflict("Something that happened later is recorded already.")
    if order.facility_id is None:
        return None
    facility = events.facility(order.facility_id, country=prisoner.country)
    if order.type not in MOVES or facility is None:
        raise BadInput("A facility belongs to a transfer or a return, and lies in the country that holds them.")
    return facility


def _check_day(order: EventOrder, prisoner: Prisoner) -> None:
    if order.day > today():
        raise BadInput("This day has not come yet.")
    if prisoner.arrested_on is not None and PartialDate.of(order.day) < prisoner.arrested_on:
        raise BadInput("This day lies before the arrest.")


def _check_possible(event: EventType, status: DetentionStatus) -> None:
    if status is DetentionStatus.DIED_IN_CUSTODY:
        raise Conflict("Their death is recorded. Nothing else can be.")
    if event is EventType.RETURN and status is not DetentionStatus.RELEASED:
        raise Conflict("No release is recorded, so nobody can have returned.")
    if event in (EventType.RELEASE, EventType.TRANSFER) and status in NO_LONGER_HELD:
        raise Conflict("Their release is recorded already.")


def _write(prisoner: Prisoner, order: EventOrder, facility: Facility | None) -> list[str]:
    """Write what the event says of the prisoner; gives the names of the fields that changed."""
    values = _values(prisoner, order, facility)
    changed = [name for name, value in values.items() if getattr(prisoner, name) != value]
    for name in changed:
        setattr(prisoner, name, values[name])
    return [field_of(name) for name in changed]


def _values(prisoner: Prisoner, order: EventOrder, facility: Facility | None) -> Mapping[str, Any]:
    status = status_after(
        order.type,
        before=prisoner.detention_status,
        place=facility.kind if facility else None,
        sentenced=bool(prisoner.verdict_on or prisoner.sentence),
    )
    return columns_after(order.type, PartialDate.of(order.day), status=status, facility_id=order.facility_id)


def _name_source(prisoner_id: str, fields: list[str], order: EventOrder) -> None:
    """Note who says so as the source of every changed field, as of the day of the event."""
    source = order.source.strip()
    short = source if len(source) <= LONGEST_FIELD_SOURCE else f"{source[: LONGEST_FIELD_SOURCE - 1]}…"
    for field in fields:
        session().merge(FieldSource(prisoner_id=prisoner_id, field=field, source=short, as_of=order.day))
