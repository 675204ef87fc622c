"""How far a matching task of the worker is, as a page shows it: its stages, or how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.clock import now
from app.models import MatchingTask
from app.queries import matching_tasks
from app.task_words import RunStage, TaskEnd, TaskState
from app.vocabulary import SupportKind
from app.web.labels import label

PATIENCE = timedelta(minutes=2)
"""How long a task waits for the worker before the page says that something may be wrong."""

RUN_STAGES: Mapping[str, LazyString] = {
    RunStage.READ.value: _l("Read the records"),
    RunStage.SCORE.value: _l("Apply rules and fit"),
    RunStage.SOLVE.value: _l("Find the best pairs"),
    RunStage.VERIFY.value: _l("Prove them best"),
    RunStage.EXPLAIN.value: _l("Work out the reasons"),
    RunStage.KEEP.value: _l("Keep the proposals"),
}

DRY_RUN_STAGES: Mapping[str, Any] = {kind.value: label(kind) for kind in SupportKind}


class Look(StrEnum):
    """What somebody sees of a task."""

    WAITING = "waiting"
    WAITING_LONG = "waiting_long"
    RUNNING = "running"
    DONE = "done"
    DIED = "died"
    FAILED = "failed"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True)
class Progress:
    """What a page says of a task: its look, its stages and which of them it is at (from 1), and the last word of it."""

    look: Look
    stages: list[Any]
    at: int
    heard_at: datetime | None

    @property
    def goes_on(self) -> bool:
        """Whether looking again may show something new."""
        return self.look in (Look.WAITING, Look.WAITING_LONG, Look.RUNNING)


def progress_of(task: MatchingTask, stages: Mapping[str, Any]) -> Progress:
    """How far a task is, of these stages."""
    names = list(stages)
    at = names.index(task.stage) + 1 if task.stage in names else 1
    return Progress(_look(task), list(stages.values()), at, task.heard_at)


def _look(task: MatchingTask) -> Look:
    if matching_tasks.is_dead(task):
        return Look.DIED
    match task.state:
        case TaskState.WAITING:
            return Look.WAITING_LONG if now() - task.asked_at > PATIENCE else Look.WAITING
        case TaskState.RUNNING:
            return Look.RUNNING
        case TaskState.DONE:
            return Look.DONE
        case TaskState.STOPPED:
            return Look((task.reason or TaskEnd.FAILED).value)
