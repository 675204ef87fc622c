"""The worker's sign of life, written after each of its jobs. Nobody acts here, so the audit trail says nothing."""

from collections.abc import Mapping
from typing import Any

from app.clock import now
from app.database import inserting, session
from app.models import JobRun
from app.task_words import Job


def note_end(job: Job, *, seconds: float, found: Mapping[str, int]) -> None:
    """A run of the job came to its end now, after so many seconds, and counted this."""
    fresh = {"ended_at": now(), "seconds": seconds, "found": dict(found)}
    first = {"runs": 1, "seconds_of_all": seconds}
    again = {"runs": JobRun.runs + 1, "seconds_of_all": JobRun.seconds_of_all + seconds}
    _write(job, first=fresh | first, again=fresh | again)


def note_failure(job: Job) -> None:
    """A run of the job broke off now."""
    nothing_yet = {"seconds": 0.0, "runs": 0, "seconds_of_all": 0.0, "found": {}}
    _write(job, first={"broke_at": now()} | nothing_yet, again={"broke_at": now()})


def _write(job: Job, *, first: Mapping[str, Any], again: Mapping[str, Any]) -> None:
    """One statement, so that workers who end at the same moment count both."""
    adding = inserting(JobRun).values(job=job, first_at=now(), **first)
    session().execute(adding.on_conflict_do_update(index_elements=["job"], set_=dict(again)))
