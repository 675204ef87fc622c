"""The seal keys that this database was written with: a wrong one noticed at the start, an old one worn out (P2)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, inspect, select, tuple_, update

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import inserting, session
from app.errors import SealBroken
from app.models import Base, SealKey
from app.models.sealed import Sealed, keyring, sealed_columns
from app.sealing import sealed_under

PROOF = "sealed with the right key"

BATCH = 100
"""So many values are sealed anew in one transaction: others who write wait no longer than for that."""

RowId = tuple[object, ...]


@dataclass(frozen=True)
class Renewed:
    """What became of one batch: how many values, the rows whose value does not open, and where the next one begins."""

    number: int
    broken: list[str]
    last: RowId | None


def check() -> bool:
    """Whether the current key is known here already; else the caller lets `begin` write it down.

    Raises SealBroken where a key that something was sealed with is missing, or has other bytes under its id.
    """
    known = session().scalars(select(SealKey)).all()
    for key in known:
        if key.proof != PROOF:
            raise SealBroken("A seal key is not the one it was.")
    return keyring().current_id in {key.id for key in known}


def begin() -> None:
    """Write the current key down, by its id and a text sealed with it; once, however many begin together."""
    key = SealKey(id=keyring().current_id, begun_at=now())
    key.proof = PROOF
    fresh = inserting(SealKey).values(id=key.id, proof_sealed=key.proof_sealed, begun_at=key.begun_at)
    session().execute(fresh.on_conflict_do_nothing(index_elements=["id"]))


def renewable() -> list[tuple[type[Base], Sealed[Any]]]:
    """Every sealed column but the proofs of the keys themselves, each of which stays under its own key."""
    return [(table, value) for table, value in sealed_columns() if table is not SealKey]


def renew_some(table: type[Base], value: Sealed[Any], *, after: RowId | None) -> Renewed:
    """Seal the column's next values anew under the current key, at most BATCH of them, from behind the row `after`.

    The row's version stays: nothing that anybody reads has changed. A value that somebody changes meanwhile is theirs.
    """
    column, row_id = _column(table, value), inspect(table).primary_key
    stale = select(column, *row_id).where(~column.startswith(sealed_under(keyring().current_id)))
    if after is not None:
        stale = stale.where(tuple_(*row_id) > after)
    number = 0
    broken: list[str] = []
    last: RowId | None = None
    for sealed, *key in session().execute(stale.order_by(*row_id).limit(BATCH)).all():
        last = tuple(key)
        place = value.place(last)
        try:
            fresh = keyring().seal(keyring().open(sealed, place), place)
        except SealBroken:
            broken.append(f"{place.table}.{place.column} {place.row_id}")
            continue
        this_row = [part == of_row for part, of_row in zip(row_id, last, strict=True)]
        session().execute(update(table).where(*this_row, column == sealed).values({value.column: fresh}))
        number += 1
    return Renewed(number, broken, last)


def retire_old() -> dict[str, int]:
    """How many values stand under each older key; the program starts without those under which none does."""
    current = keyring().current_id
    known = {key_id for key_id, _ in keyring().keys} | set(session().scalars(select(SealKey.id)))
    standing = {key_id: _standing_under(key_id) for key_id in sorted(known - {current})}
    for key_id, number in standing.items():
        found = None if number else session().get(SealKey, key_id)
        if found is not None:
            session().execute(delete(SealKey).where(SealKey.id == key_id))
            audit.record(action=AuditAction.RETIRE_KEY, by=None, entity=AuditEntity.SEAL_KEY, entity_id=key_id)
    return standing


def _standing_under(key_id: str) -> int:
    prefix = sealed_under(key_id)
    return sum(
        session().scalar(select(func.count()).where(_column(table, value).startswith(prefix))) or 0
        for table, value in renewable()
    )


def _column(table: type[Base], value: Sealed[Any]) -> ColumnElement[str]:
    column: ColumnElement[str] = table.__table__.c[value.column]
    return column
