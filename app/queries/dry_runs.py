"""What a changed policy would make of today's data, beside the policy in force: computed, and written nowhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from app.database import end_reading, session
from app.matching import Change, Difference, OtherPolicy, Policy, plain_difference, what_if
from app.models import Prisoner
from app.permissions import Permission, Viewer, allowed
from app.queries import matching as facts
from app.queries import policies
from app.queries.scope import prisoners_of
from app.vocabulary import SupportKind

MOST_PEOPLE = 100
"""How many people of one sort are named."""

IDS_AT_ONCE = 500


class Sort(StrEnum):
    """What a changed policy does to somebody, the gravest first."""

    ALONE = "alone"
    COVERED = "covered"
    LOST = "lost"
    GAINED = "gained"
    MOVED = "moved"


@dataclass(frozen=True)
class Person:
    """A prisoner in a dry run; `name` is None for a viewer who may not know it.

    `tier` and `proposals` are before and after; `urgency`, `terms` and `rules` are those of
    `app.matching.PrisonerShift`.
    """

    id: str
    name: str | None
    tier: tuple[int, int]
    proposals: tuple[int, int]
    urgency: Mapping[str, tuple[int, int]]
    terms: list[str]
    rules: list[str]


@dataclass(frozen=True)
class People:
    """Prisoners of one sort: the first of them in the order of tier and id, and how many there are in all."""

    sort: Sort
    first: list[Person]
    all: int


@dataclass(frozen=True)
class DryRun:
    """The dry run of one support kind as a person reads it.

    `before`, `after`, `before_by_new_numbers` and `pairs` are those of `flask policy compare --json`
    (docs/commands.md); `sponsors` counts sponsors by what happens to them.
    """

    kind: SupportKind
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    before_by_new_numbers: Mapping[str, Any]
    pairs: Mapping[str, Any]
    people: list[People]
    sponsors: Mapping[str, int]


def dry_run(kind: SupportKind, day: date, changed: Policy) -> Difference:
    """The difference between a run of `kind` under the policy in force and one under `changed`, both on `day`."""
    policy = policies.current()
    sheet = facts.fact_sheet(kind, day)
    end_reading()
    return what_if(sheet, OtherPolicy(changed), policy)


def plain(kind: SupportKind, day: date, changed: Policy) -> dict[str, Any]:
    """The same as JSON values."""
    return plain_difference(dry_run(kind, day, changed))


def shown(kind: SupportKind, found: Mapping[str, Any], viewer: Viewer) -> DryRun:
    """A dry run (its plain values) for the eyes of `viewer`: prisoners outside of what they may see have no name.

    Setting the policy is no coordinator's work: it opens nobody's record.
    """
    sorts: dict[Sort, list[Mapping[str, Any]]] = {sort: [] for sort in Sort}
    for shift in found["prisoners"]:
        sorts[_sort(shift)].append(shift)
    names = _names(viewer, [shift["prisoner"] for shifts in sorts.values() for shift in shifts[:MOST_PEOPLE]])
    people = [
        People(sort, [_person(shift, names) for shift in shifts[:MOST_PEOPLE]], len(shifts))
        for sort, shifts in sorts.items()
    ]
    changes = [sponsor["change"] for sponsor in found["sponsors"]]
    figures = {name: found[name] for name in ("before", "after", "before_by_new_numbers", "pairs")}
    sponsors = {change.value: changes.count(change.value) for change in Change}
    return DryRun(kind, **figures, people=people, sponsors=sponsors)


def _sort(shift: Mapping[str, Any]) -> Sort:
    match shift["covered"]:
        case [True, False]:
            return Sort.ALONE
        case [False, True]:
            return Sort.COVERED
        case _:
            return Sort(shift["change"])


def _person(shift: Mapping[str, Any], names: Mapping[str, str]) -> Person:
    return Person(
        id=shift["prisoner"],
        name=names.get(shift["prisoner"]),
        tier=(shift["tier"][0], shift["tier"][1]),
        proposals=(shift["proposals"][0], shift["proposals"][1]),
        urgency={name: (before, after) for name, (before, after) in shift["urgency"].items()},
        terms=shift["terms"],
        rules=shift["rules"],
    )


def _names(viewer: Viewer, ids: list[str]) -> dict[str, str]:
    """The names of those prisoners whom the viewer may see, by id."""
    if not allowed(viewer, Permission.SEE_PRISONERS):
        return {}
    names: dict[str, str] = {}
    for some in _portions(ids):
        query = select(Prisoner.id, Prisoner.name, Prisoner.name_latin)
        for row in session().execute(query.where(Prisoner.id.in_(some), prisoners_of(viewer))):
            names[row.id] = row.name_latin or row.name
    return names


def _portions(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))
