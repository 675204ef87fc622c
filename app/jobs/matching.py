"""The worker's matching tasks: runs that take longer than a page should, and dry runs of a changed policy."""

from collections.abc import Callable
from typing import Any

import structlog

from app.actions import matching_tasks, runs
from app.actions.matching_tasks import Claim, ClaimLost
from app.clock import now
from app.errors import NotAllowed
from app.queries import accounts, dry_runs, policies
from app.task_words import RunStage
from app.transaction import transaction
from app.vocabulary import SupportKind

log = structlog.get_logger()


class _ToldToStop(Exception):
    """The worker is to stop: the task goes back, and the next worker begins it again."""


def work_on_tasks(*, stopping: Callable[[], bool]) -> None:
    """Do every task that waits, one after the other, until none is left or `stopping` says so, between two stages."""
    with transaction():
        dead = matching_tasks.stop_dead(now())
    if dead:
        log.warning("matching_tasks_died", tasks=dead)
    while not stopping() and (claim := _next()) is not None:
        _do(claim, stopping)


def _next() -> Claim | None:
    with transaction():
        return matching_tasks.claim_next(now())


def _do(claim: Claim, stopping: Callable[[], bool]) -> None:
    """One task to its end, whatever that is; of a failure only its kind is logged."""

    def tell(stage: str) -> None:
        if stopping():
            raise _ToldToStop
        with transaction():
            matching_tasks.tell(claim, stage, moment=now())

    try:
        _solve(claim, tell)
        log.info("matching_task_done", task=claim.task_id)
    except ClaimLost:
        log.warning("matching_task_lost", task=claim.task_id)
    except _ToldToStop:
        _leave(claim, matching_tasks.give_back)
    except Exception as failure:
        log.error("matching_task_failed", task=claim.task_id, kind=type(failure).__name__)
        _leave(claim, matching_tasks.fail)


def _leave(claim: Claim, how: Callable[[Claim], None]) -> None:
    try:
        with transaction():
            how(claim)
    except ClaimLost:
        log.warning("matching_task_lost", task=claim.task_id)


def _solve(claim: Claim, tell: Callable[[str], None]) -> None:
    if claim.kind is not None:
        _run(claim, claim.kind, tell)
    else:
        found = _dry_run(claim, tell)
        with transaction():
            matching_tasks.finish_dry_run(claim, found)


def _run(claim: Claim, kind: SupportKind, tell: Callable[[str], None]) -> None:
    """The run and the word that it is done are kept together; whoever asked must still be allowed to run."""
    computed = runs.compute(kind, claim.day, tell)
    tell(RunStage.KEEP)
    with transaction():
        asker = accounts.by_id(claim.asked_by)
        if asker is None or asker.disabled_at:
            raise NotAllowed("Whoever asked for this run is no longer here.")
        run = runs.store(computed, by=accounts.viewer_of(asker))
        matching_tasks.finish_run(claim, run.id)


def _dry_run(claim: Claim, tell: Callable[[str], None]) -> dict[str, Any]:
    assert claim.policy is not None, "a task is a run or has a changed policy"
    version, kinds = policies.current().version, {}
    for kind in SupportKind:
        tell(kind.value)
        kinds[kind.value] = dry_runs.plain(kind, claim.day, claim.policy)
    return {"version": version, "kinds": kinds}
