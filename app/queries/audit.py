"""The audit trail from its first event on, and where it ends."""

from collections.abc import Iterator

from sqlalchemy import select

from app.database import session
from app.models import AuditEvent, AuditHead

EVENTS_AT_ONCE = 1_000


def events() -> Iterator[AuditEvent]:
    """Every event in the order of the chain; a thousand at a time, so that whoever stops early leaves nothing open."""
    number = None
    while True:
        query = select(AuditEvent).order_by(AuditEvent.number).limit(EVENTS_AT_ONCE)
        if number is not None:
            query = query.where(AuditEvent.number > number)
        some = session().scalars(query).all()
        yield from some
        if len(some) < EVENTS_AT_ONCE:
            return
        number = some[-1].number


def head() -> AuditHead:
    """The newest link's number and digest, as writers of the trail know it."""
    return session().scalars(select(AuditHead)).one()
