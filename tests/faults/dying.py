"""A worker that dies between the server's 250 and its own record: run as `python -m tests.faults.dying NOW N`.

It delivers as `flask mail deliver` does, and kills itself in place of writing down what came of its N-th mail.
"""

import os
import signal
import sys
from datetime import datetime
from itertools import count
from typing import Any

from app import clock, create_app
from app.mail import delivery


def main(now: str, last: str) -> None:
    """Deliver until the N-th mail has been handed over, then die."""
    record, numbers = delivery.record, count(1)

    def record_or_die(*arguments: Any, **more: Any) -> Any:
        if next(numbers) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return record(*arguments, **more)

    delivery.record = record_or_die
    with create_app().app_context(), clock.at(datetime.fromisoformat(now)):
        delivery.deliver_due()


if __name__ == "__main__":
    main(*sys.argv[1:])
