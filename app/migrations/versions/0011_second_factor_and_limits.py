"""Second factors, changes of addresses, counters of attempts, the seal keys in use, and more about each log-in session.

Whoever is logged in logs in again: a session from before says nothing of a second factor.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEW_TABLES = ("second_factor", "recovery_code", "address_change", "attempt_count", "seal_key")


def upgrade() -> None:
    op.drop_table("login_session")
    _create_login_session(
        sa.Column("browser", sa.String(length=40), nullable=False),
        sa.Column("password_at", MOMENT, nullable=False),
        sa.Column("code_due", sa.Boolean(), nullable=False),
        sa.Column("second_factor_at", MOMENT, nullable=True),
    )
    _create_second_factor()
    _create_address_change()
    op.create_table(
        "attempt_count",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("waits_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_attempt_count"),
    )
    op.create_index("ix_attempt_count_expires_at", "attempt_count", ["expires_at"])
    op.create_table(
        "seal_key",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("proof_sealed", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seal_key"),
    )


def _create_login_session(*more: sa.Column[Any]) -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        *more,
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_login_session_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_login_session"),
        sa.UniqueConstraint("token_hash", name="uq_login_session_token_hash"),
    )
    op.create_index("ix_login_session_account_id", "login_session", ["account_id"])


def _create_second_factor() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("seed_sealed", sa.Text(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_second_factor_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name="pk_second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_recovery_code_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_code"),
        sa.UniqueConstraint("account_id", "code_hash", name="uq_recovery_code_account_id_code_hash"),
    )


def _create_address_change() -> None:
    op.create_table(
        "address_change",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("old_email", sa.String(length=254), nullable=False),
        sa.Column("new_email", sa.String(length=254), nullable=False),
        sa.Column("new_email_key", sa.String(length=254), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_address_change_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_address_change"),
    )
    op.create_index("ix_address_change_account_id_asked_at", "address_change", ["account_id", "asked_at"])


def downgrade() -> None:
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    op.drop_table("login_session")
    _create_login_session()
