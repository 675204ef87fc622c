"""`flask worker`: delivers mail as it is queued, until it is told to stop."""

import click
from flask.cli import with_appcontext

from app.cli.options import LoneCommand
from app.jobs.tasks import jobs
from app.jobs.worker import run
from app.settings import current_settings

SWEEP_SECONDS = 60
DEMO_SWEEP_SECONDS = 5
"""In the demo somebody is watching: a mail that was held for a minute comes when the minute is over."""


@click.command("worker", cls=LoneCommand)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Threads that work at once.")
@with_appcontext
def worker_command(*, workers: int) -> None:
    """Run jobs until SIGINT or SIGTERM; the mail in hand is finished first."""
    sweep_seconds = DEMO_SWEEP_SECONDS if current_settings().demo else SWEEP_SECONDS
    run(jobs(), workers=workers, sweep_seconds=sweep_seconds)
