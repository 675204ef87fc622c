"""The one place that commits.

    with transaction():
        matches.approve(match_id=…, by=…, seen_version=…)

State, audit trail and outgoing mail change together or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from blinker import Signal
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, UOWTransaction

from app.database import FORGOTTEN, MAIL_QUEUED, MATCHING_ASKED, WRITING, empty_log, session
from app.errors import CapacityExceeded, Conflict, SeatsTaken

mail_queued = Signal()
"""Sent after a commit that put mail into the outbox, so that the worker is woken and no caller has to think of it."""

matching_asked = Signal()
"""Sent after a commit that gave the worker a matching task."""

_SIGNALS = {MAIL_QUEUED: mail_queued, MATCHING_ASKED: matching_asked}


@contextmanager
def transaction() -> Iterator[None]:
    """Run the block as one writing transaction: commit at its end, roll back on any exception.

    Ends the reading transaction that the request had begun, since a read followed by a write fails on SQLite when
    another process wrote meanwhile; objects loaded before are read afresh on their next use. Transactions do not nest:
    RuntimeError.
    """
    current = session()
    if current.info.get(WRITING):
        raise RuntimeError("transaction() does not nest: the caller has already begun one")
    current.rollback()
    current.info[WRITING] = True
    try:
        current.connection(execution_options={WRITING: True})
        yield
        current.commit()
    except BaseException as failure:
        current.rollback()
        _asked_for(current)
        current.info.pop(FORGOTTEN, None)
        refusal = _refused_by_guard(failure)
        if refusal is not None:
            raise refusal from failure
        raise
    finally:
        current.info.pop(WRITING)
    if current.info.pop(FORGOTTEN, False):
        empty_log()
    for signal in _asked_for(current):
        signal.send(None)


@contextmanager
def beside() -> Iterator[Connection]:
    """A short writing transaction of its own, beside the one that the session reads in: for counters alone.

    What the session has loaded stays as it is. Commits at the block's end, rolls back on any exception. Raises
    RuntimeError inside `transaction()`, which on SQLite would wait for itself.
    """
    if session().info.get(WRITING):
        raise RuntimeError("beside() does not stand inside transaction()")
    engine = session().get_bind()
    assert isinstance(engine, Engine)
    with engine.connect() as connection, connection.execution_options(**{WRITING: True}).begin():
        yield connection


def _asked_for(current: Session) -> list[Signal]:
    """The signals that the transaction has asked for; it asks for them once."""
    return [signal for mark, signal in _SIGNALS.items() if current.info.pop(mark, False)]


def _refused_by_guard(failure: BaseException) -> Conflict | None:
    """What the database's own guards refuse, under the name that the rest of the house knows (docs/decisions/0003)."""
    text = str(failure.orig) if isinstance(failure, IntegrityError) else ""
    if "capacity_exceeded" in text:
        return CapacityExceeded("The sponsor carries as many people as they offered to.")
    if "seats_taken" in text:
        return SeatsTaken("No seat of this kind is open beside the prisoner.")
    return None


@event.listens_for(Session, "before_flush")
def _refuse_writing_outside(current: Session, _context: UOWTransaction, _instances: object) -> None:
    """A change outside `transaction()` would be lost without a word: make it an error where it is made."""
    if not current.info.get(WRITING):
        raise RuntimeError("changes belong inside `with transaction():`")
