"""Matching tasks: what somebody asks the worker to solve, and how it is claimed, told of, and ended.

The solver lets no other thread of its process run while it works, so what takes longer than a moment is the worker's.
A task belongs to whoever claimed it; with the lease run out it is taken for dead, and nothing of it is kept any more.
Every function here belongs inside `with transaction():`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.actions import policies as policy_actions
from app.clock import now, today
from app.database import MATCHING_ASKED, locked, session
from app.errors import Conflict, NotAllowed
from app.matching import Policy
from app.models import MatchingTask, new_id
from app.permissions import Permission, Viewer, allowed
from app.queries.matching_tasks import dry_run_slot, run_slot
from app.task_words import TaskEnd, TaskState
from app.transitions import TASK_MOVES, check_move
from app.vocabulary import SupportKind

LEASE = timedelta(minutes=5)
"""How long a worker may be silent: five times what the longest stage takes at 20,000 prisoners and 200,000 sponsors."""


class ClaimLost(Conflict):
    """The task is no longer this worker's: its lease ran out, or somebody asked for another in its place."""


@dataclass(frozen=True)
class Claim:
    """A task that is this worker's to do: a run of `kind`, or the dry run of a changed `policy`, for `day`."""

    task_id: str
    token: str
    asked_by: str
    day: date
    kind: SupportKind | None
    policy: Policy | None


def ask_for_run(kind: SupportKind, *, by: Viewer) -> str:
    """Ask for a run of `kind`; return the task's id. One that is under way for this kind already is not doubled: its
    id comes back. Raises NotAllowed."""
    if not allowed(by, Permission.RUN_MATCHING):
        raise NotAllowed("Running the matching needs the programme permission.")
    standing = _under_way(run_slot(kind))
    return standing.id if standing else _ask(by, slot=run_slot(kind), kind=kind)


def ask_for_dry_run(policy: Policy, *, by: Viewer) -> str:
    """Ask for the dry run of a changed policy; return the task's id. It takes the place of the same person's last one.

    Raises NotAllowed.
    """
    if not allowed(by, Permission.SET_POLICY):
        raise NotAllowed("Only administrators set the policy.")
    standing = _under_way(dry_run_slot(by.account_id))
    if standing:
        _end(standing, TaskState.STOPPED, reason=TaskEnd.OVERTAKEN)
        session().flush()
    changed = replace(policy, version=None).to_dict()
    return _ask(by, slot=dry_run_slot(by.account_id), changed_policy=changed)


def _under_way(slot: str) -> MatchingTask | None:
    """The living task of a slot. Whoever asks waits here for whoever asked just before; a dead one is ended."""
    policy_actions.lock()
    stop_dead(now())
    open_states = (TaskState.WAITING, TaskState.RUNNING)
    query = select(MatchingTask).where(MatchingTask.slot == slot, MatchingTask.state.in_(open_states))
    return session().scalar(locked(query))


def _ask(by: Viewer, **values: Any) -> str:
    task = MatchingTask(id=new_id(), state=TaskState.WAITING, asked_at=now(), asked_by=by.account_id, **values)
    session().add(task)
    session().flush()
    session().info[MATCHING_ASKED] = True
    return task.id


def claim_next(moment: datetime) -> Claim | None:
    """Claim the task that has waited longest; None when none waits. Those that others are claiming are passed over."""
    task = session().scalar(
        select(MatchingTask)
        .where(MatchingTask.state == TaskState.WAITING)
        .order_by(MatchingTask.asked_at, MatchingTask.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if task is None:
        return None
    check_move(TASK_MOVES, task.state, TaskState.RUNNING)
    task.state, task.claim, task.stage = TaskState.RUNNING, new_id(), None
    task.heard_at, task.lease_until = moment, moment + LEASE
    policy = Policy.from_dict(task.changed_policy) if task.changed_policy else None
    return Claim(task.id, task.claim, asked_by=task.asked_by, day=today(), kind=task.kind, policy=policy)


def tell(claim: Claim, stage: str, *, moment: datetime) -> None:
    """Say which stage the task is at, and that it lives. Raises ClaimLost."""
    task = _owned(claim)
    task.stage, task.heard_at, task.lease_until = stage, moment, moment + LEASE


def give_back(claim: Claim) -> None:
    """Leave the task to the next worker, which begins it again. Raises ClaimLost."""
    task = _owned(claim)
    check_move(TASK_MOVES, task.state, TaskState.WAITING)
    task.state, task.claim, task.stage, task.lease_until = TaskState.WAITING, None, None, None


def finish_run(claim: Claim, run_id: str) -> None:
    """The run was kept, in this same transaction. Raises ClaimLost, and then nothing of the run is kept either."""
    task = _owned(claim)
    task.run_id = run_id
    _end(task, TaskState.DONE)


def finish_dry_run(claim: Claim, found: dict[str, Any]) -> None:
    """Keep what the dry run found, for a day at most. Raises ClaimLost."""
    task = _owned(claim)
    task.found = found
    _end(task, TaskState.DONE)


def fail(claim: Claim) -> None:
    """The task could not be done. Raises ClaimLost."""
    _end(_owned(claim), TaskState.STOPPED, reason=TaskEnd.FAILED)


def stop_dead(moment: datetime) -> int:
    """End the tasks whose worker has been silent for longer than its lease; return how many there were."""
    query = select(MatchingTask).where(MatchingTask.state == TaskState.RUNNING, MatchingTask.lease_until < moment)
    dead = list(session().scalars(locked(query)))
    for task in dead:
        _end(task, TaskState.STOPPED, reason=TaskEnd.DIED)
    session().flush()
    return len(dead)


def _owned(claim: Claim) -> MatchingTask:
    task = session().scalar(locked(select(MatchingTask).where(MatchingTask.id == claim.task_id)))
    if task is None or task.claim != claim.token:
        raise ClaimLost("This task is no longer this worker's.")
    return task


def _end(task: MatchingTask, state: TaskState, *, reason: TaskEnd | None = None) -> None:
    check_move(TASK_MOVES, task.state, state)
    task.state, task.reason, task.claim, task.lease_until = state, reason, None, None
    task.ended_at = now()
