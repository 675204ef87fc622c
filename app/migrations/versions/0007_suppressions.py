"""Addresses that get no mail any more, and trouble with our own mail server.

Accounts whose mailbox refused a mail are suppressed by its address: the digest needs the site's secret, so
`flask db upgrade` cannot make it here. Such a mailbox refuses the next mail again, and is suppressed then.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suppressed_address",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outgoing_mail.id"], name="fk_suppressed_address_mail_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suppressed_address"),
        sa.UniqueConstraint("address_digest", name="uq_suppressed_address_address_digest"),
    )
    op.create_table(
        "server_trouble",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name="ck_server_trouble_single_row"),
        sa.CheckConstraint("losses >= 0", name="ck_server_trouble_losses_not_negative"),
        sa.PrimaryKeyConstraint("id", name="pk_server_trouble"),
    )


def downgrade() -> None:
    op.drop_table("server_trouble")
    op.drop_table("suppressed_address")
