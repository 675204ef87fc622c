"""The policy of a run: every weight, limit and switch, typed, validated and versioned. Pure.

The defaults are those of the programme's published rules (`docs/matching.md`). A policy is data that administrators
edit; every run and proposal names its `version`.

A number's place is its name with its group before it, such as `fit.joint_case` or `tier_floors[0]`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Self, TypeVar

from app.errors import InvalidPolicy, Problem
from app.matching.wording import N_

HIGHEST_FIT = 99
"""A pair's fit stays under 100, so that the weight of a first supporter is known beforehand."""

REWARDED_SEATS = 3
"""From the fourth supporter on, a seat brings no points."""

MOST_POINTS = 1_000
"""No single number of a policy may be larger."""


@dataclass(frozen=True, kw_only=True)
class HardRuleSwitches:
    """What a policy may allow or move among the hard rules."""

    allow_detention_unknown: bool = False
    mandate_days_left: int = 90


@dataclass(frozen=True, kw_only=True)
class TierPoints:
    """Vulnerability points; their sum gives the priority tier."""

    serious_illness: int = 3
    under_18_at_arrest: int = 3
    hunger_strike: int = 3
    disability: int = 2
    both_parents_held: int = 2
    incommunicado: int = 2
    mental_disorder: int = 2
    aged_60_or_over: int = 2
    small_children: int = 1
    long_sentence: int = 1
    long_held: int = 1


@dataclass(frozen=True, kw_only=True)
class FitPoints:
    """Points for how well a pair suits; one more is added to every eligible pair."""

    language_fluent: int = 30
    language_basic: int = 20
    language_translated: int = 5
    profession_same: int = 20
    profession_related: int = 10
    country_spread: int = 10
    least_support_none: int = 10
    least_support_one: int = 5
    preference_one: int = 8
    preference_more: int = 14
    steadiness_two_years: int = 8
    steadiness_one_year: int = 4
    joint_case: int = 5

    @property
    def highest(self) -> int:
        """The most that one pair can get, the added point included."""
        return (
            1
            + max(self.language_fluent, self.language_basic, self.language_translated)
            + max(self.profession_same, self.profession_related)
            + self.country_spread
            + max(self.least_support_none, self.least_support_one)
            + max(self.preference_one, self.preference_more)
            + max(self.steadiness_two_years, self.steadiness_one_year)
            + self.joint_case
        )


@dataclass(frozen=True, kw_only=True)
class SeatPoints:
    """What a prisoner's second and third supporter of the kind are worth; further ones are worth nothing."""

    second: int = 20
    third: int = 10

    def points_of(self, nth: int) -> int:
        """What the nth supporter's seat is worth; the first is coverage and brings no points."""
        return {2: self.second, 3: self.third}.get(nth, 0)


Group = TypeVar("Group", HardRuleSwitches, TierPoints, FitPoints, SeatPoints)

GROUPS: Mapping[str, type[HardRuleSwitches] | type[TierPoints] | type[FitPoints] | type[SeatPoints]] = {
    "hard_rules": HardRuleSwitches,
    "tier": TierPoints,
    "fit": FitPoints,
    "seat": SeatPoints,
}

FLOORS = 5
"""Tiers 0 to 4 have a floor; tier 5 is for everybody else."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A validated policy. Raises InvalidPolicy, naming every number at fault, for one that no run could use.

    `tier_floors` holds the least points for tiers 0 to 4; whoever has fewer than the last is in tier 5.
    `waiting_weeks_at_most` caps what one sponsor's waiting counts. `version` is the number under which the policy is
    kept, None for one that is not; policies of the same numbers are equal, whatever their versions.
    """

    version: int | None = field(default=None, compare=False)
    hard_rules: HardRuleSwitches = HardRuleSwitches()
    tier: TierPoints = TierPoints()
    tier_floors: tuple[int, ...] = (6, 4, 3, 2, 1)
    fit: FitPoints = FitPoints()
    seat: SeatPoints = SeatPoints()
    waiting_weeks_at_most: int = 15

    def __post_init__(self) -> None:
        problems = tuple(_problems_of(self))
        if problems:
            raise InvalidPolicy(problems)

    @classmethod
    def from_dict(cls, plain: Mapping[str, object]) -> Self:
        """Read what `to_dict` wrote; what is missing keeps its default. Raises InvalidPolicy naming every place."""
        problems = tuple(_unreadable(plain))
        if problems:
            raise InvalidPolicy(problems)
        floors = plain.get("tier_floors", cls.tier_floors)
        assert isinstance(floors, list | tuple)
        return cls(
            version=plain.get("version"),  # type: ignore[arg-type]  # this and all below: checked by __post_init__
            hard_rules=_group(HardRuleSwitches, plain, "hard_rules"),
            tier=_group(TierPoints, plain, "tier"),
            tier_floors=tuple(floors),
            fit=_group(FitPoints, plain, "fit"),
            seat=_group(SeatPoints, plain, "seat"),
            waiting_weeks_at_most=plain.get("waiting_weeks_at_most", cls.waiting_weeks_at_most),  # type: ignore[arg-type]
        )

    @classmethod
    def from_numbers(cls, numbers: Mapping[str, int]) -> Self:
        """The policy of these numbers by place, all of them. Raises InvalidPolicy, and KeyError for a missing one."""
        groups = {
            group: {one.name: numbers[f"{group}.{one.name}"] for one in fields(kind)} for group, kind in GROUPS.items()
        }
        floors = [numbers[f"tier_floors[{tier}]"] for tier in range(FLOORS)]
        weeks = numbers["waiting_weeks_at_most"]
        return cls.from_dict({**groups, "tier_floors": floors, "waiting_weeks_at_most": weeks})

    def to_dict(self) -> dict[str, object]:
        """The policy as plain JSON values; without a version where it has none."""
        plain = {**asdict(self), "tier_floors": list(self.tier_floors)}
        return {name: value for name, value in plain.items() if name != "version" or value is not None}

    def numbers(self) -> dict[str, int]:
        """Every number by its place, in the order of the promise; a switch is True or False."""
        found: dict[str, int] = {}
        for group in ("hard_rules", "tier"):
            found |= _placed(group, getattr(self, group))
        found |= {f"tier_floors[{tier}]": floor for tier, floor in enumerate(self.tier_floors)}
        for group in ("fit", "seat"):
            found |= _placed(group, getattr(self, group))
        return found | {"waiting_weeks_at_most": self.waiting_weeks_at_most}


