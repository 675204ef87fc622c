"""Rows that an import cannot place: known again from the last time, and kept until a person decides.

Only `actions.imports` comes here, with other imports kept out.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select, update

from app.actions.audit import Happening
from app.actions.list_entries import Entry
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.importing import Diff, Identity, Memory, Quarantined, Staged, as_json, identify_all, recall
from app.keys import KeyPurpose, derive
from app.models import QuarantinedRow, new_id
from app.queries import quarantine
from app.settings import current_settings
from app.vocabulary import Publicity, QuarantineState


def recollect(staged: Staged) -> Memory:
    """What is known of the list's rows from earlier lists of its source, and from what people decided."""
    known = quarantine.known(staged.source)
    if not known:
        return Memory()
    everybody = (*staged.people, *(row.person for row in staged.quarantined))
    return recall(identify_all(everybody, source=staged.source, sign=_sign), known)


def _sign(text: str) -> str:
    key = derive(current_settings().secret_key, KeyPurpose.QUARANTINE)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def keep(diff: Diff, memory: Memory, *, entry: Entry) -> list[Happening]:
    """Keep the rows that wait for a person, each once, and let go of those that this list places by itself.

    What a newer edition says of a waiting row takes the place of what the older one said. Gives what happened, for the
    audit trail.
    """
    everybody = (row.person for matter in diff.matters for row in matter)
    identities = identify_all(everybody, source=entry.origin.source, sign=_sign)
    kept = {row.id: row for row in session().scalars(locked(_waiting(entry.origin.source)))}
    pairs = _pair(identities, memory)
    groups = _Groups(entry.origin.source)
    happenings: list[Happening] = []
    for matter in _each_once(diff.matters, identities):
        group_id = groups.of([identities[row.person.row] for row in matter])
        for row in matter:
            number = row.person.row
            before = kept.get(pairs.get(number, ""))
            happenings += _keep_one(row, identities[number], before=before, group_id=group_id, entry=entry)
    happenings += _let_go(memory, kept, paired=set(pairs.values()), entry=entry)
    session().flush()
    return happenings


def _waiting(source: str) -> Select[QuarantinedRow]:
    """The waiting rows of a source, in the order in which they are locked."""
    waits = QuarantinedRow.source == source, QuarantinedRow.state == QuarantineState.WAITING
    return select(QuarantinedRow).where(*waits).order_by(QuarantinedRow.id)


def _each_once(
    matters: Iterable[Sequence[Quarantined]], identities: Mapping[int, Identity]
) -> Iterator[list[Quarantined]]:
    """The rows of each matter without those that repeat another word for word: such are one matter."""
    for matter in matters:
        yield list({identities[row.person.row]: row for row in reversed(matter)}.values())[::-1]


def _pair(identities: Mapping[int, Identity], memory: Memory) -> dict[int, str]:
    """Which row kept each waiting row of the list is, by its number: word for word first, then whatever is left."""
    pairs: dict[int, str] = {}
    for exactly in (True, False):
        for number in sorted(identities.keys() - pairs.keys()):
            free = [known for known in memory.kept.get(number, ()) if known.id not in pairs.values()]
            free = [known for known in free if known.ruling is None]
            if exactly:
                free = [known for known in free if known.identity == identities[number]]
            if len({known.identity.whole for known in free}) == 1:
                pairs[number] = free[0].id
    return pairs


class _Groups:
    """The clashes that rows of a source were kept in: whoever shares a mark with one of them joins it."""

    def __init__(self, source: str) -> None:
        query = select(QuarantinedRow.marks, QuarantinedRow.group_id).where(QuarantinedRow.source == source)
        self._of_mark = {mark: group_id for marks, group_id in session().execute(query) for mark in marks}

    def of(self, identities: Iterable[Identity]) -> str:
        """The group of these rows; those that they turn out to join become one."""
        marks = sorted({mark for identity in identities for mark in identity.marks})
        found = sorted({self._of_mark[mark] for mark in marks if mark in self._of_mark})
        group_id = found[0] if found else new_id()
        if found[1:]:
            joined = QuarantinedRow.group_id.in_(found[1:])
            session().execute(update(QuarantinedRow).where(joined).values(group_id=group_id))
            self._of_mark |= {mark: group_id for mark, other in self._of_mark.items() if other in found}
        self._of_mark |= dict.fromkeys(marks, group_id)
        return group_id


def _keep_one(
    row: Quarantined, identity: Identity, *, before: QuarantinedRow | None, group_id: str, entry: Entry
) -> Iterator[Happening]:
    values = _values(row, identity, entry=entry) | {"group_id": group_id}
    if before is None:
        kept = QuarantinedRow(id=new_id(), kept_at=now(), **values)
        session().add(kept)
        yield Happening(AuditAction.QUARANTINE, AuditEntity.QUARANTINED_ROW, kept.id)
    elif before.as_of <= entry.origin.as_of:
        reworded = before.wording != identity.wording
        for name, value in values.items():
            if getattr(before, name) != value:
                setattr(before, name, value)
        if reworded:
            yield Happening(AuditAction.CHANGE, AuditEntity.QUARANTINED_ROW, before.id, ["person"])


def _values(row: Quarantined, identity: Identity, *, entry: Entry) -> dict[str, Any]:
    given = entry.publicity
    return {
        "source": entry.origin.source,
        "as_of": entry.origin.as_of,
        "country": entry.country,
        "row_number": row.person.row,
        "clash": row.clash.value,
        "identity": identity.whole,
        "wording": identity.wording,
        "marks": sorted(identity.marks),
        "person": as_json(row.person),
        "publicity": given.publicity if given else Publicity.COORDINATORS_ONLY,
        "publicity_basis": given.basis if given else None,
        "publicity_by": given.by if given else None,
    }


def _let_go(
    memory: Memory, kept: Mapping[str, QuarantinedRow], *, paired: Collection[str], entry: Entry
) -> Iterator[Happening]:
    """Delete the waiting rows that this list names again without needing a person: nothing is left to decide."""
    named = {found[0].id for found in memory.kept.values() if len(found) == 1}
    for key in sorted(named.intersection(kept).difference(paired)):
        if kept[key].as_of <= entry.origin.as_of:
            session().delete(kept[key])
            yield Happening(AuditAction.PLACE, AuditEntity.QUARANTINED_ROW, key)
