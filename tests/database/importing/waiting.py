"""What tests of quarantined rows read and decide."""

from typing import Any

from sqlalchemy import func, select

from app.actions import quarantine
from app.database import session
from app.models import Base, Prisoner, QuarantinedRow
from app.permissions import Viewer
from app.queries import quarantine as queries
from app.transaction import transaction
from app.vocabulary import LeaveOutReason, QuarantineState


def waiting() -> list[QuarantinedRow]:
    """The rows that wait, in the order of their list."""
    session().rollback()
    waits = QuarantinedRow.state == QuarantineState.WAITING
    return list(session().scalars(select(QuarantinedRow).where(waits).order_by(QuarantinedRow.row_number)))


def says(row: QuarantinedRow) -> str:
    """The name that a waiting row gives."""
    return queries.person_of(row).name


def counted(table: type[Base]) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(table)) or 0


def same(row: QuarantinedRow, prisoner: Prisoner, *, by: Viewer, **changes: Any) -> None:
    """Decide that the row is the prisoner's."""
    session().rollback()
    seen = {"seen_version": row.version, "seen_prisoner_version": prisoner.version, "prisoner_id": prisoner.id}
    row_id = row.id
    with transaction():
        quarantine.same_person(row_id, by=by, **seen | changes)


def new(row: QuarantinedRow, *, by: Viewer, **changes: Any) -> Prisoner:
    """Decide that the row is of somebody new; gives them."""
    session().rollback()
    seen = {"seen_version": row.version, "seen_people": quarantine.digest_of(queries.possible(row))}
    row_id = row.id
    with transaction():
        quarantine.new_person(row_id, by=by, **seen | changes)
    session().refresh(row)
    assert row.prisoner is not None
    return row.prisoner


def out(row: QuarantinedRow, *, by: Viewer, **changes: Any) -> None:
    """Decide that the row is left out."""
    session().rollback()
    row_id, seen = row.id, {"seen_version": row.version, "reason": LeaveOutReason.SAID_TWICE}
    with transaction():
        quarantine.leave_out(row_id, by=by, **seen | changes)
