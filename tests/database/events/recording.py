"""What the tests of this folder share: an event to record, and what stands in outbox and trail after it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.actions import events
from app.actions.events import EventOrder, Recorded
from app.database import session
from app.mail.outbox import Message, enqueue
from app.models import AuditEvent, Match, OutgoingMail, Prisoner
from app.permissions import Viewer
from app.transaction import transaction
from app.vocabulary import EventType

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)


def record(prisoner: Prisoner, event: EventType, *, by: Viewer, after: int = 0, **changes: Any) -> Recorded:
    """Record the event of two days before noon, `after` days later."""
    version = changes.pop("seen_version", None)
    values = {"type": event, "day": DAY + timedelta(days=after), "source": "a colleague"}
    order = EventOrder(**{"prisoner_id": prisoner.id} | values | changes)
    with clock.at(NOON + timedelta(days=after)), transaction():
        return events.record(order, by=by, seen_version=version)


def queue(match: Match, message: Message = Message.OFFER, occasion: str = "one") -> str:
    """A mail about the match that waits; gives its id."""
    with clock.at(NOON - timedelta(days=3)), transaction():
        mail = enqueue(
            message=message,
            occasion=f"{occasion}:{match.id}",
            account_id=match.sponsor.account_id,
            match_id=match.id,
        )
        assert mail is not None
        return mail.id


def mails(match: Match) -> list[tuple[str, str, str | None]]:
    """Every mail about the match, the oldest first: message, state, reason."""
    session().rollback()
    query = select(OutgoingMail).where(OutgoingMail.match_id == match.id).order_by(OutgoingMail.created_at)
    return [(mail.message, mail.state.value, mail.reason) for mail in session().scalars(query)]


def notices() -> list[str]:
    """The messages of everything that still waits."""
    session().rollback()
    return sorted(session().scalars(select(OutgoingMail.message).where(OutgoingMail.state == "queued")))


def trail() -> list[tuple[str, str, list[str]]]:
    """The audit trail: action, entity, fields."""
    session().rollback()
    found = session().scalars(select(AuditEvent).order_by(AuditEvent.number))
    return [(event.action, event.entity, event.fields) for event in found]
