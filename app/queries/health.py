"""Whether what the program stands on answers."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from app.database import session
from app.errors import Unavailable

PATIENCE_SECONDS = 2


def check_database() -> None:
    """Raise the driver's OperationalError when the database does not answer."""
    session().execute(text("SELECT 1"))


def check_queue(queue_file: Path) -> None:
    """Raise Unavailable when the embedded queue's file cannot be opened; one that is still to be made is no fault."""
    try:
        with closing(sqlite3.connect(queue_file, timeout=PATIENCE_SECONDS)) as queue:
            queue.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as failure:
        raise Unavailable("The queue does not answer.") from failure
