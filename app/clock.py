"""The one source of "now". Pure.

Nothing else in the project asks the system for the time, so a test or a command's `--now` sets it for everything that
runs inside `at()`. Context variables keep threads and tasks apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_set_time: ContextVar[datetime | None] = ContextVar("set_time", default=None)


def now() -> datetime:
    """The current moment, in UTC."""
    return _set_time.get() or datetime.now(UTC)


def today() -> date:
    """The current day in UTC."""
    return now().date()


@contextmanager
def at(moment: datetime | None) -> Iterator[None]:
    """Set the clock to `moment` (with a zone) inside the block; `None` leaves it as it is.

    Raises ValueError for a moment without a time zone.
    """
    if moment is None:
        yield
        return
    if moment.tzinfo is None:
        raise ValueError("the clock needs a moment with a time zone")
    token = _set_time.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_time.reset(token)
