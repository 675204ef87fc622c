"""A policy and a dry run as their pages show them: numbers by group, and people with their reasons in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.queries.dry_runs import DryRun, Person, Sort
from app.queries.policies import DEFAULT_NUMBERS
from app.web.admin.policy_words import GROUPS, NUMBER_LABELS, RULE_LABELS, Group
from app.web.labels import TERM_LABELS, URGENCY_LABELS

SORT_LABELS: Mapping[Sort, LazyString] = {
    Sort.ALONE: _l("Newly left alone"),
    Sort.COVERED: _l("Newly covered"),
    Sort.LOST: _l("With fewer proposals, but still somebody"),
    Sort.GAINED: _l("With more proposals, beside somebody"),
    Sort.MOVED: _l("With as many proposals, from others"),
}


@dataclass(frozen=True)
class NumberRow:
    """One number in words: what it is called, what it is, what it is in the policy beside, and its default."""

    label: Any
    number: str
    beside: str
    default: str


@dataclass(frozen=True)
class PersonRow:
    """One prisoner of a dry run; a name only where the viewer may know it."""

    id: str
    name: str | None
    tier: str
    proposals: str
    why: str


@dataclass(frozen=True)
class PeopleTable:
    """Prisoners of one sort: the first of them, and how many there are in all."""

    sort: Sort
    title: LazyString
    rows: list[PersonRow]
    all: int


def number_groups(numbers: Mapping[str, int], beside: Mapping[str, int]) -> list[tuple[Group, list[NumberRow]]]:
    """Every number of a policy in the groups of its page, with those of another beside it."""
    rows = {place: _number_row(place, numbers, beside) for place in numbers}
    return [(group, [rows[place] for place in group.places(rows)]) for group in GROUPS]


def changed_rows(numbers: Mapping[str, int], beside: Mapping[str, int]) -> list[NumberRow]:
    """The numbers that differ from those of another policy."""
    return [_number_row(place, numbers, beside) for place in numbers if numbers[place] != beside[place]]


def people_tables(run: DryRun) -> list[PeopleTable]:
    """Everybody whom a dry run concerns, sort by sort."""
    return [PeopleTable(of.sort, SORT_LABELS[of.sort], [*map(_person_row, of.first)], of.all) for of in run.people]


def _number_row(place: str, numbers: Mapping[str, int], beside: Mapping[str, int]) -> NumberRow:
    return NumberRow(NUMBER_LABELS[place], *(_words(of[place]) for of in (numbers, beside, DEFAULT_NUMBERS)))


def _words(number: int) -> str:
    if isinstance(number, bool):
        return str(_("yes") if number else _("no"))
    return str(number)


def _person_row(person: Person) -> PersonRow:
    return PersonRow(
        id=person.id,
        name=person.name,
        tier=_shift(*person.tier),
        proposals=_shift(*person.proposals),
        why="; ".join(_reasons(person)) or _("nothing of their own changes; others come before or after them now"),
    )


def _shift(before: int, after: int) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _reasons(person: Person) -> Iterator[str]:
    """What of somebody's own counts differently under the two policies."""
    for name, (old, new) in person.urgency.items():
        yield _("%(what)s: %(old)s → %(new)s points", what=URGENCY_LABELS.get(name, name), old=old, new=new)
    if not person.urgency and person.tier[0] != person.tier[1]:
        yield _("the tiers begin elsewhere")
    for name in person.terms:
        yield _("fit: %(term)s", term=TERM_LABELS.get(name, name))
    for name in person.rules:
        yield _("hard rule: %(rule)s", rule=RULE_LABELS.get(name, name))
