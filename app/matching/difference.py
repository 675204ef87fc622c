"""What differs between two situations with their best plans: who gains, who loses, and why. Pure.

Somebody *gains* who gets more proposals than before, *loses* who gets fewer, and is *moved* who gets as many with
others. Why: a prisoner's tier with the vulnerability points behind it, and the terms and rules of their pairs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.matching.facts import IdPair
from app.matching.plan import Objective
from app.matching.situation import Situation, alone_by_tier
from app.matching.worth import objective_of

Shift = tuple[int, int]
"""A number before and after."""


class Change(StrEnum):
    """What became of somebody's proposals."""

    GAINED = "gained"
    LOST = "lost"
    MOVED = "moved"


@dataclass(frozen=True)
class Figures:
    """What one plan comes to: its worth, how many pairs it proposes, and who has nobody even so, by tier."""

    objective: Objective
    proposals: int
    alone_by_tier: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class PairShift:
    """A pair that only one of the two plans proposes.

    `fit` is its fit before and after, None where it is not eligible; `rule` is then the first hard rule that forbids
    it. `terms` holds the points of every term that differs.
    """

    prisoner_id: str
    sponsor_id: str
    fit: tuple[int | None, int | None]
    rule: str | None
    terms: Mapping[str, Shift]


@dataclass(frozen=True, kw_only=True)
class SponsorShift:
    """A sponsor to whom the two plans propose different prisoners: their ids, before and after."""

    id: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def change(self) -> Change:
        return _change(self.before, self.after)


@dataclass(frozen=True, kw_only=True)
class PrisonerShift:
    """A prisoner to whom the two plans propose different sponsors: their ids, before and after.

    `covered` says whether they had, and whether they have, any supporter of the kind or proposal. `tier` is before and
    after; `urgency` holds the vulnerability points that differ. `terms` are the terms of the fit that differ in the
    pairs that are new or gone, `rules` the hard rules that forbid one of these on one side.
    """

    id: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    covered: tuple[bool, bool]
    tier: Shift
    urgency: Mapping[str, Shift]
    terms: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def change(self) -> Change:
        return _change(self.before, self.after)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What differs between two best plans.

    `remeasured` is what is left of the plan before would be worth in the situation after: the fair comparison, where
    tiers or points themselves have changed. `kept` counts the pairs that both plans propose. Prisoners stand in the
    order of their tier after, then of their ids; pairs and sponsors in the order of their ids.
    """

    before: Figures
    after: Figures
    remeasured: Objective
    kept: int
    new: tuple[PairShift, ...]
    gone: tuple[PairShift, ...]
    prisoners: tuple[PrisonerShift, ...]
    sponsors: tuple[SponsorShift, ...]

    def who(self, change: Change) -> tuple[PrisonerShift, ...]:
        """The prisoners who gained, lost or were moved."""
        return tuple(prisoner for prisoner in self.prisoners if prisoner.change is change)

    @property
    def newly_covered(self) -> tuple[PrisonerShift, ...]:
        """Prisoners who had nobody before."""
        return tuple(prisoner for prisoner in self.prisoners if prisoner.covered == (False, True))

    @property
    def newly_alone(self) -> tuple[PrisonerShift, ...]:
        """Prisoners who would have nobody any more."""
        return tuple(prisoner for prisoner in self.prisoners if prisoner.covered == (True, False))


def difference(before: Situation, after: Situation) -> Difference:
    """Compare two situations of the same people: whoever stands in one of them stands in the other."""
    old, new = frozenset(before.plan.pairs), frozenset(after.plan.pairs)
    shifts = {pair: _pair_shift(before, after, pair) for pair in sorted(old ^ new)}
    return Difference(
        before=_figures(before),
        after=_figures(after),
        remeasured=_remeasured(before, after),
        kept=len(old & new),
        new=tuple(shift for pair, shift in shifts.items() if pair in new),
        gone=tuple(shift for pair, shift in shifts.items() if pair in old),
        prisoners=_prisoner_shifts(before, after, shifts),
        sponsors=_sponsor_shifts(before, after, {sponsor for _, sponsor in shifts}),
    )


def _change(before: tuple[str, ...], after: tuple[str, ...]) -> Change:
    if len(before) == len(after):
        return Change.MOVED
    return Change.GAINED if len(before) < len(after) else Change.LOST


def _figures(of: Situation) -> Figures:
    return Figures(of.plan.objective, len(of.plan.pairs), alone_by_tier(of.scored.instance, of.plan))


def _remeasured(before: Situation, after: Situation) -> Objective:
    instance = after.scored.instance
    pairs = instance.named(before.plan.pairs)
    return objective_of(instance, pairs.at(pairs.fit > 0), after.policy)


def _pair_shift(before: Situation, after: Situation, pair: IdPair) -> PairShift:
    terms = before.terms(pair), after.terms(pair)
    forbidden = next((side for side, found in zip((before, after), terms, strict=True) if found is None), None)
    return PairShift(
        prisoner_id=pair[0],
        sponsor_id=pair[1],
        fit=(_fit(terms[0]), _fit(terms[1])),
        rule=forbidden.rule_against(pair) if forbidden else None,
        terms={} if forbidden else _shifted(terms[0] or {}, terms[1] or {}),
    )


def _fit(terms: Mapping[str, int] | None) -> int | None:
    return None if terms is None else 1 + sum(terms.values())


def _shifted(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, Shift]:
    """What differs between two sets of named points, where a missing name is 0."""
    names = {**before, **after}
    shifts = {name: (before.get(name, 0), after.get(name, 0)) for name in names}
    return {name: shift for name, shift in shifts.items() if shift[0] != shift[1]}


def _prisoner_shifts(
    before: Situation, after: Situation, shifts: Mapping[IdPair, PairShift]
) -> tuple[PrisonerShift, ...]:
    own: dict[str, list[PairShift]] = {}
    for (prisoner, _), shift in shifts.items():
        own.setdefault(prisoner, []).append(shift)
    found = (
        PrisonerShift(
            id=id_,
            before=before.sponsors_of.get(id_, ()),
            after=after.sponsors_of.get(id_, ()),
            covered=(before.covers(id_), after.covers(id_)),
            tier=(before.tier(id_), after.tier(id_)),
            urgency=_shifted(before.urgency(id_), after.urgency(id_)),
            terms=tuple(sorted({name for pair in pairs for name in pair.terms})),
            rules=tuple(sorted({pair.rule for pair in pairs if pair.rule})),
        )
        for id_, pairs in own.items()
    )
    return tuple(sorted(found, key=lambda prisoner: (prisoner.tier[1], prisoner.id)))


def _sponsor_shifts(before: Situation, after: Situation, ids: Iterable[str]) -> tuple[SponsorShift, ...]:
    return tuple(
        SponsorShift(id=id_, before=before.prisoners_of.get(id_, ()), after=after.prisoners_of.get(id_, ()))
        for id_ in sorted(ids)
    )
