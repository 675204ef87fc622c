"""Rows of a compared list on their way into prisoners' records.

Only `actions.imports` and `actions.quarantine` come here: they have compared first, and hold the locks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert, text, update

from app.actions import addresses, event_effects, handing_over, programme
from app.actions.audit import Happening
from app.actions.facilities import FacilityBook
from app.actions.prisoners import (
    COORDINATORS_ONLY,
    GivenPublicity,
    hide_minor,
    in_chunks,
    key_of_names,
    locked_prisoners,
)
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import session
from app.importing import DiffRow, FieldChange, HeldPerson, KnownAs, Origin, StagedFacility, StagedPerson
from app.models import Base, FieldSource, Prisoner, PrisonerSource, new_id
from app.queries.imports import LIST_FIELDS
from app.vocabulary import NO_LONGER_HELD

ROWS_AT_ONCE: Final = 5_000
"""Rows that one statement inserts."""

_NAMES: Final = ("name", "name_latin", "name_cyrillic")
_OF_NEW_RECORDS: Final = tuple(field for field in LIST_FIELDS if field not in ("released_on", "died_on"))
"""What a list says of somebody who is held now."""

_NOBODY_ELSE_IMPORTS: Final = text("LOCK TABLE import_record IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How a list enters the records: which edition speaks, of which country, and what its new people begin with."""

    origin: Origin
    country: str
    book: FacilityBook
    publicity: GivenPublicity | None = None
    caseload_of: str | None = None
    imported_by: str | None = None


def keep_imports_out() -> None:
    """Keep other imports out until the transaction ends. SQLite's writing transactions are alone already."""
    if session().get_bind().dialect.name == "postgresql":
        session().execute(_NOBODY_ELSE_IMPORTS)


def add(people: Iterable[StagedPerson], *, entry: Entry) -> list[Happening]:
    """Make a record of each person, in the caseload of whoever imports; gives what happened, for the audit trail."""
    rows = {new_id(): _somewhere_known(person) for person in people}
    places = {key: entry.book.find_or_add(person.facility) for key, person in rows.items() if person.facility}
    said = {key: _said_of(person) for key, person in rows.items()}
    prisoners = [_prisoner_row(key, person, entry=entry) for key, person in rows.items()]
    session().flush()  # the facilities that the rows name
    _insert(Prisoner, prisoners)
    origin = entry.origin
    addresses.vouch_for_new(places, source=origin.source, as_of=origin.as_of, by=entry.imported_by)
    _insert(PrisonerSource, (_source_row(key, p, entry.origin) for key, p in rows.items() if _has_marks(p)))
    _insert(FieldSource, (_field_source(key, field, entry.origin) for key, fields in said.items() for field in fields))
    if entry.caseload_of:
        handing_over.give(entry.caseload_of, rows)
    return [Happening(AuditAction.ADD, AuditEntity.PRISONER, key, fields) for key, fields in said.items()]


def _somewhere_known(person: StagedPerson) -> StagedPerson:
    """The person without a place of no known kind: nobody can write there, and it may be no place at all."""
    nowhere = person.facility is not None and person.facility.kind is None
    return replace(person, facility=None) if nowhere else person


def _prisoner_row(key: str, person: StagedPerson, *, entry: Entry) -> dict[str, Any]:
    values = {LIST_FIELDS[field]: getattr(person, field) for field in _OF_NEW_RECORDS}
    place = values.pop("facility")
    publicity = entry.publicity.columns(person.birth_date) if entry.publicity else COORDINATORS_ONLY
    defaults = {
        "reads": programme.letter_languages(entry.country),
        "godparent_seats": programme.GODPARENT_SEATS,
        "letter_writer_seats": programme.LETTER_WRITER_SEATS,
    }
    own = {
        "id": key,
        "articles": list(person.articles),
        "facility_id": entry.book.find_or_add(place).id if place else None,
        "search_key": _names_key(person),
        "country": entry.country,
        "created_at": now(),
        "version": 1,
    }
    return values | own | defaults | dict(publicity)


def _names_key(named: StagedPerson | Prisoner) -> str:
    return key_of_names(*(getattr(named, field) for field in _NAMES))


def _said_of(person: StagedPerson) -> list[str]:
    """The fields of a new record that the list fills, under our names."""
    return [LIST_FIELDS[field] for field in _OF_NEW_RECORDS if _says_something(getattr(person, field))]


def _says_something(value: object) -> bool:
    return value is not None and value != ()


def _has_marks(person: StagedPerson) -> bool:
    return bool(person.source_id or person.source_url)


