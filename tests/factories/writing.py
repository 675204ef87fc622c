"""How makers write, and how a test reads what somebody else wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.database import WRITING, session
from app.models import Base
from app.transaction import transaction

Row = TypeVar("Row", bound=Base)


@contextmanager
def writing() -> Iterator[None]:
    """The open transaction, flushed at the end of the block; one of its own where none is open."""
    if session().info.get(WRITING):
        yield
        session().flush()
        return
    with transaction():
        yield


def add(row: Row) -> Row:
    """The row, on its way into the open transaction."""
    session().add(row)
    session().flush()
    return row


def fresh(row: Row) -> Row:
    """The row as the database has it now; ends the test's own reading transaction, which would show the past."""
    session().rollback()
    session().refresh(row)
    return row
