"""What the last run of a kind says about single pairs, beside the facts as they stand.

What was true of the run stays true of it; whoever changed since is named, for then it may no longer be true of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import undefer

from app import matching
from app.database import session
from app.models import Match, MatchingRun, RunnerUp, Sponsor
from app.permissions import Viewer
from app.queries import explanations, policies
from app.queries.fingerprints import fingerprint
from app.queries.matching import newest_run
from app.queries.scope import sponsors_of
from app.queries.searching import holds_words
from app.vocabulary import SupportKind

FEW = 12

Loss = matching.Loss


@dataclass(frozen=True, kw_only=True)
class InTheRun:
    """A pair by the last run's prices, policy and day; `…_changed` tells whose facts are others than the run's."""

    explanation: matching.Explanation
    prisoner_changed: bool
    sponsor_changed: bool
    policy_changed: bool

    @property
    def holds(self) -> bool:
        """Whether what is said here is exactly what the run found."""
        return not (self.prisoner_changed or self.sponsor_changed)


@dataclass(frozen=True, kw_only=True)
class PairReasons:
    """A pair by the facts as they stand, and in the last run of the kind.

    There is no `run` before the first, and no `then` where a run kept no prices: its plan was not known to be the best.
    """

    now: matching.Explanation
    run: MatchingRun | None
    then: InTheRun | None


@dataclass(frozen=True, kw_only=True)
class NextBest:
    """The runner-up of a proposal and the least they would cost; `reasons` only where they are of the viewer's regions.

    Of another region, or gone since (`is_gone`), there is no `sponsor`.
    """

    sponsor: Sponsor | None
    is_gone: bool
    loss_at_least: matching.Loss
    reasons: PairReasons | None


@dataclass(frozen=True, kw_only=True)
class ProposalReasons:
    """A proposal's own pair, and who would have been next. Without `next_best` nobody else was possible in the run,
    if `next_is_known`. `urgency` has the points of the policy that the proposal's run followed: they gave the tier.
    """

    pair: PairReasons
    urgency: Mapping[str, int]
    next_is_known: bool
    next_best: NextBest | None


@dataclass(frozen=True, kw_only=True)
class NextInLine:
    """A runner-up for one line of a list: the name only for those of the viewer's regions."""

    name: str | None
    is_gone: bool
    loss_at_least: matching.Loss


NextInLines = Mapping[tuple[str, str], NextInLine | None]
"""Runners-up by run and prisoner; None where the run knows that nobody else was possible."""


@dataclass(frozen=True)
class Following:
    """A runner-up by id (`sponsor_id` is None once they are gone) and the least that they would cost."""

    sponsor_id: str | None
    loss_at_least: matching.Loss


def of_pair(prisoner_id: str, sponsor_id: str, *, day: date) -> PairReasons:
    """The reasons of any pair, for the kind that the sponsor offers. Raises NotFound for an id that nobody has."""
    sheet = explanations.sheet_of(prisoner_id, sponsor_id, day=day)
    return _LastRun.read(sheet.kind).reasons(sheet, prisoner_id, sponsor_id)


def of_proposal(viewer: Viewer, match: Match, *, day: date) -> ProposalReasons:
    """The reasons of a proposal and of its runner-up, whoever the viewer may not know of left out."""
    last = _LastRun.read(match.kind)
    row = _runner_up_row(viewer, match) if last.made(match) else None
    beside, sponsor = row or (None, None)
    sponsors = [match.sponsor_id, *([sponsor.id] if sponsor else [])]
    sheet = explanations.sheet_of(match.prisoner_id, *sponsors, day=day, kind=match.kind, leaving_out=match.id)
    next_best = None
    if beside is not None:
        reasons = last.reasons(sheet, match.prisoner_id, sponsor.id) if sponsor else None
        loss = matching.Loss(beside.first_supporters, beside.points)
        is_gone = beside.sponsor_id is None
        next_best = NextBest(sponsor=sponsor, is_gone=is_gone, loss_at_least=loss, reasons=reasons)
    pair = last.reasons(sheet, match.prisoner_id, match.sponsor_id)
    urgency = _urgency(match, sheet)
    return ProposalReasons(pair=pair, urgency=urgency, next_is_known=last.made(match), next_best=next_best)


def _urgency(match: Match, sheet: matching.FactSheet) -> Mapping[str, int]:
    followed = policies.of_version(match.run.policy_version) if match.run else None
    policy = followed or policies.current()
    explained = matching.explain(sheet, prisoner_id=match.prisoner_id, sponsor_id=match.sponsor_id, policy=policy)
    return explained.vulnerability


def runner_up(run_id: str | None, prisoner_id: str) -> Following | None:
    """Who would have been next for a prisoner in a run, whatever their region: for reckoning, never for a page."""
    row = session().get(RunnerUp, (run_id, prisoner_id)) if run_id else None
    return Following(row.sponsor_id, Loss(row.first_supporters, row.points)) if row else None


