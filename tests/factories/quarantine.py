"""Rows of lists that wait for a person, or were decided about."""

from datetime import date
from typing import Any
from uuid import uuid4

from app.clock import now
from app.importing import StagedPerson, as_json
from app.importing.records import ListStatus
from app.models import QuarantinedRow, new_id
from app.vocabulary import DetentionStatus, QuarantineState
from tests.factories.accounts import make_office
from tests.factories.names import next_name
from tests.factories.writing import add, writing


def make_quarantined_row(**changes: Any) -> QuarantinedRow:
    """A row of the list of `invented` that waits in a clash of its own; with another `state`, one that is decided.

    `says` are fields of the staged person that the row is about.
    """
    with writing():
        waits = changes.setdefault("state", QuarantineState.WAITING) is QuarantineState.WAITING
        values = {
            "group_id": new_id(),
            "source": "invented",
            "as_of": date(2026, 11, 1),
            "country": "BY",
            "row_number": 1,
            "clash": "same_name_and_birth_date",
            "identity": uuid4().hex * 2,
            "wording": uuid4().hex * 2,
            "marks": [],
            "kept_at": now(),
        }
        person = _person(changes.pop("says", {}))
        decision = {"person": as_json(person)} if waits else {"decided_at": now(), "decided_by": make_office().id}
        return add(QuarantinedRow(**values | decision | changes))


def _person(says: dict[str, Any]) -> StagedPerson:
    latin, cyrillic = next_name()
    values = {"row": 1, "name": latin, "name_latin": latin, "name_cyrillic": cyrillic, "status": ListStatus.HELD}
    return StagedPerson(**values | {"detention_status": DetentionStatus.CONVICTED} | says)
