"""The worker: a Huey consumer that stops when its work in hand is done."""

import signal
from types import FrameType
from typing import Any

from huey.consumer import Consumer, Scheduler

from app.jobs.tasks import WAKING, Jobs

HEALTH_SECONDS = 10.0


class _Sweeper(Scheduler):  # type: ignore[misc]
    """A scheduler whose periodic tasks come as often as it is told."""

    def __init__(self, *args: Any, sweep_seconds: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self.periodic_task_seconds = sweep_seconds


class _Consumer(Consumer):  # type: ignore[misc]
    def __init__(self, *args: Any, sweep_seconds: int, **more: Any) -> None:
        self.sweep_seconds = sweep_seconds
        super().__init__(*args, **more)

    def _create_scheduler(self) -> Scheduler:
        return _Sweeper(
            huey=self.huey,
            stop_flag=self.stop_flag,
            interval=self.scheduler_interval,
            periodic=self.periodic,
            sweep_seconds=self.sweep_seconds,
        )

    def _set_signal_handlers(self) -> None:
        """Huey's own would cut off the task in hand, and would come only after its threads have started."""


def run(jobs: Jobs, *, workers: int, sweep_seconds: int) -> None:
    """Work until SIGINT or SIGTERM, then finish the mail in hand and return. A second signal ends at once."""
    _stop_on_signal(jobs)
    consumer = _Consumer(jobs.queue, workers=workers, max_delay=1.0, sweep_seconds=sweep_seconds)
    # A worker that was killed may have left the mark of a call that nobody will answer: begin with a look of our own.
    jobs.queue.storage.delete_data(WAKING)
    jobs.wake_delivery()
    jobs.wake_matching()
    consumer.start()
    while not jobs.stopping.wait(HEALTH_SECONDS):
        consumer.check_worker_health()
    consumer.stop(graceful=True)


def _stop_on_signal(jobs: Jobs) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        jobs.stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
