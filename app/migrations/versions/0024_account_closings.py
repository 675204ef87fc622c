"""Why staff closed a log-in."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_closing",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=16), nullable=True),
        sa.Column("reason_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_account_closing_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name="fk_account_closing_closed_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("account_id", name="pk_account_closing"),
    )


def downgrade() -> None:
    op.drop_table("account_closing")
