"""From facts to an instance: hard rules leave the eligible pairs, tiers and fit weigh them. Pure."""

from dataclasses import dataclass

from app.matching.eligibility import Eligibility, ScoredPairs
from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts
from app.matching.fit import fit_terms
from app.matching.instance import Instance, OpenCapacity, OpenSeats
from app.matching.pairs import Pairs
from app.matching.policy import DEFAULT_POLICY, Policy
from app.matching.relations import Grid, merged
from app.matching.rules import hard_rules
from app.matching.sources import ListedPairs
from app.matching.tiers import tier_of
from app.matching.types import Points

LISTED_AT_MOST = 2_000_000
"""Up to so many eligible pairs an instance lists them; beyond, it computes them a block at a time, again and again."""


@dataclass(frozen=True, eq=False)
class ScoredInstance:
    """An instance with its reasons; `excluded` counts the forbidden pairs by the first hard rule that failed."""

    instance: Instance
    excluded: dict[str, int]
    policy: Policy
    grids: dict[str, Grid]
    """The answers of every fit term, by its name."""

    def terms(self, prisoner_id: str, sponsor_id: str) -> dict[str, int]:
        """The terms that give an eligible pair points; they and one point more are its fit. KeyError if forbidden."""
        pair = self.instance.named([(prisoner_id, sponsor_id)])
        if not pair.fit[0]:
            raise KeyError((prisoner_id, sponsor_id))
        return {name: int(points[0]) for name, points in self.points(pair).items() if points[0]}

    def points(self, pairs: Pairs) -> dict[str, Points]:
        """What every term gives each of these eligible pairs."""
        return {name: grid.at(pairs.prisoner, pairs.sponsor) for name, grid in self.grids.items()}


def score(facts: FactSheet, policy: Policy | None = None) -> ScoredInstance:
    """Apply hard rules, tiers and fit; without a policy the sheet's own counts, else the default."""
    policy = policy or facts.policy or DEFAULT_POLICY
    prisoners = sorted(facts.prisoners, key=lambda person: person.id)
    sponsors = sorted(facts.sponsors, key=lambda person: person.id)
    rules = hard_rules(facts, policy)
    eligibility = Eligibility([rule.forbids.over(prisoners, sponsors) for rule in rules], len(sponsors))
    eligible, forbidden = eligibility.count()
    grids = {name: term.over(prisoners, sponsors) for name, term in fit_terms(facts, policy).items()}
    pairs = ScoredPairs(eligibility, merged(list(grids.values())), eligible)
    instance = Instance(
        prisoners=tuple(_open_seats(person, facts, policy) for person in prisoners),
        sponsors=tuple(_open_capacity(person, facts) for person in sponsors),
        pairs=pairs if eligible > LISTED_AT_MOST else ListedPairs.of(pairs, len(prisoners), len(sponsors)),
        previous=tuple(sorted(facts.previous)),
    )
    excluded = {rule.name: int(count) for rule, count in zip(rules, forbidden, strict=True)}
    return ScoredInstance(instance, excluded, policy, grids)


def _open_seats(person: PrisonerFacts, facts: FactSheet, policy: Policy) -> OpenSeats:
    return OpenSeats(
        id=person.id,
        tier=tier_of(person, on=facts.date, policy=policy),
        seats=person.seats,
        supporters=person.supporters_of_kind,
        role_seats=dict(person.role_seats),
    )


def _open_capacity(person: SponsorFacts, facts: FactSheet) -> OpenCapacity:
    waited = (facts.date - person.waiting_since).days // 7 if person.waiting_since else 0
    return OpenCapacity(id=person.id, role=person.role, capacity=person.capacity_left, waiting_weeks=max(0, waited))
