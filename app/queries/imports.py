"""What is held, as an imported list needs to see it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, select, true
from sqlalchemy.orm import InstrumentedAttribute

from app.database import session
from app.importing import HeldPerson, KnownAs, Origin, StagedFacility
from app.models import Facility, FieldSource, Prisoner, PrisonerEvent, PrisonerSource
from app.vocabulary import DetentionStatus, EventType

_PLAIN: Final = (
    "name", "name_latin", "name_cyrillic", "gender", "birth_date", "arrested_on", "verdict_on", "released_on",
    "died_on", "sentence", "sentence_years", "penalty", "articles", "home_area", "detention_status",
)  # fmt: skip

LIST_FIELDS: Final[Mapping[str, str]] = {field: field for field in (*_PLAIN, "facility")} | {"description": "story"}
"""What a list can say of a prisoner: its word for the field, and ours. Field sources are stored under ours."""

_LIST_WORDS: Final = {ours: theirs for theirs, ours in LIST_FIELDS.items()}


def held_people(only: Collection[str] | None = None) -> list[HeldPerson]:
    """Everybody who stands in the records, with what each source knows them by and which source said what.

    `only` names a few of them by their ids. Takes four queries however many there are.
    """
    known_as, origins, returns = _known_as(only), _origins(only), _returns(only)
    columns = (getattr(Prisoner, field) for field in _PLAIN)
    query = select(Prisoner.id, Prisoner.story, Facility, *columns).outerjoin(Prisoner.facility)
    rows = session().execute(query.where(_among(Prisoner.id, only)).order_by(Prisoner.id))
    return [
        _held(row, known_as=tuple(known_as[row.id]), origins=origins[row.id], returned_on=returns.get(row.id))
        for row in rows
    ]


def _among(column: InstrumentedAttribute[str], ids: Collection[str] | None) -> ColumnElement[bool]:
    return true() if ids is None else column.in_(ids)


def _known_as(only: Collection[str] | None) -> Mapping[str, list[KnownAs]]:
    known_as: dict[str, list[KnownAs]] = defaultdict(list)
    query = select(PrisonerSource).where(_among(PrisonerSource.prisoner_id, only))
    for row in session().scalars(query.order_by(PrisonerSource.id)):
        known_as[row.prisoner_id].append(KnownAs(row.source, source_id=row.source_id, source_url=row.source_url))
    return known_as


def _origins(only: Collection[str] | None) -> Mapping[str, dict[str, Origin]]:
    columns = (FieldSource.prisoner_id, FieldSource.field, FieldSource.source, FieldSource.as_of)
    origins: dict[str, dict[str, Origin]] = defaultdict(dict)
    editions: dict[tuple[str, date], Origin] = {}  # a few, said of very many values
    for prisoner_id, field, source, as_of in session().execute(
        select(*columns).where(_among(FieldSource.prisoner_id, only))
    ):
        edition = editions.setdefault((source, as_of), Origin(source, as_of))
        origins[prisoner_id][_LIST_WORDS.get(field, field)] = edition
    return origins


def _returns(only: Collection[str] | None) -> Mapping[str, date]:
    """The day of each prisoner's last return to custody."""
    query = select(PrisonerEvent.prisoner_id, func.max(PrisonerEvent.happened_on))
    theirs = PrisonerEvent.type == EventType.RETURN, _among(PrisonerEvent.prisoner_id, only)
    returns = query.where(*theirs).group_by(PrisonerEvent.prisoner_id)
    return {prisoner_id: day for prisoner_id, day in session().execute(returns)}


def _held(
    row: Row[Any], *, known_as: tuple[KnownAs, ...], origins: Mapping[str, Origin], returned_on: date | None
) -> HeldPerson:
    plain = {field: getattr(row, field) for field in _PLAIN}
    return HeldPerson(
        **plain | {"articles": tuple(row.articles)},
        key=row.id,
        description=row.story,
        facility=place_of(row.Facility) if row.Facility else None,
        known_as=known_as,
        origins=origins,
        status_since=returned_on or _status_since(row.detention_status, origins),
    )


def _status_since(status: DetentionStatus, origins: Mapping[str, Origin]) -> date | None:
    """From when the status stands: a return to custody outlives the release that a list may still tell of."""
    recorded = origins.get("detention_status")
    return recorded.as_of if recorded and status is DetentionStatus.RETURNED_TO_CUSTODY else None


def place_of(facility: Facility) -> StagedFacility:
    """The facility as a list would name it."""
    return StagedFacility(
        title=facility.title,
        kind=facility.kind,
        number=facility.number,
        street=facility.street,
        postcode=facility.postcode,
        city=facility.city,
    )
