"""What the program keeps, to the last byte: for tests that look for what must never be stored."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import MetaData, inspect, select

from app.database import session
from app.extensions import db
from app.settings import current_settings

PRINT_FILES = "import pathlib, sys; [sys.stdout.buffer.write(pathlib.Path(name).read_bytes()) for name in sys.argv[1:]]"


def everything_stored() -> str:
    """Every row of every table, the queue's included, and the bytes of every file that the program keeps: on SQLite the
    database with its log, and whatever lies in the instance folder."""
    session().rollback()
    rows: list[str] = []
    for schema in inspect(db.engine).get_schema_names():
        tables = MetaData(schema=schema)
        tables.reflect(db.engine)
        rows += [str(row) for table in tables.sorted_tables for row in session().execute(select(table))]
    session().rollback()
    return "".join(rows) + _files().decode("utf-8", "ignore")


def _files() -> bytes:
    """Read by another process: closing the file in ours would drop the locks by which SQLite's connections here know
    that they are alone, and from then on other processes and we would write to different logs.
    """
    found = {path for path in current_settings().instance_dir.rglob("*") if path.is_file()}
    database = Path(db.engine.url.database or "")
    if db.engine.dialect.name == "sqlite":
        found |= set(database.parent.glob(f"{database.name}*"))
    names = sorted(map(str, found))
    return subprocess.run([sys.executable, "-c", PRINT_FILES, *names], stdout=subprocess.PIPE, check=True).stdout
