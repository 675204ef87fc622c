"""The audit trail from its first event on, and where it ends. Reads it as it stands, spoilt rows included."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.exc import SQLAlchemyError

from app.audit_words import AuditAction
from app.database import session
from app.models import AuditEvent, AuditHead
from app.permissions import Viewer

EVENTS_AT_ONCE = 1_000
EVENTS_SHOWN = 20

_UNREADABLE = (SQLAlchemyError, ValueError, TypeError)
"""What a row raises whose bytes are no text, no date or no list any more."""


def events() -> Iterator[tuple[int, AuditEvent | None]]:
    """Every event with its number in the order of the chain; None for one that cannot be read.

    A thousand at a time, so that whoever stops early leaves nothing open.
    """
    number: int | None = None
    while True:
        numbers = _numbers_after(number)
        yield from _read(numbers)
        if len(numbers) < EVENTS_AT_ONCE:
            return
        number = numbers[-1]


def _numbers_after(number: int | None) -> list[int]:
    query = select(AuditEvent.number).order_by(AuditEvent.number).limit(EVENTS_AT_ONCE)
    return list(session().scalars(query if number is None else query.where(AuditEvent.number > number)))


def _read(numbers: list[int]) -> Iterator[tuple[int, AuditEvent | None]]:
    """These events together; where one of them cannot be read, each by itself."""
    if not numbers:
        return
    among = select(AuditEvent).where(AuditEvent.number.in_(numbers)).order_by(AuditEvent.number)
    try:
        found = session().scalars(among).all()
    except _UNREADABLE:
        session().rollback()
        yield from ((number, _one(number)) for number in numbers)
        return
    yield from ((event.number, event) for event in found)


def _one(number: int) -> AuditEvent | None:
    try:
        return session().get(AuditEvent, number)
    except _UNREADABLE:
        session().rollback()
        return None


def newest(viewer: Viewer) -> list[tuple[int, AuditEvent | None]]:
    """The newest events, newest first, without the viewer's own openings of invented records: nobody is told of those.

    None stands for an event that cannot be read.
    """
    of_others = AuditEvent.by_account_id.is_distinct_from(viewer.account_id)
    shown = select(AuditEvent.number).where(or_(AuditEvent.action != AuditAction.OPEN_CANARY, of_others))
    numbers = list(session().scalars(shown.order_by(AuditEvent.number.desc()).limit(EVENTS_SHOWN)))
    return list(_read(numbers[::-1]))[::-1]


def head() -> AuditHead | None:
    """The newest link's number and digest, as writers of the trail know it; None where that is gone."""
    return session().scalars(select(AuditHead)).one_or_none()


def head_event() -> AuditEvent | None:
    """The newest event; None while nothing has happened, or where it cannot be read."""
    number = session().scalar(select(AuditEvent.number).order_by(AuditEvent.number.desc()).limit(1))
    return _one(number) if number is not None else None