def changed_numbers(before: Policy, after: Policy) -> dict[str, tuple[int, int]]:
    """What differs between two policies: by place, the number before and the one after."""
    old, new = before.numbers(), after.numbers()
    return {place: (old[place], new[place]) for place in new if old[place] != new[place]}


def _placed(group: str, numbers: object) -> dict[str, int]:
    return {f"{group}.{name}": value for name, value in vars(numbers).items()}


def _problems_of(policy: Policy) -> Iterator[Problem]:
    """Everything that is wrong with the numbers; what rests on several is asked of whole numbers only."""
    wrong = {place: problem for place, value in policy.numbers().items() for problem in _of_number(place, value)}
    yield from wrong.values()
    if policy.version is not None and not (_is_whole(policy.version) and policy.version >= 1):
        yield Problem("version", N_("must be a whole number, 1 or more"))
    yield from _of_floors(policy.tier_floors, wrong)
    if not any(place.startswith("fit.") for place in wrong) and policy.fit.highest > HIGHEST_FIT:
        text = N_("a pair could get %(points)s points; %(most)s is the most")
        yield Problem("fit", text, {"points": policy.fit.highest, "most": HIGHEST_FIT})
    if not any(place.startswith("seat.") for place in wrong) and policy.seat.second < policy.seat.third:
        yield Problem("seat.third", N_("must not be worth more than the second seat"))


def _of_number(place: str, value: object) -> Iterator[Problem]:
    if place == "hard_rules.allow_detention_unknown":
        if not isinstance(value, bool):
            yield Problem(place, N_("must be true or false"))
    elif not _is_whole(value):
        yield Problem(place, N_("must be a whole number"))
    elif not 0 <= value <= MOST_POINTS:  # type: ignore[operator]
        text = N_("%(value)s is not between 0 and %(most)s")
        yield Problem(place, text, {"value": value, "most": MOST_POINTS})


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _of_floors(floors: tuple[int, ...], wrong: Mapping[str, Problem]) -> Iterator[Problem]:
    if len(floors) != FLOORS:
        yield Problem("tier_floors", N_("five numbers are needed, for tiers 0 to 4"))
        return
    for tier, floor in enumerate(floors):
        place, above = f"tier_floors[{tier}]", f"tier_floors[{tier - 1}]"
        if place in wrong:
            continue
        if floor < 1:
            yield Problem(place, N_("must be 1 or more"))
        elif tier and above not in wrong and floor >= floors[tier - 1]:
            text = N_("must be less than the %(before)s of the tier before")
            yield Problem(place, text, {"before": floors[tier - 1]})


def _unreadable(plain: Mapping[str, object]) -> Iterator[Problem]:
    """Every name that no policy has, and every part of the wrong kind."""
    known = {one.name for one in fields(Policy)}
    yield from (Problem(name, N_("unknown term")) for name in plain if name not in known)
    if not isinstance(plain.get("tier_floors", []), list | tuple):
        yield Problem("tier_floors", N_("must be a list"))
    for group, kind in GROUPS.items():
        given, terms = plain.get(group, {}), {one.name for one in fields(kind)}
        if not isinstance(given, Mapping):
            yield Problem(group, N_("must be an object"))
        else:
            yield from (Problem(f"{group}.{name}", N_("unknown term")) for name in given if name not in terms)


def _group(kind: type[Group], plain: Mapping[str, object], name: str) -> Group:
    given = plain.get(name, {})
    assert isinstance(given, Mapping)
    return kind(**given)


DEFAULT_POLICY = Policy()
