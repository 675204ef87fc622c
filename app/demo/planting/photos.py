"""Planting photographs: of some prisoners, each as public as its case."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import insert

from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.demo.dice import Dice, derived_id
from app.demo.drawings import drawing
from app.demo.people import InventedPrisoner, Member
from app.demo.planting.chronicle import Change
from app.models import Photo
from app.vocabulary import Publicity, Visibility

FIRST: Final = 240
"""A drawing takes a hundredth of a second: only the first few have one, however large the world."""

_SEEN: Final = {
    Publicity.PUBLIC: Visibility.PUBLIC,
    Publicity.SPONSORS_ONLY: Visibility.SPONSORS,
    Publicity.COORDINATORS_ONLY: Visibility.COORDINATORS,
}


def plant_photos(
    people: Sequence[InventedPrisoner], *, seed: int, at: datetime, staff: Sequence[Member]
) -> Iterator[Change]:
    """Give two in three of the first prisoners a photograph; gives the changes for the chronicle."""
    by = staff[0].id
    drawn = [person for person in people if person.number < FIRST and person.number % 3 != 1]
    rows = [_row(person, seed=seed, at=at, by=by) for person in drawn]
    if rows:
        session().execute(insert(Photo), rows)
    for person in drawn:
        yield Change(
            at=at,
            by=by,
            action=AuditAction.ADD_PHOTO,
            entity=AuditEntity.PRISONER,
            entity_id=person.id,
            fields=("photo",),
        )


def _row(person: InventedPrisoner, *, seed: int, at: datetime, by: str) -> dict[str, Any]:
    picture = drawing(Dice(seed, "photo", person.number))
    known = person.basis is not None
    return {
        "id": derived_id(seed, "photo", person.number),
        "prisoner_id": person.id,
        "card": picture.card,
        "page": picture.page,
        "visibility": _SEEN[person.publicity],
        "basis": person.basis,
        "allowed_on": at.date() if known else None,
        "source": "Invented for the demo" if known else None,
        "shown_at": at if known else None,
        "shown_by": by if known else None,
        "added_at": at,
        "added_by": by,
        "version": 1,
    }
