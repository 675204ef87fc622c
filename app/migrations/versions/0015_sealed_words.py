"""Words that only coordinators read are sealed: about sponsors, and about matches.

What is there is sealed under the current key; the way down opens it again. On PostgreSQL the old values stay in the
files until `VACUUM FULL` (docs/operations.md).
"""

import sqlalchemy as sa
from alembic import op

from app.sealing import Keyring, Place
from app.settings import current_settings

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = {
    "sponsor": ("conflict_notes", "vetting_reason"),
    "match": ("decline_note", "refusal_note", "coordinator_note"),
}


def upgrade() -> None:
    _overwrite_what_goes()
    for table, names in WORDS.items():
        for name in names:
            op.add_column(table, sa.Column(f"{name}_sealed", sa.Text(), nullable=True))
            _carry_over(table, name, sealing=True)
            op.drop_column(table, name)


def downgrade() -> None:
    for table, names in WORDS.items():
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(length=4000), nullable=True))
            _carry_over(table, name, sealing=False)
            op.drop_column(table, f"{name}_sealed")


def _overwrite_what_goes() -> None:
    """SQLite leaves what is taken away in the file's free space unless it is told not to."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")


def _carry_over(table: str, name: str, *, sealing: bool) -> None:
    """Fill the new column from the old one, sealing or opening each value for its place."""
    words = sa.table(table, sa.column("id"), sa.column(name), sa.column(f"{name}_sealed"))
    plain, sealed = words.c[name], words.c[f"{name}_sealed"]
    source, target = (plain, sealed) if sealing else (sealed, plain)
    keys = Keyring(current_settings().seal_keys)
    turned = keys.seal if sealing else keys.open
    for row_id, value in op.get_bind().execute(sa.select(words.c.id, source).where(source.is_not(None))).all():
        fresh = turned(value, Place(table, sealed.name, row_id))
        op.get_bind().execute(sa.update(words).where(words.c.id == row_id).values({target.name: fresh}))
