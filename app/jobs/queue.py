"""Where Huey keeps its tasks: a file of its own beside SQLite, or a schema of its own in PostgreSQL.

Huey's own way of writing tasks is pickle, which would let whoever can write to the queue run code in the worker. Ours
are JSON: the name of a task, and nothing that could run.
"""

import json
from typing import Any

import psycopg
from huey import Huey, PostgresHuey, SqliteHuey
from huey.registry import Message as TaskMessage
from huey.serializer import Serializer
from sqlalchemy import make_url

from config import Settings

NAME = "vestka"
SCHEMA = "vestka_queue"
CONNECT_SECONDS = 5
POLL_SECONDS = 1


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Tasks as JSON. Ours take no arguments and never expire, so that every field is a plain value."""

    def _serialize(self, data: TaskMessage) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> TaskMessage:
        return TaskMessage(*json.loads(bytes(data)))


def open_queue(settings: Settings) -> Huey:
    """The queue beside the settings' database. Touches the file, or connects: call it when a queue is needed."""
    if settings.database_url.startswith("postgresql"):
        return _open_postgresql(settings.database_url)
    return SqliteHuey(
        NAME, filename=str(settings.queue_file), results=False, serializer=JsonSerializer(), timeout=CONNECT_SECONDS
    )


def _open_postgresql(url: str) -> Huey:
    """A schema apart keeps Huey's tables out of our migrations. The lock lets only one process at a time make them."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

    def connect() -> psycopg.Connection[Any]:
        return psycopg.connect(address, connect_timeout=CONNECT_SECONDS, options=f"-c search_path={SCHEMA}")

    with psycopg.connect(address, connect_timeout=CONNECT_SECONDS, autocommit=True) as making:
        making.execute("SELECT pg_advisory_lock(hashtext(%s))", (SCHEMA,))
        making.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        return PostgresHuey(
            NAME, connection=connect, read_timeout=POLL_SECONDS, results=False, serializer=JsonSerializer()
        )
