"""Alembic's entry: every migration runs in one transaction on the application's own engine."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Connection, Engine, Enum

import app.models
from app.database import WRITING
from app.models.base import PartialDateText, UtcDateTime

target = app.models.Base.metadata


def plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: a migration must not change when the models do."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, PartialDateText):
        return "sa.String(10)"
    if isinstance(item, Enum):
        return f"sa.String({item.length})"
    return "JSON" if isinstance(item, JSON) else False


def run(connection: Connection) -> None:
    """Run the wanted migrations on `connection`, all or nothing."""
    context.configure(
        connection=connection,
        target_metadata=target,
        render_item=plain_type,
        compare_type=True,
        # SQLite's own transactions hold its schema changes too, once BEGIN is emitted by hand (app/database.py).
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


engine: Engine = context.config.attributes["engine"]
with engine.connect().execution_options(**{WRITING: True}) as database:
    run(database)
