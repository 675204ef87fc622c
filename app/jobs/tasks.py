"""The tasks themselves: thin callers of the rooms that do the work.

A task may be lost with the worker that took it, and may run twice. Both are harmless here: the sweep finds what a lost
task left, a mail and a matching task are claimed in their rows, and a reminder's occasion is queued once.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from threading import Lock

import structlog
from flask import Flask, current_app
from huey import Huey

from app.actions.purging import Purge
from app.actions.reminders import Round
from app.clock import now
from app.database import empty_log
from app.jobs.bounces import read_bounces
from app.jobs.matching import work_on_tasks
from app.jobs.noting import FAILED, do
from app.jobs.queue import open_queue
from app.mail.delivery import deliver_due
from app.settings import current_settings
from app.task_words import Job
from app.transaction import transaction

EXTENSION = "vestka_jobs"
WAKING = "wake_delivery_waits"
HOURLY = "hour_of"
"""Under this name, a job's and the hour the queue keeps that somebody has begun that hour's."""

log = structlog.get_logger()
_opening = Lock()


@dataclass(frozen=True)
class Jobs:
    """An application's queue with its tasks. Setting `stopping` ends a running task at its next safe point."""

    queue: Huey
    wake_delivery: Callable[[], object]
    wake_matching: Callable[[], object]
    stopping: threading.Event = field(default_factory=threading.Event)


def jobs() -> Jobs:
    """The current application's jobs; the first call opens the queue, and raises what opening raises."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _opening:
        if EXTENSION not in app.extensions:
            app.extensions[EXTENSION] = _register(app, open_queue(current_settings()))
    found: Jobs = app.extensions[EXTENSION]
    return found


def wake(_sender: object = None) -> None:
    """Have the worker look into the outbox soon; `transaction()` calls it after a commit that queued mail.

    Never raises: a queue that cannot be reached is logged, and the next sweep finds the mail.
    """

    def say(found: Jobs) -> None:
        if found.queue.storage.put_if_empty(WAKING, b"waiting"):  # one that waits already will see this mail too
            found.wake_delivery()

    _tell_worker(say)


def wake_matching(_sender: object = None) -> None:
    """Have the worker look for matching tasks soon; `transaction()` calls it after a commit that asked for one.

    Never raises, as `wake`.
    """
    _tell_worker(lambda found: found.wake_matching())


def _tell_worker(say: Callable[[Jobs], object]) -> None:
    try:
        found = jobs()
        say(found)
        found.queue.storage.close()
    except Exception as failure:
        log.warning("wake_failed", kind=type(failure).__name__)


def _register(app: Flask, queue: Huey) -> Jobs:
    stopping = threading.Event()

    def deliver() -> None:
        do(app, Job.DELIVER, lambda: _deliver(queue, stopping))

    def remind() -> None:
        if _is_first_this_hour(queue, Job.SCHEDULE):
            do(app, Job.SCHEDULE, lambda: schedule_reminders(stopping=stopping.is_set))

    def tidy_up() -> None:
        if _is_first_this_hour(queue, Job.PURGE):
            do(app, Job.PURGE, lambda: purge(stopping=stopping.is_set))

    def match() -> None:
        do(app, Job.MATCH, lambda: _match(stopping))

    def read() -> None:
        path = app.config["VESTKA"].mail_bounces_path
        if path is not None and _is_first_this_hour(queue, Job.BOUNCES):
            do(app, Job.BOUNCES, lambda: read_bounces(queue, path, stopping=stopping.is_set))

    queue.periodic_task(lambda _moment: True, name="sweep_outbox")(deliver)
    queue.periodic_task(lambda _moment: True, name="look_for_matching")(match)
    queue.periodic_task(lambda _moment: True, name="schedule_reminders")(remind)
    queue.periodic_task(lambda _moment: True, name="purge")(tidy_up)
    queue.periodic_task(lambda _moment: True, name="read_bounces")(read)
    return Jobs(
        queue=queue,
        wake_delivery=queue.task(name="wake_delivery")(deliver),
        wake_matching=queue.task(name="wake_matching")(match),
        stopping=stopping,
    )


def _deliver(queue: Huey, stopping: threading.Event) -> Mapping[str, int]:
    queue.storage.delete_data(WAKING)  # first: whatever is queued from here on wakes somebody again
    return asdict(deliver_due(stopping=stopping.is_set))


def _match(stopping: threading.Event) -> Mapping[str, int]:
    work_on_tasks(stopping=stopping.is_set)
    return {}


def _is_first_this_hour(queue: Huey, job: Job) -> bool:
    """The same as below, where a queue that cannot be reached is only logged."""
    try:
        return is_first_this_hour(queue, job)
    except Exception as failure:
        log.error(FAILED[job], kind=type(failure).__name__)
        return False


def is_first_this_hour(queue: Huey, job: Job) -> bool:
    """Whether nobody who works from this queue has asked for the job this hour.

    Every worker's schedule calls for the hourly jobs; the first to come does each. Should it die, the next hour goes
    on.
    """
    hour = f"{now():%Y-%m-%dT%H}"
    if not queue.storage.put_if_empty(f"{HOURLY}:{job}:{hour}", b"taken"):
        return False
    before = f"{now() - timedelta(hours=1):%Y-%m-%dT%H}"
    queue.storage.delete_data(f"{HOURLY}:{job}:{before}")
    return True


def purge(*, stopping: Callable[[], bool]) -> Mapping[str, int]:
    """Delete what has outlived its period, until all is looked at or `stopping` says so, between two batches; count it.

    On SQLite what was deleted is then taken out of the database's log as well.
    """
    purging = Purge()
    while not (purging.is_over or stopping()):
        with transaction():
            purging.take_batch()
    if not empty_log():
        log.warning("log_not_emptied")
    gone = {category.value: number for category, number in purging.gone.items() if number}
    log.info("purged", **gone)
    return gone


def schedule_reminders(*, stopping: Callable[[], bool]) -> Mapping[str, int]:
    """Queue what falls due, until all are looked at or `stopping` says so, between two batches; and count it."""
    scheduling = Round()
    while not (scheduling.is_over or stopping()):
        with transaction():
            scheduling.take_batch()
    log.info("reminders_scheduled", queued=scheduling.queued, already=scheduling.already, skipped=scheduling.skipped)
    return {
        "queued": scheduling.queued,
        "already": scheduling.already,
        "skipped": scheduling.skipped.total(),
    }
