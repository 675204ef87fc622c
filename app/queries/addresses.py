"""Which prisoners' addresses somebody has vouched for, and which a coordinator is asked to look at."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, null, or_, select
from sqlalchemy.orm import contains_eager

from app.clock import today
from app.database import session
from app.models import AddressCheck, Facility, FieldSource, Match, Prisoner
from app.permissions import Viewer
from app.queries.paging import Page, page_of
from app.queries.scope import prisoners_of
from app.reminders import ADDRESS_KEEPS
from app.vocabulary import LIVE_STATES, NO_LONGER_HELD, DetentionStatus, SupportKind

ROWS_ON_A_PAGE = 50
PARTS = ("street", "street_cyrillic", "city", "city_cyrillic", "postcode")
"""What an address consists of; a check keeps each as it stood."""

NOWHERE_TO_ASK = (*NO_LONGER_HELD, DetentionStatus.IN_TRANSFER)


def _is_as_seen(part: str) -> ColumnElement[bool]:
    return getattr(AddressCheck, part) == getattr(Facility, part)  # type: ignore[no-any-return]


def _has_not_changed(part: str) -> ColumnElement[bool]:
    """What was empty may have been filled in since."""
    return or_(getattr(AddressCheck, part).is_(None), _is_as_seen(part))


_SAME_ADDRESS = and_(
    AddressCheck.facility_id == Prisoner.facility_id,
    _is_as_seen("postcode"),
    or_(_is_as_seen("street"), _is_as_seen("street_cyrillic")),
    *map(_has_not_changed, PARTS),
)
VERIFIED_ON: ColumnElement[date | None] = case((_SAME_ADDRESS, AddressCheck.verified_on), else_=null())
"""When somebody vouched for the address as it is now; NULL where nobody has. Needs facility and check joined."""


def _due(viewer: Viewer) -> Select[Prisoner]:
    """The coordinator's prisoners to whom somebody writes, and whose address nobody vouches for (any more)."""
    written_to = exists().where(
        Match.prisoner_id == Prisoner.id, Match.kind == SupportKind.LETTER_WRITER, Match.state.in_(LIVE_STATES)
    )
    return (
        select(Prisoner)
        .outerjoin(Prisoner.facility)
        .outerjoin(AddressCheck, AddressCheck.prisoner_id == Prisoner.id)
        .where(
            prisoners_of(viewer),
            Prisoner.detention_status.not_in(NOWHERE_TO_ASK),
            written_to,
            or_(VERIFIED_ON.is_(None), today() - ADDRESS_KEEPS > VERIFIED_ON),
        )
    )


def ids_due(viewer: Viewer) -> Select[str]:
    """Selects whose addresses are due, for a count among others."""
    return _due(viewer).with_only_columns(Prisoner.id)


def due(viewer: Viewer, *, number: int) -> Page[Prisoner]:
    """Whose addresses are due, the longest unlooked-at first: those that nobody ever vouched for before all."""
    query = _due(viewer).options(contains_eager(Prisoner.facility))
    in_order = query.order_by(func.coalesce(AddressCheck.verified_on, date.min), Prisoner.id)
    return page_of(in_order, Prisoner.id, number=number, size=ROWS_ON_A_PAGE)


def sources_of(prisoner_ids: list[str]) -> dict[str, FieldSource]:
    """Who says where each of them is held, for those of whom it is noted."""
    query = select(FieldSource).where(FieldSource.prisoner_id.in_(prisoner_ids), FieldSource.field == "facility")
    return {source.prisoner_id: source for source in session().scalars(query)}


def checks_of(prisoner_ids: list[str]) -> dict[str, AddressCheck]:
    """The newest word on each of these prisoners' addresses."""
    query = select(AddressCheck).where(AddressCheck.prisoner_id.in_(prisoner_ids))
    return {check.prisoner_id: check for check in session().scalars(query)}
