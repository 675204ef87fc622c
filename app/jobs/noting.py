"""Around each of the worker's jobs: how it ended is kept, and no failure ends the worker."""

import time
from collections.abc import Callable, Mapping

import structlog
from flask import Flask

from app.actions import job_runs
from app.task_words import Job
from app.transaction import transaction

log = structlog.get_logger()

FAILED = {
    Job.DELIVER: "delivery_failed",
    Job.SCHEDULE: "scheduling_failed",
    Job.MATCH: "matching_failed",
    Job.PURGE: "purge_failed",
    Job.BOUNCES: "reading_bounces_failed",
}


def do(app: Flask, job: Job, work: Callable[[], Mapping[str, int]]) -> None:
    """Do the work in the application's context and keep that it was done, or that it broke. Raises nothing.

    Of a failure only its kind is logged: what it says may hold an address.
    """
    began = time.monotonic()
    try:
        with app.app_context():
            found = work()
    except Exception as failure:
        log.error(FAILED[job], kind=type(failure).__name__)
        _keep(app, lambda: job_runs.note_failure(job))
    else:
        _keep(app, lambda: job_runs.note_end(job, seconds=time.monotonic() - began, found=found))


def _keep(app: Flask, note: Callable[[], None]) -> None:
    try:
        with app.app_context(), transaction():
            note()
    except Exception as failure:
        log.warning("job_not_noted", kind=type(failure).__name__)
