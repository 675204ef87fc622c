"""A world that is made once and put back before every test: all rows of all tables, with the same ids each time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, null, select

from app.database import session
from app.extensions import db
from app.models import Base

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def rows() -> Rows:
    """Everything that the database holds now, by table."""
    session().rollback()
    with db.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


def put_back(kept: Rows) -> None:
    """Have the database hold exactly these rows."""
    session().rollback()
    session().expunge_all()
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        for table in Base.metadata.sorted_tables:
            for row in kept[table.name]:
                # In a column of JSON, None would become JSON's own `null`.
                values = {name: null() if value is None else value for name, value in row.items()}
                connection.execute(insert(table).values(values))
