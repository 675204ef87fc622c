"""The words of the worker: its jobs, what a matching run is at, and where a task stands. Pure.

Beside `app.vocabulary`, since only the rooms between the worker and its progress page speak them.
"""

from enum import StrEnum


class Job(StrEnum):
    """What the worker does again and again."""

    DELIVER = "deliver"
    SCHEDULE = "schedule_reminders"
    MATCH = "look_for_matching"
    PURGE = "purge"
    BOUNCES = "read_bounces"


class RunStage(StrEnum):
    """What a matching run is at, in order."""

    READ = "read"
    SCORE = "score"
    SOLVE = "solve"
    VERIFY = "verify"
    EXPLAIN = "explain"
    KEEP = "keep"


class TaskState(StrEnum):
    """Where a matching task stands that the worker does for somebody."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class TaskEnd(StrEnum):
    """Why a matching task stopped before it was done."""

    DIED = "died"
    FAILED = "failed"
    OVERTAKEN = "overtaken"
