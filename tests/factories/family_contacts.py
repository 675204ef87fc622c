"""Contacts of invented families, and who opened them. Their telephone numbers are reserved for stories."""

from datetime import date
from typing import Any

from app.clock import now
from app.contact_words import ContactKind, OpeningReason
from app.models import Account, ContactOpening, FamilyContact, Prisoner
from tests.factories.accounts import make_office
from tests.factories.prisoners import make_prisoner
from tests.factories.writing import add, writing


def make_contact(*, prisoner: Prisoner | None = None, **changes: Any) -> FamilyContact:
    """A relative who agreed, of a prisoner of their own unless one is given."""
    values = {
        "kind": ContactKind.RELATIVE,
        "name": "Aunt Invented",
        "language": "Russian",
        "reach": "+44 1632 960123\naunt@example.org",
        "may_say": "Nothing about the case on the telephone.",
        "agreement": "She said so in a call.",
        "agreed_on": date(2026, 1, 2),
        "recorded_at": now(),
    }
    with writing():
        whose = prisoner or make_prisoner()
        return add(FamilyContact(prisoner_id=whose.id, recorded_by=make_office().id, **values | changes))


def make_opening(contact: FamilyContact, *, by: Account | None = None, **changes: Any) -> ContactOpening:
    """Somebody opened the contact now."""
    values = {"opened_at": now(), "reason": OpeningReason.TELL_NEWS, "words": "There was a hearing."}
    with writing():
        who = by or make_office()
        about = {"contact_id": contact.id, "prisoner_id": contact.prisoner_id, "account_id": who.id}
        return add(ContactOpening(**about, **values | changes))
