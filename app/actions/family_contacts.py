"""Contacts of families: recording, opening for a reason, correcting, removing (docs/domain.md, "Do no harm" 3).

Only coordinators do any of it, for the prisoners who were given to them in person. A contact is opened inside the
transaction that keeps who opened it and why, so nobody is shown one without a trace.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, exists, select, update

from app.actions import alerts, audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.contact_words import ContactKind, OpeningReason
from app.database import locked, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord
from app.models import ContactOpening, FamilyContact, Prisoner
from app.permissions import Permission, Viewer, allowed
from app.queries.family_contacts import opened_today, prisoner_of_caseload
from app.vocabulary import NO_LONGER_HELD

CONTACTS_A_DAY: Final = 10
"""Whoever opens more in a day is named to the administrators."""

LONGEST: Final = {"name": 200, "language": 100, "reach": 1000, "may_say": 2000, "agreement": 400}
"""What is sealed of a contact, with the most characters it may have."""

LONGEST_REASON: Final = 400


@dataclass(frozen=True, kw_only=True, repr=False)
class ContactDetails:
    """Everything that is recorded of one contact. No `repr`: a log or a failure must not show it."""

    kind: ContactKind
    name: str
    language: str
    reach: str
    may_say: str
    agreed_on: date
    agreement: str


@dataclass(frozen=True, kw_only=True, repr=False)
class OpenedContact:
    """A contact as it is shown once; `version` is the one that a correction must name."""

    details: ContactDetails
    version: int


_FIELDS: Final = tuple(field.name for field in fields_of(ContactDetails))


def add(*, prisoner_id: str, details: ContactDetails, by: Viewer) -> FamilyContact:
    """Record a contact of somebody who is held.

    Raises NotAllowed, NotFound outside the caseload, BadInput where something is missing, above all how and when they
    agreed, and Conflict for a prisoner who is no longer held.
    """
    prisoner = _prisoner(prisoner_id, by)
    if prisoner.no_longer_held:
        raise Conflict("They are no longer held, so no new contact is recorded.")
    _check(details)
    contact = FamilyContact(prisoner_id=prisoner.id, recorded_at=now(), recorded_by=by.account_id)
    for name in _FIELDS:
        setattr(contact, name, getattr(details, name))
    session().add(contact)
    session().flush()
    _record(AuditAction.ADD, contact.id, by=by, fields=_FIELDS)
    return contact


def open_contact(*, prisoner_id: str, contact_id: str, by: Viewer, reason: OpeningReason, words: str) -> OpenedContact:
    """Keep who opens the contact and why, and give what it holds. Show it after the commit, and never without one.

    Raises NotAllowed, NotFound outside the caseload, and BadInput without a reason in the coordinator's own words.
    """
    contact = _contact(prisoner_id, contact_id, by)
    if not words.strip() or len(words) > LONGEST_REASON:
        raise BadInput(f"Say why, in at most {LONGEST_REASON} characters.")
    opening = ContactOpening(contact_id=contact.id, prisoner_id=prisoner_id, account_id=by.account_id, opened_at=now())
    opening.reason, opening.words = reason, words.strip()
    session().add(opening)
    session().flush()
    _record(AuditAction.OPEN_CONTACT, contact.id, by=by, fields=LONGEST)
    # The trail's head is locked by now, so that of two who open at the same moment one counts the other.
    if opened_today(by.account_id) > CONTACTS_A_DAY:
        alerts.contacts_opened(account_id=by.account_id)
    return OpenedContact(details=_details(contact), version=contact.version)


def change(
    *, prisoner_id: str, contact_id: str, details: ContactDetails, by: Viewer, seen_version: int
) -> FamilyContact:
    """Correct a contact; what stays as it was is not sealed anew, and where nothing changes nothing is written.

    Raises as `add`, and StaleRecord when somebody changed it since it was opened.
    """
    contact = _seen(_contact(prisoner_id, contact_id, by), seen_version)
    _check(details)
    changed = [name for name in _FIELDS if getattr(contact, name) != getattr(details, name)]
    if not changed:
        return contact
    for name in changed:
        setattr(contact, name, getattr(details, name))
    contact.changed_at, contact.changed_by = now(), by.account_id
    session().flush()
    _record(AuditAction.UPDATE, contact.id, by=by, fields=changed)
    return contact


def remove(*, prisoner_id: str, contact_id: str, by: Viewer, seen_version: int) -> None:
    """Delete a contact for good. Raises NotAllowed, NotFound outside the caseload, StaleRecord when it was changed."""
    contact = _seen(_contact(prisoner_id, contact_id, by), seen_version)
    session().delete(contact)
    session().flush()
    _record(AuditAction.REMOVE, contact_id, by=by)


def remove_over(moment: datetime, at_most: int) -> int:
    """Delete contacts of those who were noticed to be no longer held by that moment, and give how many they were.

    The time begins when this first notices it, however the record came to say so, and ends with a return to custody.
    """
    _note_whose_time_begins()
    over = select(FamilyContact.id).where(FamilyContact.over_since <= moment).order_by(FamilyContact.id).limit(at_most)
    gone = session().scalars(delete(FamilyContact).where(FamilyContact.id.in_(over)).returning(FamilyContact.id)).all()
    removed = [audit.Happening(AuditAction.REMOVE, AuditEntity.FAMILY_CONTACT, contact_id) for contact_id in gone]
    if removed:
        audit.record_many(removed, by=None)
    return len(gone)


def _note_whose_time_begins() -> None:
    free = exists().where(Prisoner.id == FamilyContact.prisoner_id, Prisoner.detention_status.in_(NO_LONGER_HELD))
    beginning = update(FamilyContact).where(free, FamilyContact.over_since.is_(None)).values(over_since=now())
    ending = update(FamilyContact).where(~free, FamilyContact.over_since.is_not(None)).values(over_since=None)
    for statement in (beginning, ending):
        session().execute(statement.execution_options(synchronize_session=False))


def _prisoner(prisoner_id: str, by: Viewer) -> Prisoner:
    if not allowed(by, Permission.FAMILY_CONTACTS):
        raise NotAllowed("Only coordinators handle contacts of families.")
    prisoner = prisoner_of_caseload(by, prisoner_id)
    if prisoner is None:
        raise NotFound("There is no such prisoner.")
    return prisoner


def _contact(prisoner_id: str, contact_id: str, by: Viewer) -> FamilyContact:
    """The contact, locked."""
    prisoner = _prisoner(prisoner_id, by)
    theirs = FamilyContact.id == contact_id, FamilyContact.prisoner_id == prisoner.id
    contact = session().scalar(locked(select(FamilyContact).where(*theirs)))
    if contact is None:
        raise NotFound("There is no such contact.")
    return contact


def _seen(contact: FamilyContact, version: int) -> FamilyContact:
    if contact.version != version:
        raise StaleRecord("Somebody changed this contact since you saw it. Nothing of yours was kept: open it again.")
    return contact


def _check(details: ContactDetails) -> None:
    for name, longest in LONGEST.items():
        value = getattr(details, name)
        if not value.strip() or len(value) > longest:
            raise BadInput(f"{name}: it is missing, or longer than {longest} characters.")
    if details.agreed_on > today():
        raise BadInput("agreed_on: this day is still to come.")


def _details(contact: FamilyContact) -> ContactDetails:
    return ContactDetails(**{name: getattr(contact, name) for name in _FIELDS})


def _record(action: AuditAction, contact_id: str, *, by: Viewer, fields: Iterable[str] = ()) -> None:
    audit.record(
        action=action, by=by.account_id, entity=AuditEntity.FAMILY_CONTACT, entity_id=contact_id, fields=fields
    )
