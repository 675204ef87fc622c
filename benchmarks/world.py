"""What every measurement stands on: an invented world in a folder that is thrown away, and figures with spread."""

import os
import platform
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from flask import Flask

from app import create_app
from app.cli.db import alembic_config
from app.demo.seeding import Order, seed
from app.extensions import db
from config import Settings

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: Path) -> dict[str, str]:
    """The settings of a world in `folder`, for this process or a command: the embedded default, nothing held back.

    One coordinator asks for more pages in a minute than people do in days, so the reading budget is large.
    """
    return {
        "VESTKA_DEMO": "1",
        "VESTKA_INSTANCE_DIR": str(folder),
        "VESTKA_OFFER_HOLD_SECONDS": "0",
        "VESTKA_READING_TIMES": "1000",
    }


@contextmanager
def invented_world(
    *,
    prisoners: int,
    sponsors: int,
    matches: int | None = None,
    mail_port: int | None = None,
    database_url: str | None = None,
) -> Iterator[Flask]:
    """An application on a SQLite file full of invented people, with `matches` as `flask demo seed` takes it.

    With `database_url` on that database, which is empty and is left as it is.
    """
    with tempfile.TemporaryDirectory(prefix="vestka-bench-") as name:
        variables = environment(Path(name)) | ({"VESTKA_MAIL_PORT": str(mail_port)} if mail_port else {})
        variables |= {"VESTKA_DATABASE_URL": database_url} if database_url else {}
        app = create_app(Settings.from_environment(variables))
        with app.app_context():
            command.upgrade(alembic_config(), "head")
            seed(Order(prisoners=prisoners, sponsors=sponsors, matches=matches, seed=1), tell=lambda _line: None)
        yield app
        with app.app_context():
            db.engine.dispose()


def introduce(what: str) -> None:
    """Print what is measured, and on what machine: no figure means anything without it."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{what}\n")
    print(f"- Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores")
    print(f"- load average at the start: {load}\n", flush=True)


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """The median, with the least and the greatest."""
    return f"{statistics.median(values):{form}} ({min(values):{form}}–{max(values):{form}})"


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table that RESULTS.md can take as it is."""
    for cells in (headings, ["---"] * len(headings), *rows):
        print("| " + " | ".join(str(cell) for cell in cells) + " |")
    sys.stdout.flush()
