"""What a run leaves to be explained: kept with the run, and until the next one of its kind."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, null, select, update

from app import matching
from app.database import session
from app.models import LeftAlone, MatchingRun, RunnerUp
from app.queries.fingerprints import fingerprint


@dataclass(frozen=True, kw_only=True)
class Reasons:
    """What explains the pairs of one plan, and whoever it leaves alone (by prisoner id).

    Without `prices`, where a plan is not known to be the best, nobody is said to be next.
    """

    prices: matching.PlanPrices | None
    runners_up: Mapping[str, matching.RunnerUp]
    alone: Mapping[str, matching.Counts]
    fingerprints: list[str]


def work_out(
    facts: matching.FactSheet, scored: matching.ScoredInstance, plan: matching.Plan, *, optimal: bool
) -> Reasons:
    """Everything that may be asked about the plan later. Reads no database."""
    prices = matching.plan_prices(scored.instance, plan, scored.policy) if optimal else None
    next_best = matching.runners_up(scored.instance, plan, prices) if prices else {}
    prints = [fingerprint(person) for person in facts.prisoners]
    prints += [fingerprint(person) for person in facts.sponsors]
    return Reasons(
        prices=prices,
        runners_up=next_best,
        alone=matching.left_alone(facts, plan, scored.policy),
        fingerprints=sorted(prints),
    )


def keep(reasons: Reasons, run: MatchingRun, scored: matching.ScoredInstance) -> None:
    """Keep the reasons of the newest run, in the open transaction, and throw those of its forerunners away."""
    _forget_older(run)
    run.fingerprints = reasons.fingerprints
    if reasons.prices is not None:
        run.prices = asdict(reasons.prices)
    session().flush()
    next_best = [
        {
            "run_id": run.id,
            "prisoner_id": prisoner_id,
            "sponsor_id": runner_up.sponsor_id,
            "first_supporters": runner_up.loss_at_least.first_supporters,
            "points": runner_up.loss_at_least.points,
        }
        for prisoner_id, runner_up in reasons.runners_up.items()
    ]
    instance = scored.instance
    alone = [
        {
            "run_id": run.id,
            "prisoner_id": prisoner_id,
            "tier": instance.prisoners[instance.prisoner_number[prisoner_id]].tier,
            "sponsors": counts,
        }
        for prisoner_id, counts in reasons.alone.items()
    ]
    for table, rows in ((RunnerUp, next_best), (LeftAlone, alone)):
        if rows:
            session().execute(insert(table), rows)


def _forget_older(run: MatchingRun) -> None:
    older = select(MatchingRun.id).where(MatchingRun.kind == run.kind, MatchingRun.id != run.id)
    for table in (RunnerUp, LeftAlone):
        session().execute(delete(table).where(table.run_id.in_(older)))
    kept = update(MatchingRun).where(MatchingRun.id.in_(older), MatchingRun.fingerprints.is_not(None))
    session().execute(kept.values(prices=null(), fingerprints=null()))
