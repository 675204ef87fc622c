"""Matching tasks as pages show them, and whether a run is large enough to need one."""

from sqlalchemy import func, select

from app.clock import now
from app.database import session
from app.matching import Policy
from app.models import MatchingTask, Prisoner, Sponsor
from app.permissions import Viewer
from app.task_words import TaskState
from app.vocabulary import NO_LONGER_HELD, SupportKind, VettingState

PAIRS_AT_ONCE = 1_000_000
"""Up to so many pairs of a prisoner and a sponsor are solved while the browser waits: well under a second."""


def is_large(kind: SupportKind) -> bool:
    """Whether a run of this kind takes longer than a page should."""
    held = select(func.count()).select_from(Prisoner).where(Prisoner.detention_status.not_in(NO_LONGER_HELD))
    offering = select(func.count()).select_from(Sponsor)
    offering = offering.where(Sponsor.support_kind == kind, Sponsor.vetting_state != VettingState.REJECTED)
    return (session().scalar(held) or 0) * (session().scalar(offering) or 0) > PAIRS_AT_ONCE


def run_slot(kind: SupportKind) -> str:
    """What a run of a kind holds: one for each kind is under way."""
    return f"run:{kind.value}"


def dry_run_slot(account_id: str) -> str:
    """What a dry run holds: one for each administrator is under way."""
    return f"dry_run:{account_id}"


def run(task_id: str) -> MatchingTask | None:
    """A run that the worker was asked for."""
    return session().scalar(select(MatchingTask).where(MatchingTask.id == task_id, MatchingTask.kind.is_not(None)))


def dry_run(viewer: Viewer, task_id: str) -> MatchingTask | None:
    """The viewer's own dry run."""
    query = select(MatchingTask).where(MatchingTask.id == task_id, MatchingTask.kind.is_(None))
    return session().scalar(query.where(MatchingTask.asked_by == viewer.account_id))


def numbers_of(task: MatchingTask) -> dict[str, int]:
    """The numbers of a dry run's changed policy, by place."""
    return Policy.from_dict(task.changed_policy or {}).numbers()


def runs_under_way() -> dict[SupportKind, MatchingTask]:
    """The runs that wait for the worker or are being solved, by kind, without those whose worker is dead."""
    open_states = (TaskState.WAITING, TaskState.RUNNING)
    slots = [run_slot(kind) for kind in SupportKind]
    query = select(MatchingTask).where(MatchingTask.slot.in_(slots), MatchingTask.state.in_(open_states))
    return {task.kind: task for task in session().scalars(query) if task.kind and not is_dead(task)}


def is_dead(task: MatchingTask) -> bool:
    """Whether its worker has been silent for longer than its lease, though nobody has written it down yet."""
    return task.state is TaskState.RUNNING and task.lease_until is not None and task.lease_until < now()
