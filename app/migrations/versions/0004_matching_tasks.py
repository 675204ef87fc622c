"""Matching tasks: what the worker solves for somebody who waits at a page."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
UNDER_WAY = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    op.create_table(
        "matching_task",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=True),
        sa.Column("changed_policy", JSON, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("claim", sa.String(length=16), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("run_id", sa.String(length=16), nullable=True),
        sa.Column("found", JSON, nullable=True),
        sa.CheckConstraint("(kind IS NULL) != (changed_policy IS NULL)", name="ck_matching_task_run_or_dry_run"),
        sa.CheckConstraint("(state = 'running') = (claim IS NOT NULL)", name="ck_matching_task_running_is_claimed"),
        sa.CheckConstraint("(state = 'stopped') = (reason IS NOT NULL)", name="ck_matching_task_stopped_has_reason"),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name="fk_matching_task_asked_by", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["matching_run.id"], name="fk_matching_task_run_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_matching_task"),
    )
    op.create_index("ix_matching_task_state_asked_at", "matching_task", ["state", "asked_at"], unique=False)
    op.create_index(
        "uq_matching_task_slot_under_way",
        "matching_task",
        ["slot"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_index("uq_matching_task_slot_under_way", table_name="matching_task")
    op.drop_index("ix_matching_task_state_asked_at", table_name="matching_task")
    op.drop_table("matching_task")
