"""The session, and what each kind of database needs to keep its word. No tables and no commits stand here.

Under SQLAlchemy's default on SQLite two processes that read and then write lose updates silently. So SQLite begins
every transaction by hand: deferred for reading, `BEGIN IMMEDIATE` for writing, which waits for other writers *before*
it reads. PostgreSQL reads committed rows and locks the ones it will change (`locked`).
"""

import sqlite3
from typing import Any, TypeVarTuple

from sqlalchemy import Connection, Engine, Select, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

from app.extensions import db

WRITING = "vestka_writing"
"""In a session's `info` while a writing transaction is open, and on its connection so that it begins as one."""

MAIL_QUEUED = "vestka_mail_queued"
"""In a session's `info` from the moment that mail is put into the outbox until the transaction ends."""

MATCHING_ASKED = "vestka_matching_asked"
"""In a session's `info` from the moment that the worker is given a matching task until the transaction ends."""

FORGOTTEN = "vestka_forgotten"
"""In a session's `info` once something was deleted that must not stay in SQLite's log either, until it is emptied."""

BUSY_SECONDS = 15
"""How long a writer waits for another before the person is told to try again."""

CONNECT_SECONDS = 5

Columns = TypeVarTuple("Columns")


def session() -> Session:
    """The session of the current request, command or task."""
    return db.session


def end_reading() -> None:
    """End the reading transaction before work that takes long; what a writing one has begun stays as it is."""
    if not session().info.get(WRITING):
        session().rollback()


def locked(query: Select[*Columns]) -> Select[*Columns]:
    """The query with its rows locked until the transaction ends and read afresh, past whatever was loaded before.

    On SQLite the whole database is locked already, and only the fresh reading matters. On PostgreSQL the lock leaves
    room for others to point at the row (`FOR NO KEY UPDATE`): a run that proposes pairs does not wait for a decision.
    """
    return query.with_for_update(key_share=True).execution_options(populate_existing=True)


def inserting(table: type[DeclarativeBase]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `ON CONFLICT`, which both databases write alike and SQLAlchemy does not."""
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)


def engine_options(url: str) -> dict[str, Any]:
    """What `create_engine` is told for this database. The driver's errors do not quote values: logs hold no names."""
    common: dict[str, Any] = {"hide_parameters": True}
    if url.startswith("sqlite"):
        return {"url": url, "connect_args": {"isolation_level": None, "timeout": BUSY_SECONDS}, **common}
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    waiting = {"connect_timeout": CONNECT_SECONDS, "options": f"-c lock_timeout={BUSY_SECONDS}s"}
    return {"url": address, "pool_pre_ping": True, "pool_timeout": 10, "connect_args": waiting, **common}


def prepare_engine(engine: Engine) -> None:
    """Attach the SQLite rules of this module's docstring to `engine`; other databases need none."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def scrub() -> bool:
    """On SQLite, rewrite the file and empty its log, so that what was deleted stands in no free page; True when done.

    False where somebody was reading meanwhile: the log still holds old pages, and the next call takes them. Belongs
    outside every transaction. PostgreSQL tidies by itself, in its own time (docs/operations.md): True.
    """
    return _on_sqlite("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")


def empty_log() -> bool:
    """The same without rewriting the file, which is quick: deleted rows are overwritten in it (`secure_delete`)."""
    return _on_sqlite("PRAGMA wal_checkpoint(TRUNCATE)")


def _on_sqlite(*statements: str) -> bool:
    """Run them outside every transaction, a checkpoint last; False where it could not be ended."""
    engine = session().get_bind()
    end_reading()
    if engine.dialect.name != "sqlite":
        return True
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        [(busy, _pages, _moved)] = cursor.fetchall()
        return not busy
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
