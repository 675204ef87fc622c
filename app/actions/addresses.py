"""Addresses that prisoners can be written to: who vouches for them, from which source (docs/domain.md, "Do no harm" 7).

Reminders of letters wait while nobody does (docs/threats.md, M9).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import insert, select, update

from app.actions import audit
from app.actions.prisoners import in_chunks
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord
from app.models import AddressCheck, Facility, Prisoner
from app.permissions import Permission, Viewer, allowed
from app.queries.addresses import NOWHERE_TO_ASK, PARTS
from app.queries.events import prisoner_in_scope

LONGEST_SOURCE: Final = 200


def verify(*, prisoner_id: str, by: Viewer, seen_version: int, source: str) -> AddressCheck:
    """A coordinator vouches for the address of a prisoner as it stands, and says from which source they know it.

    Raises NotAllowed, NotFound outside the caseload, BadInput without a source, StaleRecord when it is not the record
    that they saw, and Conflict where there is no whole address to vouch for.
    """
    if not allowed(by, Permission.RECORD_EVENTS):
        raise NotAllowed("Only coordinators vouch for an address.")
    if prisoner_in_scope(by, prisoner_id) is None:
        raise NotFound("There is no such prisoner.")
    if not source.strip() or len(source.strip()) > LONGEST_SOURCE:
        raise BadInput(f"Say where you know it from, in at most {LONGEST_SOURCE} characters.")
    prisoner = session().scalars(locked(select(Prisoner).where(Prisoner.id == prisoner_id))).one()
    if prisoner.version != seen_version:
        raise StaleRecord("Somebody changed this record since you opened the page.")
    if not _has_whole_address(prisoner.facility) or prisoner.detention_status in NOWHERE_TO_ASK:
        raise Conflict("There is no whole address to vouch for.")
    assert prisoner.facility is not None
    said = _said(today(), source=source.strip(), by=by.account_id)
    check = session().merge(AddressCheck(prisoner_id=prisoner.id, **_as_it_stands(prisoner.facility), **said))
    session().flush()
    audit.record(
        action=AuditAction.VERIFY_ADDRESS,
        by=by.account_id,
        entity=AuditEntity.PRISONER,
        entity_id=prisoner.id,
        fields=["facility"],
    )
    return check


def vouch_for_new(places: Mapping[str, Facility], *, source: str, as_of: date, by: str | None) -> None:
    """A list tells of new people, and where each (by id) is held: it vouches for that address as of its day."""
    said = _said(as_of, source=source, by=by)
    for some in in_chunks(list(places)):
        rows = [{"prisoner_id": key, **_as_it_stands(places[key]), **said} for key in some]
        session().execute(insert(AddressCheck), rows)


def vouch_again(prisoner_ids: Iterable[str], *, as_of: date) -> None:
    """A list says again where these people are held; an address that has changed meanwhile waits for a person."""
    for some in in_chunks(sorted(prisoner_ids)):
        older = AddressCheck.prisoner_id.in_(some), AddressCheck.verified_on < as_of
        confirming = update(AddressCheck).where(*older).values(verified_on=as_of)
        session().execute(confirming.execution_options(synchronize_session=False))


def _has_whole_address(facility: Facility | None) -> bool:
    return facility is not None and bool((facility.street or facility.street_cyrillic) and facility.postcode)


def _as_it_stands(facility: Facility) -> dict[str, Any]:
    return {"facility_id": facility.id, **{part: getattr(facility, part) for part in PARTS}}


def _said(day: date, *, source: str, by: str | None) -> dict[str, Any]:
    return {"verified_on": day, "source": source, "recorded_at": now(), "recorded_by": by}
