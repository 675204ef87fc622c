"""Photographs of prisoners, each with who allowed it to be seen by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("visibility", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=True),
        sa.Column("allowed_on", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("shown_by", sa.String(length=16), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "visibility = 'coordinators' OR (basis IS NOT NULL AND allowed_on IS NOT NULL AND source IS NOT NULL)",
            name="ck_photo_seen_on_a_basis",
        ),
        sa.CheckConstraint(
            "(shown_at IS NULL AND shown_by IS NULL) OR (shown_at IS NOT NULL AND shown_by IS NOT NULL)",
            name="ck_photo_shown_at_has_by",
        ),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_photo_prisoner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["shown_by"], ["account.id"], name="fk_photo_shown_by", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name="fk_photo_added_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_photo"),
        sa.UniqueConstraint("prisoner_id", name="uq_photo_prisoner_id"),
    )


def downgrade() -> None:
    _overwrite_what_goes()
    op.drop_table("photo")


def _overwrite_what_goes() -> None:
    """SQLite leaves what is taken away in the file's free space unless it is told not to."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA secure_delete = ON")
