"""Matching runs: read everybody, solve, and keep the proposals.

Reading and solving take seconds and change nothing, so they stand outside the writing transaction. What happens in
between is met when the proposals are kept: a pair decided meanwhile is left alone, and approving checks every hard
rule again.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select, update

from app import matching
from app.actions import audit, run_reasons
from app.actions import policies as policy_actions
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import end_reading, locked, session
from app.errors import NotAllowed
from app.models import Match, MatchingRun, new_id
from app.permissions import Permission, Viewer, allowed
from app.queries import matching as facts
from app.queries import policies
from app.task_words import RunStage
from app.transitions import MATCH_MOVES, check_move
from app.vocabulary import LIVE_STATES, MatchState, SupportKind

IDS_AT_ONCE = 500
NEVER_AGAIN = (*LIVE_STATES, MatchState.REFUSED, MatchState.DECLINED)


@dataclass(frozen=True, kw_only=True)
class ComputedRun:
    """A solved run that nothing has been kept of yet. `seconds` holds the time of each stage."""

    kind: SupportKind
    day: date
    input_digest: str
    facts: matching.FactSheet
    scored: matching.ScoredInstance
    plan: matching.Plan
    optimal: bool
    seconds: dict[str, float]

    @property
    def policy_version(self) -> int:
        """The version of the policy that the run followed."""
        assert self.scored.policy.version is not None, "runs follow a policy that is kept"
        return self.scored.policy.version

    @property
    def uncovered_by_tier(self) -> list[int]:
        """How many prisoners of each tier have nobody of the kind even so."""
        return list(matching.alone_by_tier(self.scored.instance, self.plan))

    @cached_property
    def reasons(self) -> run_reasons.Reasons:
        """What may be asked about this plan later."""
        return run_reasons.work_out(self.facts, self.scored, self.plan, optimal=self.optimal)

    def summary(self) -> dict[str, Any]:
        """The figures of docs/commands.md, `flask match run`, but for the run's id."""
        objective = self.plan.objective
        return {
            "proposals": len(self.plan.pairs),
            "newly_covered_by_tier": list(objective.newly_covered_by_tier),
            "uncovered_by_tier": self.uncovered_by_tier,
            "points": objective.points,
            "fit": objective.fit,
            "kept": objective.kept,
            "optimal": self.optimal,
            "seconds": self.seconds,
        }


class _Stages:
    """Tells of each stage as it begins, and keeps its seconds."""

    def __init__(self, tell: Callable[[RunStage], None]) -> None:
        self.seconds: dict[str, float] = {}
        self._tell = tell
        self._stage: RunStage | None = None
        self._begun = 0.0

    def begin(self, stage: RunStage) -> None:
        self.end()
        self._tell(stage)
        self._stage, self._begun = stage, time.perf_counter()

    def end(self) -> None:
        if self._stage is not None:
            self.seconds[self._stage.value] = round(time.perf_counter() - self._begun, 4)
        self._stage = None


def nobody(_stage: RunStage) -> None:
    """Whom a run tells of its stages where nobody asked."""


def compute(kind: SupportKind, day: date, tell: Callable[[RunStage], None] = nobody) -> ComputedRun:
    """Read, score and solve one run and check its certificate. Changes nothing: call it before `transaction()`.

    `tell` hears of each stage as it begins; what it raises ends the run.
    """
    stages = _Stages(tell)
    stages.begin(RunStage.READ)
    policy = policies.current()
    sheet = facts.fact_sheet(kind, day)
    before = facts.certificate_before(kind)
    end_reading()
    stages.begin(RunStage.SCORE)
    scored = matching.score(sheet, policy)
    stages.begin(RunStage.SOLVE)
    plan = matching.solve(scored.instance, policy, near=before)
    stages.begin(RunStage.VERIFY)
    verdict = matching.verify(scored.instance, plan, policy)
    stages.begin(RunStage.EXPLAIN)
    computed = ComputedRun(
        kind=kind,
        day=day,
        input_digest=_digest(sheet),
        facts=sheet,
        scored=scored,
        plan=plan,
        optimal=verdict.ok,
        seconds=stages.seconds,
    )
    _worked_out = computed.reasons  # now, so that no writer waits for it
    stages.end()
    return computed


def _digest(sheet: matching.FactSheet) -> str:
    """What the run looked at, in 64 hex characters: the same facts give the same digest in whatever order."""
    digest = hashlib.sha256(f"{sheet.kind}:{sheet.date}".encode())
    for people in (sheet.prisoners, sheet.sponsors):
        for line in sorted(matching.facts_line(person) for person in people):
            digest.update(line.encode())
    for pairs in (sheet.live_pairs, sheet.refused_pairs, sheet.previous):
        digest.update(repr(sorted(pairs)).encode())
    return digest.hexdigest()


