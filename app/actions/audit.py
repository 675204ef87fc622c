"""The one way to add to the audit trail."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.keys import KeyPurpose, derive
from app.models import AuditEvent, AuditHead
from app.settings import current_settings


@dataclass(frozen=True, slots=True)
class Happening:
    """What was done to one record: `fields` names what changed, never its value."""

    action: AuditAction
    entity: AuditEntity
    entity_id: str
    fields: Iterable[str] = ()


def record(
    *, action: AuditAction, by: str | None, entity: AuditEntity, entity_id: str, fields: Iterable[str] = ()
) -> AuditEvent:
    """Append one event to the chain, in the current transaction.

    `by` is the id of the account that acts, None for the command line or a job; `fields` names what changed, never
    its value. Locks the chain's head until the transaction ends: call it last, after every other lock.
    """
    return record_many([Happening(action, entity, entity_id, fields)], by=by)[0]


def record_many(happenings: Iterable[Happening], *, by: str | None) -> list[AuditEvent]:
    """Append one event for each of `happenings`, in their order, as `record` does for one."""
    current = session()
    head = current.scalars(locked(select(AuditHead))).one()
    events = [_link(happening, by=by, head=head) for happening in happenings]
    current.add_all(events)
    return events


def _link(happening: Happening, *, by: str | None, head: AuditHead) -> AuditEvent:
    """The event that follows `head`, which moves on to it."""
    event = AuditEvent(
        number=head.number + 1,
        at=now(),
        by_account_id=by,
        action=happening.action,
        entity=happening.entity,
        entity_id=happening.entity_id,
        fields=sorted(happening.fields),
    )
    event.digest = link_digest(event, head.digest)
    head.number, head.digest = event.number, event.digest
    return event


def link_digest(event: AuditEvent, before: str) -> str:
    """The HMAC-SHA-256 that chains `event` to the digest before it, in hex."""
    content = [
        before,
        event.number,
        event.at.isoformat(timespec="microseconds"),
        event.by_account_id,
        event.action,
        event.entity,
        event.entity_id,
        event.fields,
    ]
    key = derive(current_settings().secret_key, KeyPurpose.AUDIT)
    return hmac.new(key, json.dumps(content).encode(), hashlib.sha256).hexdigest()
