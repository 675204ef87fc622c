"""Quarantined rows: a coordinator says whose each is, and the row then does what an import would have done with it.

A decision is remembered for later lists. What the row said is deleted with it; of what it named its person by keyed
digests stay (`app.models.quarantine`). Locks imports out, then the row, then the prisoner with their matches, and the
audit chain last.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select

from app.actions import audit, event_effects, list_entries
from app.actions.audit import Happening
from app.actions.event_effects import ENDS_OF_DETENTION, Effects
from app.actions.facilities import FacilityBook
from app.actions.list_entries import Entry
from app.actions.prisoners import GivenPublicity
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import Conflict, InvalidTransition, NotAllowed, NotFound, StaleRecord
from app.importing import DiffRow, ListStatus, Origin, Outcome, StagedPerson, entry_of, without_marks
from app.models import Prisoner, PrisonerSource, QuarantinedRow
from app.permissions import Permission, Viewer, allowed
from app.queries import quarantine
from app.queries.quarantine import Possible, people, person_of, possible
from app.queries.scope import prisoners_of
from app.transitions import QUARANTINE_MOVES, check_move
from app.vocabulary import DetentionStatus, LeaveOutReason, Publicity, QuarantineState

_STALE: Final = "Somebody changed this since you opened the page. Look again, then decide."


@dataclass(frozen=True)
class Foreseen:
    """What a row would change in a held person if it is theirs; `effects` where it ends their detention."""

    possible: Possible
    row: DiffRow
    effects: Effects | None = None


def foreseen(row: QuarantinedRow, whom: Iterable[Possible], *, by: Viewer) -> list[Foreseen]:
    """What deciding that the waiting row is each of these people would do; writes nothing. Raises NotAllowed."""
    _check_may_decide(by)
    return [_foreseen(row, one) for one in whom]


def _foreseen(row: QuarantinedRow, one: Possible) -> Foreseen:
    change = _change(row, one)
    status = next((change.new for change in change.changes if change.field == "detention_status"), None)
    if not isinstance(status, DetentionStatus) or status not in ENDS_OF_DETENTION:
        return Foreseen(one, change)
    effects = event_effects.foreseen(ENDS_OF_DETENTION[status], one.held.key, facility_id=None)
    return Foreseen(one, change, effects)


def same_person(
    row_id: str, *, prisoner_id: str, by: Viewer, seen_version: int, seen_prisoner_version: int
) -> QuarantinedRow:
    """The row is this prisoner's: it changes their record, with all that follows, as the import would have.

    Raises NotAllowed, NotFound for a row that is not there, InvalidTransition for one that is decided, StaleRecord
    where row or prisoner changed since they were seen, and Conflict for a prisoner who is no longer there.
    """
    row = _locked(row_id, by=by, seen_version=seen_version)
    theirs = Prisoner.id == prisoner_id, prisoners_of(by)
    prisoner = session().scalar(locked(select(Prisoner).where(*theirs)))
    if prisoner is None:
        raise Conflict("This person is no longer in the records. Look again, then decide.")
    if prisoner.version != seen_prisoner_version:
        raise StaleRecord(_STALE)
    [one] = people([prisoner.id])
    change, entry = _change(row, one), _entry(row, by=by)
    happenings = list_entries.change([change], entry=entry) if change.outcome is Outcome.CHANGED else []
    list_entries.confirm([change], origin=entry.origin)
    return _decide(
        row, QuarantineState.SAME_PERSON, by=by, whom=prisoner.id, with_it=entry.book.happenings + happenings
    )


def new_person(row_id: str, *, by: Viewer, seen_version: int, seen_people: str) -> QuarantinedRow:
    """The row is of somebody nobody holds: they become a record, as the import would have made it.

    `seen_people` is the `digest_of` those who might have been meant. Raises what `same_person` raises, StaleRecord also
    where others may be meant by now, and Conflict where the list does not call the person held and recognised.
    """
    row = _locked(row_id, by=by, seen_version=seen_version)
    if not may_be_new(row):
        raise Conflict("The list does not call this person held and recognised, so no record is made.")
    if digest_of(possible(row)) != seen_people:
        raise StaleRecord("Others may be meant since you opened the page. Look again, then decide.")
    entry = _entry(row, by=by)
    [added] = list_entries.add([_with_own_marks(row, person_of(row))], entry=entry)
    return _decide(
        row, QuarantineState.NEW_PERSON, by=by, whom=added.entity_id, with_it=[*entry.book.happenings, added]
    )


def leave_out(row_id: str, *, reason: LeaveOutReason, by: Viewer, seen_version: int) -> QuarantinedRow:
    """The row changes nothing, now or when it comes again. Raises what `same_person` raises of the row."""
    row = _locked(row_id, by=by, seen_version=seen_version)
    row.reason = reason
    return _decide(row, QuarantineState.LEFT_OUT, by=by)


def forget(row_id: str, *, by: Viewer) -> None:
    """Forget a decision, so that the row waits again when a list brings it; what it did to a record stays.

    Raises NotAllowed, NotFound for a decision that is not there, and Conflict for a row that waits still.
    """
    _check_may_decide(by)
    list_entries.keep_imports_out()
    row = _found(row_id, by=by)
    if row.state is QuarantineState.WAITING:
        raise Conflict("Nobody has decided about this row yet.")
    session().delete(row)
    session().flush()
    audit.record(
        action=AuditAction.FORGET_DECISION, by=by.account_id, entity=AuditEntity.QUARANTINED_ROW, entity_id=row_id
    )


def may_be_new(row: QuarantinedRow) -> bool:
    """Whether the waiting row may become a record: only of somebody held (docs/domain.md, "Do no harm" 5)."""
    return person_of(row).status is ListStatus.HELD


def digest_of(possible_people: Iterable[Possible]) -> str:
    """SHA-256, in hex, over who they are: equal exactly when they are the same people."""
    return hashlib.sha256(" ".join(sorted(one.held.key for one in possible_people)).encode()).hexdigest()


def _check_may_decide(by: Viewer) -> None:
    if not allowed(by, Permission.IMPORT_PRISONERS):
        raise NotAllowed("Deciding about rows of lists needs the programme's permission.")


def _locked(row_id: str, *, by: Viewer, seen_version: int) -> QuarantinedRow:
    """The row, locked, while it waits and is as it was seen."""
    _check_may_decide(by)
    list_entries.keep_imports_out()
    row = _found(row_id, by=by)
    if row.state is not QuarantineState.WAITING:
        raise InvalidTransition("Somebody has decided about this row already.")
    if row.version != seen_version:
        raise StaleRecord(_STALE)
    return row


def _found(row_id: str, *, by: Viewer) -> QuarantinedRow:
    row = session().scalar(locked(select(QuarantinedRow).where(QuarantinedRow.id == row_id, quarantine.of_viewer(by))))
    if row is None:
        raise NotFound("There is no such row.")
    return row


def _change(row: QuarantinedRow, one: Possible) -> DiffRow:
    person = _with_own_marks(row, person_of(row), whose=one.held.key)
    return entry_of(person, one.held, origin=Origin(row.source, row.as_of))


def _with_own_marks(row: QuarantinedRow, person: StagedPerson, *, whose: str | None = None) -> StagedPerson:
    """The person without the id or address by which the source knows somebody else already: nobody shares one."""
    marks = or_(PrisonerSource.source_id == person.source_id, PrisonerSource.source_url == person.source_url)
    query = select(PrisonerSource).where(PrisonerSource.source == row.source, marks)
    others = [known for known in session().scalars(query) if known.prisoner_id != whose]
    return without_marks(person, {mark for known in others for mark in (known.source_id, known.source_url) if mark})


def _entry(row: QuarantinedRow, *, by: Viewer) -> Entry:
    """How the row enters the records: as of its list, signed by whoever decides, known to whom the import gave."""
    given = None
    if row.publicity is not Publicity.COORDINATORS_ONLY and row.publicity_basis and row.publicity_by:
        given = GivenPublicity(publicity=row.publicity, basis=row.publicity_basis, by=row.publicity_by)
    return Entry(
        origin=Origin(row.source, row.as_of),
        country=row.country,
        book=FacilityBook(row.country),
        publicity=given,
        caseload_of=by.account_id,
        imported_by=by.account_id,
    )


def _decide(
    row: QuarantinedRow,
    state: QuarantineState,
    *,
    by: Viewer,
    whom: str | None = None,
    with_it: Iterable[Happening] = (),
) -> QuarantinedRow:
    """Note the decision, and delete what the row said."""
    check_move(QUARANTINE_MOVES, row.state, state)
    row.state, row.prisoner_id = state, whom
    row.decided_at, row.decided_by = now(), by.account_id
    row.person = None
    row.publicity, row.publicity_basis, row.publicity_by = Publicity.COORDINATORS_ONLY, None, None
    session().flush()
    fields = ["state", "prisoner_id"] if whom else ["state", "reason"]
    decided = Happening(AuditAction(f"decide_{state}"), AuditEntity.QUARANTINED_ROW, row.id, fields)
    audit.record_many([*with_it, decided], by=by.account_id)
    return row
