"""Photographs of prisoners: taken in clean, shown on a recorded basis, taken out for good (docs/threats.md, F3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import FORGOTTEN, locked, session
from app.errors import BadInput, NotAllowed, NotFound, StaleRecord
from app.models import Photo, Prisoner
from app.permissions import Permission, Viewer, allowed
from app.pictures import Picture
from app.queries import photos
from app.queries.events import prisoner_in_scope
from app.vocabulary import NO_LONGER_HELD, PublicityBasis, Visibility

LONGEST_SOURCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Who may see a photograph; beyond coordinators also who allowed it, when, and where that is known from."""

    visibility: Visibility
    basis: PublicityBasis | None = None
    allowed_on: date | None = None
    source: str = ""


def put(picture: Picture, *, prisoner_id: str, by: Viewer, seen: str) -> Photo:
    """Make the picture the prisoner's photograph, instead of the one they had: for coordinators alone, until `show`.

    `seen` is `Photo.seen_as` of the one that the coordinator saw, empty where there was none. Raises NotAllowed,
    NotFound outside the caseload, and StaleRecord when it is not the one that they saw.
    """
    _lock(prisoner_id, by)
    _drop(prisoner_id, seen=seen)
    photo = Photo(prisoner_id=prisoner_id, card=picture.card, page=picture.page, added_at=now(), added_by=by.account_id)
    session().add(photo)
    session().flush()
    _record(AuditAction.ADD_PHOTO, [prisoner_id], by=by.account_id)
    return photo


def show(*, prisoner_id: str, by: Viewer, seen: str, consent: Consent) -> Photo:
    """Record who may see the photograph, and on what basis. Raises as `remove`, and BadInput where it may not be."""
    prisoner = _lock(prisoner_id, by)
    photo = _found(prisoner_id, seen=seen)
    _check(consent, prisoner)
    known = consent.visibility is not Visibility.COORDINATORS
    photo.visibility = consent.visibility
    photo.basis = consent.basis if known else None
    photo.allowed_on = consent.allowed_on if known else None
    photo.source = consent.source.strip() if known else None
    photo.shown_at, photo.shown_by = now(), by.account_id
    session().flush()
    _record(AuditAction.SHOW_PHOTO, [prisoner_id], by=by.account_id)
    return photo


def remove(*, prisoner_id: str, by: Viewer, seen: str) -> None:
    """Delete the photograph. Raises NotAllowed, NotFound outside the caseload or without one, and StaleRecord."""
    _lock(prisoner_id, by)
    _found(prisoner_id, seen=seen)
    _drop(prisoner_id, seen=seen)
    _record(AuditAction.REMOVE_PHOTO, [prisoner_id], by=by.account_id)


def remove_over(moment: datetime, at_most: int) -> int:
    """Delete photographs of those who were free, or had died, before the day of that moment; gives how many.

    A day that is not known whole counts as its latest; where none is known the photograph stays.
    """
    held_no_more = Prisoner.detention_status.in_(NO_LONGER_HELD)
    whose = select(Photo.id, Photo.prisoner_id, Prisoner.died_on, Prisoner.released_on).join(Photo.prisoner)
    rows = session().execute(locked(whose.where(held_no_more).order_by(Photo.id)))
    before = moment.date()
    over = [
        (photo_id, prisoner_id)
        for photo_id, prisoner_id, *days in rows
        if any(day is not None and day.latest < before for day in days)
    ][:at_most]
    if over:
        session().execute(delete(Photo).where(Photo.id.in_([photo_id for photo_id, _ in over])))
        session().info[FORGOTTEN] = True
        _record(AuditAction.REMOVE_PHOTO, sorted(prisoner_id for _, prisoner_id in over), by=None)
    return len(over)


def _lock(prisoner_id: str, by: Viewer) -> Prisoner:
    """The prisoner, locked, so that of two who decide about one photograph the second sees what the first did."""
    if not allowed(by, Permission.KEEP_PHOTOS):
        raise NotAllowed("Only coordinators keep photos.")
    if prisoner_in_scope(by, prisoner_id) is None:
        raise NotFound("There is no such prisoner.")
    return session().scalars(locked(select(Prisoner).where(Prisoner.id == prisoner_id))).one()


def _found(prisoner_id: str, *, seen: str) -> Photo:
    photo = photos.of_prisoner(prisoner_id)
    if photo is None:
        raise NotFound("There is no photo.")
    if photo.seen_as != seen:
        raise StaleRecord("Somebody changed this photo since you opened the page.")
    return photo


def _drop(prisoner_id: str, *, seen: str) -> None:
    """Delete the photograph that was seen; where none was seen there must be none."""
    if not seen and photos.of_prisoner(prisoner_id) is None:
        return
    session().delete(_found(prisoner_id, seen=seen))
    session().flush()
    session().info[FORGOTTEN] = True


def _check(consent: Consent, prisoner: Prisoner) -> None:
    if consent.visibility is Visibility.COORDINATORS:
        return
    if photos.narrower(consent.visibility, photos.reach_of(prisoner)) is not consent.visibility:
        raise BadInput("A photo is shown to nobody who may not know of the case, and of a child never in public.")
    source = consent.source.strip()
    if consent.basis is None or consent.allowed_on is None or not source or len(source) > LONGEST_SOURCE:
        raise BadInput(f"Say who allowed it, when, and how we know, in at most {LONGEST_SOURCE} characters.")
    if consent.allowed_on > today():
        raise BadInput("The day on which it was allowed has not come yet.")


def _record(action: AuditAction, prisoner_ids: Iterable[str], *, by: str | None) -> None:
    happenings = [audit.Happening(action, AuditEntity.PRISONER, one, ["photo"]) for one in prisoner_ids]
    audit.record_many(happenings, by=by)
