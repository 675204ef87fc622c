"""What a run leaves to be explained: its second prices, runners-up, and whoever stayed alone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("matching_run", sa.Column("prices", JSON, nullable=True))
    op.add_column("matching_run", sa.Column("fingerprints", JSON, nullable=True))
    op.create_table(
        "runner_up",
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("sponsor_id", sa.String(length=16), nullable=True),
        sa.Column("first_supporters", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["matching_run.id"], name="fk_runner_up_run_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_runner_up_prisoner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sponsor_id"], ["sponsor.id"], name="fk_runner_up_sponsor_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("run_id", "prisoner_id", name="pk_runner_up"),
    )
    op.create_index("ix_runner_up_sponsor_id", "runner_up", ["sponsor_id"], unique=False)
    op.create_table(
        "left_alone",
        sa.Column("run_id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("sponsors", JSON, nullable=False),
        sa.CheckConstraint("tier BETWEEN 0 AND 5", name="ck_left_alone_tier_in_range"),
        sa.ForeignKeyConstraint(["run_id"], ["matching_run.id"], name="fk_left_alone_run_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_left_alone_prisoner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "prisoner_id", name="pk_left_alone"),
    )
    op.create_index("ix_left_alone_prisoner_id", "left_alone", ["prisoner_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_left_alone_prisoner_id", table_name="left_alone")
    op.drop_table("left_alone")
    op.drop_index("ix_runner_up_sponsor_id", table_name="runner_up")
    op.drop_table("runner_up")
    op.drop_column("matching_run", "fingerprints")
    op.drop_column("matching_run", "prices")
