"""Exports that were asked for."""

from typing import Any

from app.clock import now
from app.models import PERSONS_ALONE, Account, ExportRequest
from app.watch_words import ExportState, ExportSubject
from tests.factories.writing import add, writing


def make_export(*, by: Account, **changes: Any) -> ExportRequest:
    """An export of sponsors that `by` asked for: open at once, or waiting for a second person where it is large."""
    persons = changes.setdefault("persons", 1)
    values = {
        "subject": ExportSubject.SPONSORS,
        "reason": "For the meeting of the board",
        "state": ExportState.APPROVED if persons <= PERSONS_ALONE else ExportState.ASKED,
        "asked_at": now(),
        "asked_by": by.id,
    }
    with writing():
        return add(ExportRequest(**values | changes))
