"""Photographs of prisoners: which one may be seen by whom, now.

Asked again for every picture that is sent (docs/threats.md, F3). What may be seen never goes beyond the case itself:
when it stops being public, when its person is free or has died, or turns out to be a child, so does the photograph.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.clock import today
from app.database import session
from app.models import Photo, Prisoner
from app.partial_date import PartialDate, may_be_under_age
from app.permissions import Permission, Viewer, allowed
from app.queries import matches
from app.queries.scope import prisoners_of
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, Publicity, Visibility

WIDTH: Final = {Visibility.COORDINATORS: 0, Visibility.SPONSORS: 1, Visibility.PUBLIC: 2}
"""How far each of them reaches."""


class PhotoSize(StrEnum):
    """Which of the two pictures."""

    CARD = "card"
    PAGE = "page"


def reach(publicity: Publicity, status: DetentionStatus, birth_date: PartialDate | None) -> Visibility:
    """How far a photograph of somebody with such a case may reach at most."""
    if publicity is Publicity.COORDINATORS_ONLY or status in NO_LONGER_HELD:
        return Visibility.COORDINATORS
    child = birth_date is not None and may_be_under_age(birth_date, on=today())
    return Visibility.PUBLIC if publicity is Publicity.PUBLIC and not child else Visibility.SPONSORS


def reach_of(prisoner: Prisoner) -> Visibility:
    """The same, of a record."""
    return reach(prisoner.publicity, prisoner.detention_status, prisoner.birth_date)


def narrower(one: Visibility, other: Visibility) -> Visibility:
    """Whichever of the two reaches less far."""
    return min(one, other, key=WIDTH.__getitem__)


def content(viewer: Viewer | None, photo_id: str, size: PhotoSize) -> bytes | None:
    """The picture, if whoever looks (None: a stranger) may see it at this moment; None for any other id.

    Reads columns and no records: the page that the picture stands on has been counted (docs/threats.md, Z8).
    """
    about = select(
        Photo.prisoner_id, Photo.visibility, Prisoner.publicity, Prisoner.detention_status, Prisoner.birth_date
    )
    row = session().execute(about.join(Photo.prisoner).where(Photo.id == photo_id)).one_or_none()
    if row is None:
        return None
    prisoner_id, visibility, publicity, status, birth_date = row
    if not _may_see(viewer, prisoner_id, narrower(visibility, reach(publicity, status, birth_date))):
        return None
    column = Photo.card if size is PhotoSize.CARD else Photo.page
    return session().scalar(select(column).where(Photo.id == photo_id))


def _may_see(viewer: Viewer | None, prisoner_id: str, visibility: Visibility) -> bool:
    if visibility is Visibility.PUBLIC:
        return True
    if viewer is None:
        return False
    if allowed(viewer, Permission.SEE_PRISONERS) and _in_caseload(viewer, prisoner_id):
        return True
    stands_by = allowed(viewer, Permission.OWN_HOME) and matches.stands_by(viewer, prisoner_id)
    return visibility is Visibility.SPONSORS and stands_by


def _in_caseload(viewer: Viewer, prisoner_id: str) -> bool:
    query = select(Prisoner.id).where(Prisoner.id == prisoner_id, prisoners_of(viewer))
    return session().scalar(query) is not None


def ids_shown(prisoners: Iterable[Prisoner], *, to: Visibility) -> dict[str, str]:
    """From prisoner to photograph, of those whose photograph may be seen by everybody or by their sponsors."""
    reaching = {prisoner.id for prisoner in prisoners if WIDTH[reach_of(prisoner)] >= WIDTH[to]}
    wide = [visibility for visibility in Visibility if WIDTH[visibility] >= WIDTH[to]]
    query = select(Photo.prisoner_id, Photo.id).where(Photo.prisoner_id.in_(reaching), Photo.visibility.in_(wide))
    return {prisoner_id: photo_id for prisoner_id, photo_id in session().execute(query)} if reaching else {}


def id_of(prisoner_id: str) -> str | None:
    """The id of a prisoner's photograph, for whoever has the prisoner in their caseload."""
    return session().scalar(select(Photo.id).where(Photo.prisoner_id == prisoner_id))


def of_prisoner(prisoner_id: str) -> Photo | None:
    """The photograph of a prisoner, without its pictures, for whoever has the prisoner in their caseload."""
    return session().scalar(select(Photo).where(Photo.prisoner_id == prisoner_id))
