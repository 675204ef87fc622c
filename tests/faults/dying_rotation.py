"""A rotation that dies in the middle: run as `python -m tests.faults.dying_rotation N`.

It seals anew as `flask keys rotate` does, three values at a time, and kills itself inside its N-th transaction.
"""

import os
import signal
import sys
from itertools import count
from typing import Any

from app import create_app
from app.actions import seal_keys


def main(last: str) -> None:
    """Seal anew until the N-th batch stands unfinished in its transaction, then die."""
    renew_some, numbers = seal_keys.renew_some, count(1)

    def renew_or_die(*arguments: Any, **more: Any) -> Any:
        renewed = renew_some(*arguments, **more)
        if next(numbers) == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return renewed

    seal_keys.BATCH, seal_keys.renew_some = 3, renew_or_die
    create_app().test_cli_runner().invoke(args=["keys", "rotate"])


if __name__ == "__main__":
    main(*sys.argv[1:])
