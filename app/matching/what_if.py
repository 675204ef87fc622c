"""What the plan would be if one thing were different. Pure.

    what_if(facts, OtherCapacity("S0001", 3)).newly_covered

Both plans are solved in full, so the answer is exact at every level, and both keep what they can of the same previous
proposals.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from app.errors import BadInput, NotFound
from app.matching.difference import Difference, difference
from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts
from app.matching.instance_file import MOST_CAPACITY, MOST_SEATS
from app.matching.policy import Policy
from app.matching.situation import situation

Person = TypeVar("Person", PrisonerFacts, SponsorFacts)


@dataclass(frozen=True)
class OtherCapacity:
    """A sponsor could take on this many prisoners more than they have."""

    sponsor_id: str
    capacity_left: int


@dataclass(frozen=True)
class OtherSeats:
    """This many seats of the kind were open beside a prisoner."""

    prisoner_id: str
    seats: int


@dataclass(frozen=True)
class Paused:
    """A sponsor paused."""

    sponsor_id: str


@dataclass(frozen=True)
class OtherPolicy:
    """The run followed another policy."""

    policy: Policy


WhatIf = OtherCapacity | OtherSeats | Paused | OtherPolicy


def what_if(facts: FactSheet, change: WhatIf, policy: Policy | None = None) -> Difference:
    """The difference that one change makes; without a policy the sheet's own counts, else the default.

    Raises NotFound for an id that nobody in the sheet has, and BadInput for a number that no instance may have.
    """
    after = changed(facts, change)
    other = change.policy if isinstance(change, OtherPolicy) else policy
    return difference(situation(facts, policy), situation(after, other))


def changed(facts: FactSheet, change: WhatIf) -> FactSheet:
    """The facts as they would be; a policy is no fact and leaves them as they are. Raises as `what_if`."""
    match change:
        case OtherCapacity(sponsor_id, capacity):
            _check(capacity, most=MOST_CAPACITY, what="a sponsor's capacity")
            sponsors = _with(facts.sponsors, sponsor_id, lambda one: replace(one, capacity_left=capacity))
            return replace(facts, sponsors=sponsors)
        case OtherSeats(prisoner_id, seats):
            _check(seats, most=MOST_SEATS, what="a prisoner's open seats")
            return replace(facts, prisoners=_with(facts.prisoners, prisoner_id, lambda one: replace(one, seats=seats)))
        case Paused(sponsor_id):
            return replace(facts, sponsors=_with(facts.sponsors, sponsor_id, lambda one: replace(one, paused=True)))
        case OtherPolicy():
            return facts


def _with(people: tuple[Person, ...], id_: str, change: Callable[[Person], Person]) -> tuple[Person, ...]:
    if all(person.id != id_ for person in people):
        raise NotFound(f"Nobody has the id {id_!r}.")
    return tuple(change(person) if person.id == id_ else person for person in people)


def _check(number: int, *, most: int, what: str) -> None:
    if not 0 <= number <= most:
        raise BadInput(f"{what} must be between 0 and {most}, not {number}")
