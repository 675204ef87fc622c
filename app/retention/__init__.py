"""What is kept, why, how long, and what happens then (docs/decisions/0010). Pure data.

It drives the purge (`app.actions.purging`), the public page `/privacy` and the tests: a table or a column that nobody
has said this about fails `tests/architecture/test_retention.py`.
"""

from datetime import timedelta
from typing import Final

from app.retention import matching, people, running
from app.retention.words import About, Category, Line, Then, Why

LINES: Final = (*people.LINES, *matching.LINES, *running.LINES)

_BY_CATEGORY: Final = {line.category: line for line in LINES}

PURGED: Final = tuple(category for category in Category if _BY_CATEGORY[category].lasts is not None)
"""The categories whose end is a matter of time, in the order in which they are purged: people before what is left."""


def line(category: Category) -> Line:
    """What is said of the category."""
    return _BY_CATEGORY[category]


def period(category: Category) -> timedelta:
    """How long things of the category are kept; raises ValueError where no time ends them."""
    lasts = _BY_CATEGORY[category].lasts
    if lasts is None:
        raise ValueError(f"no time ends {category}")
    return lasts


__all__ = ["LINES", "PURGED", "About", "Category", "Line", "Then", "Why", "line", "period"]
