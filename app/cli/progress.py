"""What a long command is at, on standard error: at once on a terminal, elsewhere only after a moment."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE_SECONDS = 3.0
"""Where nobody watches, a command that is done sooner says nothing."""

CLEAR_LINE = "\r\x1b[K"


@contextmanager
def stages() -> Iterator[Callable[[str], None]]:
    """Gives what to tell each stage to, by its name, as it begins.

    On a terminal one line is written over and wiped at the end. In a log each stage is a line of its own, from the
    first that begins after the moment on.
    """
    begun = time.perf_counter()
    watched = sys.stderr.isatty()

    def tell(stage: str) -> None:
        seconds = time.perf_counter() - begun
        if watched:
            sys.stderr.write(f"{CLEAR_LINE}{stage} …")
        elif seconds >= PATIENCE_SECONDS:
            sys.stderr.write(f"{seconds:.0f} s: {stage}\n")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        if watched:
            sys.stderr.write(CLEAR_LINE)
            sys.stderr.flush()
