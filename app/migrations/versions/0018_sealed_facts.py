"""What is known of a prisoner is sealed: vulnerability facts with their sources, and what dry runs say of people.

Fingerprints of facts from before have no key: they are thrown away, and what they belong to counts as changed since.
The way down opens everything again. On PostgreSQL old values of `matching_task` and `matching_run` stay in the files
until `VACUUM FULL` (docs/operations.md).
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.keys import KeyPurpose, derive
from app.models.base import new_id
from app.sealing import Keyring, Place
from app.settings import current_settings

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
IN_BOTH = ("prisoner_id", "as_of", "visibility")


def upgrade() -> None:
    _overwrite_what_goes()
    rows = _rows(*IN_BOTH, "fact", "source")
    op.drop_table("prisoner_fact")
    _create_facts(
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("fact_sealed", sa.Text(), nullable=False),
        sa.Column("fact_index", sa.String(length=64), nullable=False),
        sa.Column("source_sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_prisoner_fact"),
        sa.UniqueConstraint("fact_index", name="uq_prisoner_fact_fact_index"),
    )
    op.create_index("ix_prisoner_fact_prisoner_id", "prisoner_fact", ["prisoner_id"])
    _insert(_sealed(row) for row in rows)
    op.add_column("matching_task", sa.Column("found_sealed", sa.Text(), nullable=True))
    _carry_findings_over(sealing=True)
    op.drop_column("matching_task", "found")
    _forget_fingerprints()


def downgrade() -> None:
    rows = _rows(*IN_BOTH, "id", "fact_sealed", "source_sealed")
    op.drop_table("prisoner_fact")
    _create_facts(
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("prisoner_id", "fact", name="pk_prisoner_fact"),
    )
    _insert(_opened(row) for row in rows)
    op.add_column("matching_task", sa.Column("found", JSON, nullable=True))
    _carry_findings_over(sealing=False)
    op.drop_column("matching_task", "found_sealed")


def _overwrite_what_goes() -> None:
    """SQLite leaves what is taken away in the file's free space unless it is told not to."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")


def _create_facts(*more: Any) -> None:
    op.create_table(
        "prisoner_fact",
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_prisoner_fact_prisoner_id", ondelete="CASCADE"
        ),
    )


def _facts(*columns: str) -> Any:
    typed = (sa.column(name, sa.Date() if name == "as_of" else sa.String()) for name in columns)
    return sa.table("prisoner_fact", *typed)


def _rows(*columns: str) -> list[dict[str, Any]]:
    return [dict(row) for row in op.get_bind().execute(sa.select(_facts(*columns))).mappings()]


def _insert(rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        op.bulk_insert(_facts(*found[0]), found)


def _sealed(row: dict[str, Any]) -> dict[str, Any]:
    fresh = {name: row[name] for name in IN_BOTH} | {"id": new_id()}
    key = derive(current_settings().secret_key, KeyPurpose.FACT)
    fresh["fact_index"] = hmac.digest(key, f"{row['prisoner_id']}\n{row['fact']}".encode(), hashlib.sha256).hex()
    for name in ("fact", "source"):
        fresh[f"{name}_sealed"] = _keys().seal(row[name], Place("prisoner_fact", f"{name}_sealed", fresh["id"]))
    return fresh


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    plain = {
        name: _keys().open(row[f"{name}_sealed"], Place("prisoner_fact", f"{name}_sealed", row["id"]))
        for name in ("fact", "source")
    }
    return {name: row[name] for name in IN_BOTH} | plain


def _keys() -> Keyring:
    return Keyring(current_settings().seal_keys)


def _carry_findings_over(*, sealing: bool) -> None:
    tasks = sa.table("matching_task", sa.column("id"), sa.column("found", JSON), sa.column("found_sealed"))
    source = tasks.c.found if sealing else tasks.c.found_sealed
    for task_id, value in op.get_bind().execute(sa.select(tasks.c.id, source).where(source.is_not(None))).all():
        place = Place("matching_task", "found_sealed", task_id)
        fresh = (
            {"found_sealed": _keys().seal(json.dumps(value), place)}
            if sealing
            else {"found": json.loads(_keys().open(value, place))}
        )
        op.get_bind().execute(sa.update(tasks).where(tasks.c.id == task_id).values(fresh))


def _forget_fingerprints() -> None:
    runs = sa.table("matching_run", sa.column("fingerprints", JSON))
    op.get_bind().execute(sa.update(runs).where(runs.c.fingerprints.is_not(None)).values(fingerprints=[]))
