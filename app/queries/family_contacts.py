"""Contacts of families as pages may show them without a reason: how many there are, of which kind, and since when.

Nothing here opens what is sealed of a contact: that takes `actions.family_contacts.open_contact`. Who opened which of
them administrators read.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.clock import now
from app.contact_words import ContactKind
from app.database import session
from app.models import ContactOpening, FamilyContact, Prisoner
from app.permissions import Permission, Viewer, allowed
from app.queries.paging import Page, page_of, some_of
from app.queries.reading import utc_day
from app.queries.scope import caseload_of

ON_A_PAGE = 50
FEW = 10


@dataclass(frozen=True, kw_only=True)
class ContactRow:
    """What may be said of a contact without opening it."""

    id: str
    kind: ContactKind
    recorded_at: datetime
    changed_at: datetime | None
    version: int


_COLUMNS = [getattr(FamilyContact, name) for name in ContactRow.__dataclass_fields__]


def prisoner_of_caseload(viewer: Viewer, prisoner_id: str) -> Prisoner | None:
    """The prisoner, if they were given to the viewer in person and the viewer may handle contacts (Z5)."""
    if not allowed(viewer, Permission.FAMILY_CONTACTS):
        return None
    return session().scalar(select(Prisoner).where(Prisoner.id == prisoner_id, caseload_of(viewer)))


def number_of(viewer: Viewer, prisoner_id: str) -> int | None:
    """How many contacts are recorded; None where they are not for this viewer."""
    if not allowed(viewer, Permission.FAMILY_CONTACTS):
        return None
    recorded = select(func.count()).select_from(FamilyContact).where(FamilyContact.prisoner_id == Prisoner.id)
    mine = select(recorded.scalar_subquery()).where(Prisoner.id == prisoner_id, caseload_of(viewer))
    return session().scalar(mine)


def listed(prisoner_id: str) -> list[ContactRow]:
    """The contacts of a prisoner, the oldest first."""
    return _rows(select(*_COLUMNS).where(FamilyContact.prisoner_id == prisoner_id))


def row(prisoner_id: str, contact_id: str) -> ContactRow | None:
    """One contact of a prisoner."""
    found = _rows(select(*_COLUMNS).where(FamilyContact.prisoner_id == prisoner_id, FamilyContact.id == contact_id))
    return found[0] if found else None


def _rows(query: Select[*tuple[object, ...]]) -> list[ContactRow]:
    in_order = query.order_by(FamilyContact.recorded_at, FamilyContact.id)
    return [ContactRow(**found._mapping) for found in session().execute(in_order)]


def opened_today(account_id: str) -> int:
    """How many contacts somebody opened on this day, by UTC."""
    midnight = datetime.combine(utc_day(now()), time(), UTC)
    theirs = ContactOpening.account_id == account_id, ContactOpening.opened_at >= midnight
    return session().scalar(select(func.count()).select_from(ContactOpening).where(*theirs)) or 0


def openings(*, number: int) -> Page[ContactOpening]:
    """Who opened whose contact, and why; the newest first."""
    return page_of(_NEWEST, ContactOpening.id, number=number, size=ON_A_PAGE)


def newest_openings() -> list[ContactOpening]:
    """The first few of the same."""
    return list(session().scalars(some_of(_NEWEST, ContactOpening.id, count=FEW)))


_NEWEST = (
    select(ContactOpening)
    .options(joinedload(ContactOpening.account))
    .order_by(ContactOpening.opened_at.desc(), ContactOpening.id)
)
