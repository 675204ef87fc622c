"""Imports: what a list would change, and changing it: all of it or nothing."""

from dataclasses import dataclass

from sqlalchemy import select

from app.actions import audit, list_entries, waiting_rows
from app.actions.audit import Happening
from app.actions.facilities import FacilityBook
from app.actions.list_entries import Entry
from app.actions.list_widths import fitted
from app.actions.prisoners import GivenPublicity
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, NotAllowed
from app.importing import Diff, Memory, Origin, Outcome, Staged, compare
from app.models import ImportRecord, Prisoner, new_id
from app.permissions import Permission, Viewer, allowed
from app.queries.imports import held_people
from app.vocabulary import Publicity, PublicityBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What to do with a list: which country holds its people, and who may know of the new ones on what basis.

    `file_digest` is the SHA-256 of the file in hex, `country` an ISO 3166-1 alpha-2 code. Publicity is given to new
    records only: what somebody decided about a held person stands until somebody decides anew.
    """

    staged: Staged
    file_digest: str
    country: str
    publicity: Publicity = Publicity.COORDINATORS_ONLY
    basis: PublicityBasis | None = None


def preview(staged: Staged, *, by: Viewer | None) -> Diff:
    """What applying the list would change; writes nothing.

    `by` is None for the command line. Raises NotAllowed for somebody who may not import.
    """
    _check_may_import(by)
    return _compare(staged)[0]


def apply(order: ImportOrder, *, by: Viewer | None) -> Diff:
    """Add the list's new people, change the held ones, and note the import; gives what was done.

    Rows that need a person to decide are kept for one; what was decided about a row before is followed. A list that
    says nothing new leaves no trace. Raises NotAllowed for somebody who may not import, and BadInput for publicity
    without its basis or without somebody who gives it.
    """
    _check_may_import(by)
    given = _given_publicity(order, by=by)
    _lock()
    diff, memory = _compare(order.staged)
    entry = Entry(
        origin=Origin(order.staged.source, order.staged.as_of),
        country=order.country,
        book=FacilityBook(order.country),
        publicity=given,
        caseload_of=by.account_id if by else None,
        imported_by=by.account_id if by else None,
    )
    happenings, confirmed = _enter(diff, entry)
    happenings += waiting_rows.keep(diff, memory, entry=entry)
    if happenings or confirmed:
        _note(order, diff=diff, happenings=happenings, by=by)
    return diff


def _compare(staged: Staged) -> tuple[Diff, Memory]:
    fitting = fitted(staged)
    memory = waiting_rows.recollect(fitting)
    return compare(fitting, held_people(), memory), memory


def _check_may_import(by: Viewer | None) -> None:
    if by is not None and not allowed(by, Permission.IMPORT_PRISONERS):
        raise NotAllowed("Importing lists needs the programme's permission.")


def _given_publicity(order: ImportOrder, *, by: Viewer | None) -> GivenPublicity | None:
    if order.publicity is Publicity.COORDINATORS_ONLY:
        return None
    if order.basis is None or by is None:
        raise BadInput("Publicity needs its basis, and somebody who gives it.")
    return GivenPublicity(publicity=order.publicity, basis=order.basis, by=by.account_id)


def _lock() -> None:
    """Keep other imports out, and every held prisoner as they are, until the transaction ends.

    The audit head comes last, as everywhere.
    """
    list_entries.keep_imports_out()
    session().execute(locked(select(Prisoner.id).order_by(Prisoner.id))).all()


def _enter(diff: Diff, entry: Entry) -> tuple[list[Happening], int]:
    """Write the rows; gives what happened to which record, and how many known values the list confirms."""
    happenings = list_entries.add((row.person for row in diff.of(Outcome.NEW)), entry=entry)
    happenings += list_entries.change((row for row in diff.of_held() if row.outcome is Outcome.CHANGED), entry=entry)
    confirmed = list_entries.confirm(diff.of_held(), origin=entry.origin)
    return entry.book.happenings + happenings, confirmed


def _note(order: ImportOrder, *, diff: Diff, happenings: list[Happening], by: Viewer | None) -> None:
    account_id = by.account_id if by else None
    note = ImportRecord(
        id=new_id(),
        source=order.staged.source,
        as_of=order.staged.as_of,
        file_digest=order.file_digest,
        counts=_numbers(diff),
        applied_at=now(),
        applied_by=account_id,
    )
    session().add(note)
    session().flush()
    audit.record_many([Happening(AuditAction.IMPORT, AuditEntity.IMPORT_RECORD, note.id), *happenings], by=account_id)


def _numbers(diff: Diff) -> dict[str, int]:
    """The counts alone: what an error quotes from the file is not kept."""
    counts = diff.counts()
    plain = {name: number for name, number in counts.items() if isinstance(number, int)}
    skipped = counts["skipped"]
    assert isinstance(skipped, dict)
    return plain | skipped | {"errors": len(diff.errors)}