def next_in_line(viewer: Viewer, matches: Iterable[Match]) -> NextInLines:
    """The runners-up of many proposals, in one query; proposals whose run does not know of any are missing."""
    pairs = {(match.run_id, match.prisoner_id) for match in matches if match.run_id}
    query = (
        select(MatchingRun.id, RunnerUp, Sponsor.name)
        .outerjoin(
            RunnerUp,
            and_(RunnerUp.run_id == MatchingRun.id, RunnerUp.prisoner_id.in_({prisoner for _, prisoner in pairs})),
        )
        .outerjoin(Sponsor, _named_to(viewer))
        .where(MatchingRun.id.in_({run for run, _ in pairs}), MatchingRun.prices.is_not(None))
    )
    found: dict[tuple[str, str], NextInLine | None] = {}
    runs: set[str] = set()
    for run_id, row, name in session().execute(query):
        runs.add(run_id)
        if row is not None:
            loss = matching.Loss(row.first_supporters, row.points)
            line = NextInLine(name=name, is_gone=row.sponsor_id is None, loss_at_least=loss)
            found[run_id, row.prisoner_id] = line
    return {pair: found.get(pair) for pair in pairs if pair[0] in runs}


def sponsors_named(viewer: Viewer, searched: str) -> list[Sponsor]:
    """A few of the coordinator's sponsors whose name holds the searched words; nobody for an empty search."""
    words = holds_words(Sponsor.search_key, searched)
    if not words:
        return []
    query = select(Sponsor).where(sponsors_of(viewer), *words)
    return list(session().scalars(query.order_by(Sponsor.search_key, Sponsor.id).limit(FEW)))


def _named_to(viewer: Viewer) -> ColumnElement[bool]:
    """Joins a runner-up's record where it is of the viewer's regions: of others nothing is read (Z5)."""
    return and_(Sponsor.id == RunnerUp.sponsor_id, sponsors_of(viewer))


def _runner_up_row(viewer: Viewer, match: Match) -> tuple[RunnerUp, Sponsor | None] | None:
    query = select(RunnerUp, Sponsor).outerjoin(Sponsor, _named_to(viewer))
    row = (
        session()
        .execute(query.where(RunnerUp.run_id == match.run_id, RunnerUp.prisoner_id == match.prisoner_id))
        .first()
    )
    return (row[0], row[1]) if row else None


@dataclass(frozen=True)
class _LastRun:
    """The newest run of a kind with what explains its pairs, and the policy in force now."""

    run: MatchingRun | None
    policy: matching.Policy | None
    prices: matching.PlanPrices | None
    fingerprints: frozenset[str]
    current_policy: matching.Policy

    @classmethod
    def read(cls, kind: SupportKind) -> "_LastRun":
        query = select(MatchingRun).where(MatchingRun.id == newest_run(kind))
        run = session().scalar(query.options(undefer(MatchingRun.prices), undefer(MatchingRun.fingerprints)))
        return cls(
            run=run,
            policy=policies.of_version(run.policy_version) if run else None,
            prices=_prices_of(run) if run else None,
            fingerprints=frozenset(run.fingerprints or ()) if run else frozenset(),
            current_policy=policies.current(),
        )

    def made(self, match: Match) -> bool:
        """Whether the proposal is this run's, and the run can say who would have been next."""
        return self.run is not None and self.prices is not None and match.run_id == self.run.id

    def reasons(self, sheet: matching.FactSheet, prisoner_id: str, sponsor_id: str) -> PairReasons:
        """One pair of the sheet. Raises NotFound for an id that stands nowhere in it."""
        now = matching.explain(sheet, prisoner_id=prisoner_id, sponsor_id=sponsor_id, policy=self.current_policy)
        then = self._then(self.run, sheet, (prisoner_id, sponsor_id)) if self.run and self.prices else None
        return PairReasons(now=now, run=self.run, then=then)

    def _then(self, run: MatchingRun, sheet: matching.FactSheet, pair: tuple[str, str]) -> InTheRun:
        prisoner = next(person for person in sheet.prisoners if person.id == pair[0])
        sponsor = next(person for person in sheet.sponsors if person.id == pair[1])
        explanation = matching.explain(
            replace(sheet, date=run.day),
            prisoner_id=prisoner.id,
            sponsor_id=sponsor.id,
            plan=_plan_of(run, (pair,) if _was_proposed(run, pair) else ()),
            policy=self.policy,
            prices=self.prices,
        )
        return InTheRun(
            explanation=explanation,
            prisoner_changed=fingerprint(prisoner) not in self.fingerprints,
            sponsor_changed=fingerprint(sponsor) not in self.fingerprints,
            policy_changed=run.policy_version != self.current_policy.version,
        )


def _prices_of(run: MatchingRun) -> matching.PlanPrices | None:
    if run.prices is None:
        return None
    high, low = (matching.Certificate(**run.prices[end]) for end in ("high", "low"))
    return matching.PlanPrices(high, low, run.prices["unit"])


def _plan_of(run: MatchingRun, pairs: tuple[tuple[str, str], ...]) -> matching.Plan:
    """As much of the run's plan as explains one pair."""
    covered = tuple(run.objective["newly_covered_by_tier"])
    objective = matching.Objective(**{**run.objective, "newly_covered_by_tier": covered})
    return matching.Plan(pairs=pairs, objective=objective, certificate=None, unique=False)


def _was_proposed(run: MatchingRun, pair: tuple[str, str]) -> bool:
    query = select(Match.id).where(Match.run_id == run.id, Match.prisoner_id == pair[0], Match.sponsor_id == pair[1])
    return session().scalar(query.limit(1)) is not None
