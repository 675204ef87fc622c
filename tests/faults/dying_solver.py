"""A worker that dies while it solves a matching task: run as `python -m tests.faults.dying_solver`.

It works as `flask worker` does on its tasks, and kills itself where the solver would begin.
"""

import os
import signal

from app import create_app, matching
from app.jobs.matching import work_on_tasks


def main() -> None:
    """Work until something is to be solved, then die."""
    matching.solve = lambda *_arguments, **_options: os.kill(os.getpid(), signal.SIGKILL)
    with create_app().app_context():
        work_on_tasks(stopping=lambda: False)


if __name__ == "__main__":
    main()
