"""The record of a seeding: what was invented, kept as the import that it is, so that it is never done twice."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from app.database import locked, session
from app.demo.planting.prisoners import SOURCE
from app.models import AuditHead, ImportRecord, new_id


def keep(counts: dict[str, int], *, at: datetime) -> None:
    """Record that so many were invented."""
    digest = hashlib.sha256(repr(sorted(counts.items())).encode()).hexdigest()
    session().add(
        ImportRecord(
            id=new_id(),
            source=SOURCE,
            as_of=at.date(),
            file_digest=digest,
            counts=counts,
            applied_at=at,
            applied_by=None,
        )
    )


def kept() -> dict[str, int] | None:
    """What was invented here before, or None. Locks the audit trail: of two seedings, one waits and then sees."""
    session().scalars(locked(select(AuditHead))).one()
    query = select(ImportRecord.counts).where(ImportRecord.source == SOURCE).order_by(ImportRecord.applied_at).limit(1)
    return session().scalar(query)
