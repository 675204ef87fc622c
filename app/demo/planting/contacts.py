"""Planting contacts of families: a few invented ones, with their yes, and how one of them was opened.

Telephone numbers are of ranges that are kept free for stories, addresses of `example.org`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import insert

from app.audit_words import AuditAction, AuditEntity
from app.contact_words import ContactKind, OpeningReason
from app.database import session
from app.demo.dice import Dice, derived_id
from app.demo.names import prisoner_name
from app.demo.people import InventedPrisoner, Member
from app.demo.planting.chronicle import Change
from app.demo.planting.events import has_in_caseload, recorder_of
from app.models import Caseload, ContactOpening, FamilyContact
from app.models.sealed import sealed_values
from app.vocabulary import EventType, Gender

_SEALED: Final = ("agreement", "language", "may_say", "name", "reach")
_RELATIONS: Final = ("mother", "father", "sister", "brother", "wife or husband", "aunt")
_LANGUAGES: Final = ("Russian", "Belarusian and Russian", "Russian, some Polish")
_MAY_SAY: Final = (
    "Letters and health. Nothing about the case on the telephone.",
    "Everything, on the messenger only. Never by mail.",
    "That letters went off, and no names of those who write.",
)
_AGREED: Final = ("In a call with the coordinator.", "In a message to the hub.", "At a meeting abroad.")
_OPENED_AFTER: Final = timedelta(hours=1)
_WHY: Final = "To tell them that the letters of this month went off."


def plant_contacts(
    people: Sequence[InventedPrisoner], *, seed: int, at: datetime, staff: Sequence[Member]
) -> Iterator[Change]:
    """Record the contacts at a moment, in the caseload of whoever records them; gives the changes for the chronicle."""
    for person in people:
        if person.number % 10 not in (3, 4) or _is_over(person):
            continue
        by = recorder_of(person, staff)
        if not any(has_in_caseload(member, person) for member in staff):
            session().execute(insert(Caseload), [{"account_id": by, "prisoner_id": person.id}])
        for number in range(1 + person.number % 2):
            row = _contact(person, number, seed=seed, at=at, by=by)
            session().execute(insert(FamilyContact), [sealed_values(FamilyContact, row)])
            fields = (*_SEALED, "agreed_on", "kind")
            yield _change(AuditAction.ADD, row["id"], at=at, by=by, fields=fields)
        if person.number % 2:
            yield _opening(person, row["id"], seed=seed, at=at + _OPENED_AFTER, by=by)


def _is_over(person: InventedPrisoner) -> bool:
    return any(event.type in (EventType.RELEASE, EventType.DEATH) for event in person.events)


def _contact(person: InventedPrisoner, number: int, *, seed: int, at: datetime, by: str) -> dict[str, Any]:
    dice = Dice(seed, "contact", person.id, number)
    named = prisoner_name(dice.pick((Gender.FEMALE, Gender.MALE)), dice).latin
    kind = ContactKind.LAWYER if number else ContactKind.RELATIVE
    digits = dice.whole(0, 999)
    return {
        "id": derived_id(seed, "contact", person.id, number),
        "prisoner_id": person.id,
        "kind": kind,
        "name": named if number else f"{named} ({dice.pick(_RELATIONS)})",
        "language": dice.pick(_LANGUAGES),
        "reach": f"Messenger, in the evening: +44 1632 960{digits:03d}\nfamily.{digits:03d}@example.org",
        "may_say": dice.pick(_MAY_SAY),
        "agreement": dice.pick(_AGREED),
        "agreed_on": (at - dice.within(timedelta(days=1), timedelta(days=20))).date(),
        "recorded_at": at,
        "recorded_by": by,
        "version": 1,
    }


def _opening(person: InventedPrisoner, contact_id: str, *, seed: int, at: datetime, by: str) -> Change:
    """Somebody was shown the contact; gives the change for the trail."""
    row = {
        "id": derived_id(seed, "opening", contact_id),
        "contact_id": contact_id,
        "prisoner_id": person.id,
        "account_id": by,
        "opened_at": at,
        "reason": OpeningReason.TELL_NEWS,
        "words": _WHY,
    }
    session().execute(insert(ContactOpening), [sealed_values(ContactOpening, row)])
    return _change(AuditAction.OPEN_CONTACT, contact_id, at=at, by=by, fields=_SEALED)


def _change(action: AuditAction, contact_id: str, *, at: datetime, by: str, fields: tuple[str, ...]) -> Change:
    return Change(at=at, by=by, action=action, entity=AuditEntity.FAMILY_CONTACT, entity_id=contact_id, fields=fields)
