"""The worker's look into the mailbox that bounces come to.

How far it read stands in the queue, for all workers. Should that be lost everything is read once more, which changes
nothing: a report has its effect once.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import astuple
from pathlib import Path

import structlog
from huey import Huey

from app import bounces
from app.actions.bounces import COUNTED, take
from app.bounces import Mark, Unreadable
from app.transaction import transaction

MOST_A_ROUND = 2000
"""Mails that one look reads: the next goes on from there."""

READ_TO = "bounces_read_to"

log = structlog.get_logger()


def read_bounces(queue: Huey, path: Path, *, stopping: Callable[[], bool]) -> Mapping[str, int]:
    """Let what came back since the last look have its effect, and count it by what it came to.

    Of what cannot be read only the number is kept; the log names the reason, and not the file, which may hold an
    address.
    """
    counts, mark = dict.fromkeys(COUNTED, 0), _mark(queue)
    try:
        for number, (reached, found) in enumerate(bounces.following(path, mark), start=1):
            _count(found, counts)
            mark = reached
            if number == MOST_A_ROUND or stopping():
                break
    finally:
        queue.storage.put_data(READ_TO, json.dumps(astuple(mark)).encode())
    log.info("bounces_read", **counts)
    return counts


def _count(found: bytes | Unreadable, counts: dict[str, int]) -> None:
    if isinstance(found, Unreadable):
        log.warning("bounces_unreadable", why=found.why)
        counts["unreadable"] += 1
    else:
        counts["messages"] += 1
        counts[_take(found)] += 1


def _take(message: bytes) -> str:
    report = bounces.read(message)
    if report is None:
        return "other"
    with transaction():
        return take(report=report, by=None)


def _mark(queue: Huey) -> Mark:
    """How far the mailbox was read; its beginning where nothing is known of that."""
    kept = queue.storage.peek_data(READ_TO)
    return Mark(*json.loads(bytes(kept))) if isinstance(kept, bytes | memoryview) else Mark()
