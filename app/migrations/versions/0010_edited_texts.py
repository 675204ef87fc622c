"""Texts that coordinators edit, every version of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "text_version",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("family", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parts", JSON, nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint("number >= 1", name="ck_text_version_number_from_one"),
        sa.ForeignKeyConstraint(["written_by"], ["account.id"], name="fk_text_version_written_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_text_version"),
        sa.UniqueConstraint("family", "name", "language", "number", name="uq_text_version_family_name_language_number"),
    )
    op.create_index("ix_text_version_written_by", "text_version", ["written_by"], unique=False)


def downgrade() -> None:
    op.drop_table("text_version")
