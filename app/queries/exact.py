"""The exact figure of what a pair would cost everyone together: solved anew on demand, nothing written."""

from datetime import date
from enum import StrEnum
from threading import Lock

from app import matching
from app.database import end_reading
from app.errors import NotFound
from app.queries import matching as facts
from app.queries import policies
from app.vocabulary import SupportKind

MOST_PAIRS = 10_000_000
"""Prisoners times sponsors of one kind: above, a page would have to be waited for too long."""

_one_at_a_time = Lock()


class NoFigure(StrEnum):
    """Why there is no exact figure."""

    TOO_LARGE = "too_large"
    BUSY = "busy"
    IMPOSSIBLE = "impossible"


def exact_loss(prisoner_id: str, sponsor_id: str, *, kind: SupportKind, day: date) -> matching.Loss | NoFigure:
    """What proposing the pair would cost by the facts as they stand, beside the best plan for them.

    Takes seconds at the size of a programme (docs/matching.md), so a process works out one at a time. Ends the
    reading transaction: whatever was read before has to be read again.
    """
    if not _one_at_a_time.acquire(blocking=False):
        return NoFigure.BUSY
    try:
        return _solved_anew(prisoner_id, sponsor_id, kind=kind, day=day)
    finally:
        _one_at_a_time.release()


def _solved_anew(prisoner_id: str, sponsor_id: str, *, kind: SupportKind, day: date) -> matching.Loss | NoFigure:
    if facts.pairs_of(kind) > MOST_PAIRS:
        return NoFigure.TOO_LARGE
    policy = policies.current()
    sheet = facts.fact_sheet(kind, day)
    end_reading()
    instance = matching.score(sheet, policy).instance
    try:
        return matching.exact_loss(instance, None, prisoner_id=prisoner_id, sponsor_id=sponsor_id, policy=policy)
    except NotFound:
        return NoFigure.IMPOSSIBLE
