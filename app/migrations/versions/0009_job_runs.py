"""When each of the worker's jobs last ran, how long it took and what came of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(40), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broke_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("seconds_of_all", sa.Double(), nullable=False),
        sa.Column("found", JSON, nullable=False),
        sa.CheckConstraint("ended_at IS NOT NULL OR broke_at IS NOT NULL", name="ck_job_run_ended_or_broke"),
        sa.PrimaryKeyConstraint("job", name="pk_job_run"),
    )


def downgrade() -> None:
    op.drop_table("job_run")
