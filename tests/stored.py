"""What the database holds, to the last byte: for tests that look for what must never be stored."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import MetaData, select

from app.database import session
from app.extensions import db

PRINT_FILES = "import pathlib, sys; [sys.stdout.buffer.write(pathlib.Path(name).read_bytes()) for name in sys.argv[1:]]"


def everything_stored() -> str:
    """Every row of every table, and on SQLite the bytes of the file itself with its log."""
    session().rollback()
    tables = MetaData()
    tables.reflect(db.engine)
    rows = [str(row) for table in tables.sorted_tables for row in session().execute(select(table))]
    session().rollback()
    return "".join(rows) + _files().decode("utf-8", "ignore")


def _files() -> bytes:
    """Read by another process: closing the file in ours would drop the locks by which SQLite's connections here know
    that they are alone, and from then on other processes and we would write to different logs.
    """
    database = Path(db.engine.url.database or "")
    if db.engine.dialect.name != "sqlite":
        return b""
    names = sorted(str(path) for path in database.parent.glob(f"{database.name}*"))
    return subprocess.run([sys.executable, "-c", PRINT_FILES, *names], stdout=subprocess.PIPE, check=True).stdout
