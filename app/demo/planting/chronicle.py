"""The chronicle: changes of the past, written in the order in which they happened.

Each change has its moment, its author and its place in the audit trail; between two matching runs many are written at
once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, bindparam, insert, select

from app.actions.audit import link_digest
from app.audit_words import AuditAction, AuditEntity
from app.database import locked, session
from app.demo.planting.mails import PlannedMail
from app.models import Account, AuditEvent, AuditHead, Base, Match, Prisoner, Sponsor
from app.models.sealed import sealed_values

ENTITIES: Final[Mapping[AuditEntity, type[Base]]] = {
    AuditEntity.ACCOUNT: Account,
    AuditEntity.MATCH: Match,
    AuditEntity.PRISONER: Prisoner,
    AuditEntity.SPONSOR: Sponsor,
}
"""What can be changed, under the audit trail's name for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one record by an account (or None): `values` are columns to be set, `fields` is for the trail."""

    at: datetime
    by: str | None
    action: AuditAction
    entity: AuditEntity
    entity_id: str
    fields: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    mail: PlannedMail | None = None


class Chronicle:
    """Holds changes back until their time has come. Belongs inside one transaction."""

    def __init__(self) -> None:
        self.mails: list[PlannedMail] = []
        self._waiting: list[Change] = []

    def add(self, changes: Iterable[Change | PlannedMail]) -> None:
        """Remember changes of any moment, also of one that never comes; and mails of the past that go with none."""
        for one in changes:
            if isinstance(one, PlannedMail):
                self.mails.append(one)
            else:
                self._waiting.append(one)

    def write_until(self, moment: datetime) -> None:
        """Make every change up to `moment`, with its audit event; its mail is kept in `mails`."""
        due = sorted((change for change in self._waiting if change.at <= moment), key=lambda change: change.at)
        self._waiting = [change for change in self._waiting if change.at > moment]
        _update(due)
        _record(due)
        self.mails += [change.mail for change in due if change.mail]
        session().flush()
        session().expunge_all()


def _update(changes: list[Change]) -> None:
    """Set the columns: the last word on each, and the version once for each change."""
    values: dict[tuple[AuditEntity, str], dict[str, Any]] = defaultdict(dict)
    times: dict[tuple[AuditEntity, str], int] = defaultdict(int)
    for change in changes:
        if change.values:
            values[change.entity, change.entity_id] |= change.values
            times[change.entity, change.entity_id] += 1
    alike: dict[tuple[AuditEntity, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for (entity, entity_id), row in values.items():
        columns = sealed_values(ENTITIES[entity], row | {"id": entity_id})
        del columns["id"]
        changed = {f"new_{column}": value for column, value in columns.items()}
        key = {"row_id": entity_id, "changes": times[entity, entity_id]}
        alike[entity, tuple(sorted(columns))].append(key | changed)
    for (entity, names), rows in alike.items():
        _update_alike(ENTITIES[entity], names, rows)


def _update_alike(model: type[Base], columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = model.__table__
    assert isinstance(table, Table)
    setting: dict[Column[Any], ColumnElement[Any]] = {table.c[column]: bindparam(f"new_{column}") for column in columns}
    if "version" in table.c:
        setting[table.c.version] = table.c.version + bindparam("changes")
    session().execute(table.update().where(table.c.id == bindparam("row_id")).values(setting), rows)


def _record(changes: list[Change]) -> None:
    """Append the changes to the audit trail, as `actions.audit` does for one that happens now."""
    if not changes:
        return
    head = session().scalars(locked(select(AuditHead))).one()
    rows = []
    for change in changes:
        event = AuditEvent(
            number=head.number + 1,
            at=change.at,
            by_account_id=change.by,
            action=change.action,
            entity=change.entity,
            entity_id=change.entity_id,
            fields=sorted(change.fields),
        )
        event.digest = link_digest(event, head.digest)
        head.number, head.digest = event.number, event.digest
        rows.append({column.key: getattr(event, column.key) for column in AuditEvent.__table__.columns})
    session().execute(insert(AuditEvent), rows)
