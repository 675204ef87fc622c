"""A situation with its best plan, and what may be asked of both afterwards. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.matching.facts import FactSheet, IdPair, PrisonerFacts, SponsorFacts
from app.matching.instance import Instance
from app.matching.plan import Plan
from app.matching.policy import Policy
from app.matching.rules import HardRule, first_failing, hard_rules
from app.matching.scoring import ScoredInstance, score
from app.matching.solver import solve
from app.matching.tiers import TIERS, vulnerability


@dataclass(frozen=True, eq=False, kw_only=True)
class Situation:
    """What is known on a day, scored under a policy, and the best plan for it."""

    facts: FactSheet
    scored: ScoredInstance
    plan: Plan

    @property
    def policy(self) -> Policy:
        return self.scored.policy

    @cached_property
    def sponsors_of(self) -> Mapping[str, tuple[str, ...]]:
        """The sponsors that the plan proposes for each prisoner who gets any."""
        return _grouped(self.plan.pairs)

    @cached_property
    def prisoners_of(self) -> Mapping[str, tuple[str, ...]]:
        """The prisoners that the plan proposes for each sponsor who gets any."""
        return _grouped(tuple((sponsor, prisoner) for prisoner, sponsor in self.plan.pairs))

    def terms(self, pair: IdPair) -> dict[str, int] | None:
        """The terms of a pair's fit; None where the two are not eligible."""
        try:
            return self.scored.terms(*pair)
        except KeyError:
            return None

    def rule_against(self, pair: IdPair) -> str | None:
        """The name of the first hard rule that forbids the pair; None for an eligible one."""
        rule = first_failing(self._rules, self._prisoners[pair[0]], self._sponsors[pair[1]])
        return rule.name if rule else None

    def urgency(self, prisoner_id: str) -> dict[str, int]:
        """A prisoner's vulnerability points, by name."""
        return vulnerability(self._prisoners[prisoner_id], on=self.facts.date, policy=self.policy)

    def tier(self, prisoner_id: str) -> int:
        """A prisoner's tier."""
        return self.scored.instance.prisoners[self.scored.instance.prisoner_number[prisoner_id]].tier

    def covers(self, prisoner_id: str) -> bool:
        """Whether a prisoner has a supporter of the kind or gets one by the plan."""
        instance = self.scored.instance
        there = instance.prisoners[instance.prisoner_number[prisoner_id]].supporters
        return bool(there) or prisoner_id in self.sponsors_of

    @cached_property
    def _prisoners(self) -> dict[str, PrisonerFacts]:
        return {person.id: person for person in self.facts.prisoners}

    @cached_property
    def _sponsors(self) -> dict[str, SponsorFacts]:
        return {person.id: person for person in self.facts.sponsors}

    @cached_property
    def _rules(self) -> tuple[HardRule, ...]:
        return hard_rules(self.facts, self.policy)


def situation(facts: FactSheet, policy: Policy | None = None) -> Situation:
    """Score and solve; without a policy the sheet's own counts, else the default. Raises SolverFailed as `solve`."""
    scored = score(facts, policy)
    return Situation(facts=facts, scored=scored, plan=solve(scored.instance, scored.policy))


def alone_by_tier(instance: Instance, plan: Plan) -> tuple[int, ...]:
    """How many prisoners of each tier have no supporter of the kind and get none by the plan."""
    proposed = {prisoner_id for prisoner_id, _ in plan.pairs}
    counts = [0] * TIERS
    for prisoner in instance.prisoners:
        if prisoner.supporters == 0 and prisoner.id not in proposed:
            counts[prisoner.tier] += 1
    return tuple(counts)


def _grouped(pairs: tuple[IdPair, ...]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, other in pairs:
        groups.setdefault(key, []).append(other)
    return {key: tuple(sorted(others)) for key, others in groups.items()}
