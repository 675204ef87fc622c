"""Several rows of one list that were found to be one person, as one row. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from app.importing.changing import COMPARED, says_more
from app.importing.records import ListStatus, StagedPerson

_MARKS = ("source_id", "source_url")


def as_one(rows: Sequence[StagedPerson]) -> StagedPerson:
    """One person of several rows: later ones speak last, and a release or a death is heard whichever row tells it."""
    one = reduce(_and_then, rows)
    ends = [row for row in rows if row.status in (ListStatus.FORMER, ListStatus.DIED)]
    if not ends:
        return one
    end = next((row for row in ends if row.status is ListStatus.DIED), ends[-1])
    return replace(
        one,
        status=end.status,
        detention_status=end.detention_status,
        released_on=end.released_on,
        died_on=end.died_on,
    )


def _and_then(one: StagedPerson, later: StagedPerson) -> StagedPerson:
    said = {field: getattr(later, field) for field in COMPARED if says_more(getattr(later, field), getattr(one, field))}
    marks = {field: getattr(later, field) for field in _MARKS if getattr(later, field)}
    return replace(later, **{field: getattr(one, field) for field in (*COMPARED, *_MARKS)} | said | marks)
