"""Matching tasks: what the worker was asked to solve."""

from typing import Any

from app.clock import now
from app.models import Account, MatchingTask
from app.queries.matching_tasks import dry_run_slot, run_slot
from app.task_words import TaskState
from app.vocabulary import SupportKind
from tests.factories.writing import add, writing


def make_task(*, by: Account, kind: SupportKind = SupportKind.LETTER_WRITER, **changes: Any) -> MatchingTask:
    """A run that `by` asked the worker for just now."""
    values = {"slot": run_slot(kind), "state": TaskState.WAITING, "asked_at": now(), "asked_by": by.id}
    with writing():
        return add(MatchingTask(kind=kind, **values | changes))


def make_dry_run_task(*, by: Account, changed_policy: dict[str, Any] | None = None, **changes: Any) -> MatchingTask:
    """A dry run that `by` asked the worker for just now; of a policy with another number unless given."""
    values = {"slot": dry_run_slot(by.id), "state": TaskState.WAITING, "asked_at": now(), "asked_by": by.id}
    with writing():
        return add(MatchingTask(changed_policy=changed_policy or {"seat": {"third": 5}}, **values | changes))