def _source_row(prisoner_id: str, person: StagedPerson, origin: Origin) -> dict[str, Any]:
    marks = {"source_id": person.source_id, "source_url": person.source_url}
    return {"prisoner_id": prisoner_id, "source": origin.source, **marks}


def _field_source(prisoner_id: str, field: str, origin: Origin) -> dict[str, Any]:
    return {"prisoner_id": prisoner_id, "field": field, "source": origin.source, "as_of": origin.as_of}


def _insert(table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert the rows, some thousands at a time, so that a long list needs no more memory than its records."""
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        session().execute(insert(table), some)


def change(rows: Iterable[DiffRow], *, entry: Entry) -> list[Happening]:
    """Write each row's changes into its held person's record, with their source; gives what happened.

    Whatever follows from a release or a death happens here too, as when a coordinator records it.
    """
    by_id = {held_of(row).key: row for row in rows}
    happenings, over = [], []
    for prisoner in locked_prisoners(by_id):
        fields = {_write(prisoner, change, book=entry.book) for change in by_id[prisoner.id].changes}
        if "birth_date" in fields:
            fields |= hide_minor(prisoner)
        if fields.intersection(_NAMES):
            prisoner.search_key = _names_key(prisoner)
        if "detention_status" in fields and prisoner.detention_status in NO_LONGER_HELD:
            over.append(prisoner)
        happenings.append(Happening(AuditAction.CHANGE, AuditEntity.PRISONER, prisoner.id, fields))
    session().flush()
    _name_sources(by_id.values(), entry.origin)
    origin = entry.origin
    return happenings + event_effects.after_a_list(over, source=origin.source, as_of=origin.as_of, by=entry.imported_by)


def held_of(row: DiffRow) -> HeldPerson:
    """The held person of a changed or unchanged row, which always has one."""
    assert row.held is not None
    return row.held


def _write(prisoner: Prisoner, change: FieldChange, *, book: FacilityBook) -> str:
    """Write one change; gives our name for its field."""
    if isinstance(change.new, KnownAs):
        _introduce(prisoner.id, before=change.old, now_known=change.new)
        return "sources"
    value: Any = change.new
    if isinstance(value, StagedFacility):
        value = book.find_or_add(value)
    elif isinstance(value, tuple):
        value = list(value)
    setattr(prisoner, LIST_FIELDS[change.field], value)
    return LIST_FIELDS[change.field]


def _introduce(prisoner_id: str, *, before: object, now_known: KnownAs) -> None:
    """Note the id and address under which a source knows the prisoner, in place of what was known before."""
    if not isinstance(before, KnownAs):
        _insert(PrisonerSource, [{"prisoner_id": prisoner_id, **asdict(now_known)}])
        return
    same = (getattr(PrisonerSource, column) == value for column, value in asdict(before).items())
    here = PrisonerSource.prisoner_id == prisoner_id
    session().execute(update(PrisonerSource).where(here, *same).values(asdict(now_known)))


def _name_sources(rows: Iterable[DiffRow], origin: Origin) -> None:
    """Note this list as the source of every changed field."""
    replaced: list[dict[str, Any]] = []
    first: list[dict[str, Any]] = []
    for row in rows:
        held = held_of(row)
        for change in (change for change in row.changes if change.field in LIST_FIELDS):
            source = _field_source(held.key, LIST_FIELDS[change.field], origin)
            (replaced if change.field in held.origins else first).append(source)
    _insert(FieldSource, first)
    if replaced:
        session().execute(update(FieldSource), replaced)


def confirm(rows: Iterable[DiffRow], *, origin: Origin) -> int:
    """Move on the as-of date of whatever this source said before and says again; gives how many values it confirmed.

    An address that is confirmed counts as verified that day (docs/domain.md, "Do no harm" 7).
    """
    confirmed: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for field in _said_again(row, origin=origin):
            confirmed[LIST_FIELDS[field]].append(held_of(row).key)
    for field, ids in confirmed.items():
        for some in in_chunks(ids):
            where = FieldSource.field == field, FieldSource.prisoner_id.in_(some)
            session().execute(update(FieldSource).where(*where).values(as_of=origin.as_of))
    addresses.vouch_again(confirmed["facility"], as_of=origin.as_of)
    return sum(map(len, confirmed.values()))


def _said_again(row: DiffRow, *, origin: Origin) -> Iterator[str]:
    held = held_of(row)
    for field, before in held.origins.items():
        if field not in LIST_FIELDS or before.source != origin.source or before.as_of >= origin.as_of:
            continue
        new, old = getattr(row.person, field), getattr(held, field)
        same_place = field == "facility" and new and old and new.identity == old.identity
        if _says_something(new) and (new == old or same_place):
            yield field
