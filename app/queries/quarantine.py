"""Rows that wait for a person, whom they might be, and what was decided about others.

They are for whoever may import lists, and for nobody else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from app.database import session
from app.importing import HeldPerson, Identity, Known, Ruling, StagedPerson, from_json
from app.models import Prisoner, PrisonerSource, QuarantinedRow
from app.permissions import Permission, Viewer, allowed
from app.queries.imports import held_people
from app.queries.paging import Page, page_of
from app.search_key import search_key
from app.vocabulary import QuarantineState

ROWS_ON_A_PAGE: Final = 100
FEW: Final = 12
MOST_LOOKED_AT: Final = 200
"""Names of one word fit many people; nobody compares more than some."""


class Likeness(StrEnum):
    """Why a held person may be the one that a row means, the strongest reason first."""

    SAME_MARK = "same_mark"
    SAME_NAME_AND_BIRTH = "same_name_and_birth"
    SAME_NAME = "same_name"
    SAME_CLASH = "same_clash"


@dataclass(frozen=True, slots=True)
class Possible:
    """A held person, the version of their record, and why they may be meant: no reason where they were looked for."""

    held: HeldPerson
    version: int
    why: tuple[Likeness, ...] = ()


def of_viewer(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that the viewer decides about quarantined rows: all of them, or none."""
    return true() if allowed(viewer, Permission.IMPORT_PRISONERS) else false()


def number_waiting(viewer: Viewer) -> int:
    """How many rows wait for this coordinator."""
    query = select(func.count()).select_from(QuarantinedRow).where(_waits(), of_viewer(viewer))
    return session().scalar(query) or 0


def waiting(viewer: Viewer, *, number: int) -> Page[QuarantinedRow]:
    """The rows that wait, the oldest first, those of one clash together."""
    query = select(QuarantinedRow).where(_waits(), of_viewer(viewer))
    order = QuarantinedRow.kept_at, QuarantinedRow.group_id, QuarantinedRow.row_number, QuarantinedRow.id
    return page_of(query.order_by(*order), QuarantinedRow.id, number=number, size=ROWS_ON_A_PAGE)


def last_decisions(viewer: Viewer) -> list[QuarantinedRow]:
    """The newest decisions, with whom each row was found to be."""
    query = select(QuarantinedRow).where(QuarantinedRow.state != QuarantineState.WAITING, of_viewer(viewer))
    newest = query.order_by(QuarantinedRow.decided_at.desc(), QuarantinedRow.id).limit(FEW)
    return list(session().scalars(newest.options(joinedload(QuarantinedRow.prisoner))))


def group(viewer: Viewer, group_id: str) -> list[QuarantinedRow]:
    """The rows of one clash, waiting and decided, in the order of their list."""
    query = select(QuarantinedRow).where(QuarantinedRow.group_id == group_id, of_viewer(viewer))
    query = query.order_by(QuarantinedRow.row_number, QuarantinedRow.id).options(joinedload(QuarantinedRow.prisoner))
    return list(session().scalars(query))


def find(viewer: Viewer, row_id: str) -> QuarantinedRow | None:
    """One row, waiting or decided."""
    return session().scalar(select(QuarantinedRow).where(QuarantinedRow.id == row_id, of_viewer(viewer)))


def _waits() -> ColumnElement[bool]:
    return QuarantinedRow.state == QuarantineState.WAITING


def person_of(row: QuarantinedRow) -> StagedPerson:
    """What a waiting row says."""
    assert row.person is not None
    return from_json(row.person)


def known(source: str) -> list[Known]:
    """Every row of this source that waits or was decided about; decisions are ranked by when they were made."""
    columns = (QuarantinedRow.id, QuarantinedRow.identity, QuarantinedRow.wording, QuarantinedRow.marks)
    query = select(*columns, QuarantinedRow.state, QuarantinedRow.prisoner_id).where(QuarantinedRow.source == source)
    rows = session().execute(query.order_by(QuarantinedRow.decided_at, QuarantinedRow.id))
    return [
        Known(
            row.id,
            Identity(row.identity, row.wording, frozenset(row.marks)),
            None if row.state is QuarantineState.WAITING else Ruling(row.prisoner_id, rank),
        )
        for rank, row in enumerate(rows)
    ]


def possible(row: QuarantinedRow) -> list[Possible]:
    """The held people whom a waiting row may mean, the likeliest first: known to its source by the same number or page,
    of the same name in whatever script and order, or found to be another row of the same clash.
    """
    person = person_of(row)
    in_clash = set(session().scalars(select(QuarantinedRow.prisoner_id).where(QuarantinedRow.group_id == row.group_id)))
    ids = session().scalars(
        select(Prisoner.id)
        .where(or_(_marked(person, row.source), Prisoner.id.in_(in_clash - {None}), *_named(person)))
        .limit(MOST_LOOKED_AT)
    )
    found = [
        Possible(one.held, one.version, _likeness(person, one.held, source=row.source, in_clash=in_clash))
        for one in people(ids.all())
    ]
    ranks = list(Likeness)
    return sorted(
        (one for one in found if one.why), key=lambda one: ([ranks.index(why) for why in one.why], one.held.name)
    )


def people(ids: Collection[str]) -> list[Possible]:
    """These held people, as a row can be compared with them."""
    versions = {
        key: version
        for key, version in session().execute(select(Prisoner.id, Prisoner.version).where(Prisoner.id.in_(ids)))
    }
    return [Possible(held, versions[held.key]) for held in held_people(only=versions)]


def _marked(person: StagedPerson, source: str) -> ColumnElement[bool]:
    urls = [url for url in (person.source_url, *person.other_urls) if url]
    same = or_(PrisonerSource.source_id == person.source_id, PrisonerSource.source_url.in_(urls))
    return Prisoner.id.in_(select(PrisonerSource.prisoner_id).where(PrisonerSource.source == source, same))


def _named(person: StagedPerson) -> list[ColumnElement[bool]]:
    """Conditions that hold of everybody with one of the names, and of some others."""
    return [
        and_(*(Prisoner.search_key.contains(word, autoescape=True) for word in sorted(words)))
        for words in _names(person)
    ]


def _names(named: StagedPerson | HeldPerson) -> set[frozenset[str]]:
    """The words of each form of the name, however it is written."""
    keys = (frozenset(search_key(name).split()) for name in (named.name, named.name_latin, named.name_cyrillic))
    return {words for words in keys if words}


def _likeness(
    person: StagedPerson, held: HeldPerson, *, source: str, in_clash: Collection[str | None]
) -> tuple[Likeness, ...]:
    marks = {person.source_id, person.source_url, *person.other_urls} - {None}
    theirs = {mark for one in held.known_as if one.source == source for mark in (one.source_id, one.source_url)}
    same_name = not _names(person).isdisjoint(_names(held))
    born_together = same_name and person.birth_date is not None and person.birth_date == held.birth_date
    reasons = {
        Likeness.SAME_MARK: not marks.isdisjoint(theirs),
        Likeness.SAME_NAME_AND_BIRTH: born_together,
        Likeness.SAME_NAME: same_name and not born_together,
        Likeness.SAME_CLASH: held.key in in_clash,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
