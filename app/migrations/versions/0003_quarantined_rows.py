"""Rows of lists that wait for a person, and what was decided about them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "quarantined_row",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("clash", sa.String(length=40), nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("marks", JSON, nullable=False),
        sa.Column("person", JSON, nullable=True),
        sa.Column("publicity", sa.String(40), nullable=False),
        sa.Column("publicity_basis", sa.String(40), nullable=True),
        sa.Column("publicity_by", sa.String(length=16), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("prisoner_id", sa.String(length=16), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'left_out') = (reason IS NOT NULL)", name="ck_quarantined_row_left_out_has_reason"
        ),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="ck_quarantined_row_decision_is_signed"),
        sa.CheckConstraint(
            "(state = 'waiting') = (person IS NOT NULL)", name="ck_quarantined_row_says_something_while_waiting"
        ),
        sa.CheckConstraint(
            "publicity = 'coordinators_only' OR (publicity_basis IS NOT NULL AND publicity_by IS NOT NULL)",
            name="ck_quarantined_row_publicity_has_basis",
        ),
        sa.CheckConstraint(
            "state IN ('same_person', 'new_person') OR prisoner_id IS NULL", name="ck_quarantined_row_names_nobody_else"
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL AND decided_by IS NULL) OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="ck_quarantined_row_decided_at_has_by",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name="fk_quarantined_row_decided_by", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_quarantined_row_prisoner_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["publicity_by"], ["account.id"], name="fk_quarantined_row_publicity_by", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quarantined_row"),
        sa.UniqueConstraint("identity", "wording", name="uq_quarantined_row_identity_wording"),
    )
    op.create_index("ix_quarantined_row_group_id", "quarantined_row", ["group_id"], unique=False)
    op.create_index("ix_quarantined_row_prisoner_id", "quarantined_row", ["prisoner_id"], unique=False)
    op.create_index("ix_quarantined_row_source", "quarantined_row", ["source"], unique=False)
    op.create_index("ix_quarantined_row_state_kept_at", "quarantined_row", ["state", "kept_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_quarantined_row_state_kept_at", table_name="quarantined_row")
    op.drop_index("ix_quarantined_row_source", table_name="quarantined_row")
    op.drop_index("ix_quarantined_row_prisoner_id", table_name="quarantined_row")
    op.drop_index("ix_quarantined_row_group_id", table_name="quarantined_row")
    op.drop_table("quarantined_row")
