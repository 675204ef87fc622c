"""Contacts of families, sealed, and who opened which of them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "family_contact",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("language_sealed", sa.Text(), nullable=False),
        sa.Column("reach_sealed", sa.Text(), nullable=False),
        sa.Column("may_say_sealed", sa.Text(), nullable=False),
        sa.Column("agreement_sealed", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(length=16), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.Column("changed_by", sa.String(length=16), nullable=True),
        sa.Column("over_since", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(changed_at IS NULL AND changed_by IS NULL) OR (changed_at IS NOT NULL AND changed_by IS NOT NULL)",
            name="ck_family_contact_changed_at_has_by",
        ),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_family_contact_prisoner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name="fk_family_contact_recorded_by", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name="fk_family_contact_changed_by", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family_contact"),
    )
    op.create_index("ix_family_contact_prisoner_id", "family_contact", ["prisoner_id"])
    op.create_table(
        "contact_opening",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("contact_id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words_sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_contact_opening_prisoner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_contact_opening_account_id", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contact_opening"),
    )
    op.create_index("ix_contact_opening_opened_at", "contact_opening", ["opened_at"])
    op.create_index("ix_contact_opening_account_id_opened_at", "contact_opening", ["account_id", "opened_at"])
    op.create_index("ix_contact_opening_prisoner_id", "contact_opening", ["prisoner_id"])


def downgrade() -> None:
    op.drop_table("contact_opening")
    op.drop_table("family_contact")