def store(computed: ComputedRun, *, by: Viewer | None) -> MatchingRun:
    """Keep a run and its proposals; undecided proposals of its kind that it no longer makes become withdrawn.

    Decided matches are never touched. `by` is None for the command line. Raises NotAllowed without the permission.
    """
    if by is not None and not allowed(by, Permission.RUN_MATCHING):
        raise NotAllowed("Running the matching needs the programme permission.")
    policy_actions.lock()
    run = _new_run(computed, by)
    undecided = _undecided(computed.kind)
    wanted = set(computed.plan.pairs) - _decided_pairs(computed)
    withdrawn = [_withdraw(match) for pair, match in undecided.items() if pair not in wanted]
    for pair in sorted(wanted):
        _propose(computed, run, pair=pair, standing=undecided.get(pair))
    session().flush()
    _take_over([match.id for pair, match in undecided.items() if pair in wanted], run)
    run_reasons.keep(computed.reasons, run, computed.scored)
    kept = audit.Happening(AuditAction.RUN_MATCHING, AuditEntity.MATCHING_RUN, run.id, ("proposals",))
    audit.record_many([kept, *withdrawn], by=by.account_id if by else None)
    return run


def _new_run(computed: ComputedRun, by: Viewer | None) -> MatchingRun:
    assert computed.plan.certificate is not None, "a plan that was solved has its certificate"
    run = MatchingRun(
        id=new_id(),
        kind=computed.kind,
        day=computed.day,
        policy_version=computed.policy_version,
        input_digest=computed.input_digest,
        objective=asdict(computed.plan.objective),
        certificate=asdict(computed.plan.certificate),
        uncovered_by_tier=computed.uncovered_by_tier,
        excluded=computed.scored.excluded,
        seconds=computed.seconds,
        finished_at=now(),
        started_by=by.account_id if by else None,
    )
    session().add(run)
    session().flush()
    return run


def _undecided(kind: SupportKind) -> dict[tuple[str, str], Match]:
    query = select(Match).where(Match.kind == kind, Match.state == MatchState.PROPOSED).order_by(Match.id)
    return {(match.prisoner_id, match.sponsor_id): match for match in session().scalars(locked(query))}


def _decided_pairs(computed: ComputedRun) -> set[tuple[str, str]]:
    """Pairs that were decided, or proposed for the other kind, since the run read them."""
    query = select(Match.prisoner_id, Match.sponsor_id).where(
        Match.state.in_(NEVER_AGAIN) | ((Match.state == MatchState.PROPOSED) & (Match.kind != computed.kind))
    )
    return {(row.prisoner_id, row.sponsor_id) for row in session().execute(query)}


def _withdraw(match: Match) -> audit.Happening:
    check_move(MATCH_MOVES, match.state, MatchState.WITHDRAWN)
    match.state = MatchState.WITHDRAWN
    return audit.Happening(AuditAction.WITHDRAW, AuditEntity.MATCH, match.id, ("state",))


def _propose(computed: ComputedRun, run: MatchingRun, *, pair: tuple[str, str], standing: Match | None) -> None:
    prisoner_id, sponsor_id = pair
    terms = computed.scored.terms(prisoner_id, sponsor_id)
    tier = computed.scored.instance.prisoners[computed.scored.instance.prisoner_number[prisoner_id]].tier
    if standing is not None:
        _refresh(standing, tier=tier, terms=terms)
        return
    session().add(
        Match(
            id=new_id(),
            prisoner_id=prisoner_id,
            sponsor_id=sponsor_id,
            kind=computed.kind,
            state=MatchState.PROPOSED,
            run_id=run.id,
            tier=tier,
            fit=1 + sum(terms.values()),
            terms=terms,
            proposed_at=now(),
        )
    )


def _refresh(match: Match, *, tier: int, terms: dict[str, int]) -> None:
    """A proposal that stands: new reasons make a new version; the same reasons leave an open page valid."""
    if (match.tier, match.terms) != (tier, terms):
        match.tier, match.terms, match.fit = tier, terms, 1 + sum(terms.values())


def _take_over(match_ids: list[str], run: MatchingRun) -> None:
    """Proposals that stand belong to the newest run; past the version, so that an open page stays valid."""
    for start in range(0, len(match_ids), IDS_AT_ONCE):
        some = match_ids[start : start + IDS_AT_ONCE]
        session().execute(update(Match).where(Match.id.in_(some)).values(run_id=run.id))
