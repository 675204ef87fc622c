"""Offices: log-ins that act for a sponsor, who answered an offer, and to which of the two a mail went."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

ALONE = {
    "office": ("sponsor", "staff_grant"),
    "sponsor": ("office",),
    "staff_grant": ("office",),
}
"""An account is an office's, a sponsor's or of staff: whoever is in the first table must not be in the others."""


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("sponsor_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=True),
        sa.Column("invited_sealed", sa.Text(), nullable=True),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("gets_mails", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sponsor_id"], ["sponsor.id"], name="fk_office_sponsor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_office_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_office"),
        sa.UniqueConstraint("account_id", name="uq_office_account_id"),
    )
    op.create_index("ix_office_sponsor_id", "office", ["sponsor_id"])
    where = sa.text("gets_mails")
    op.create_index(
        "uq_office_gets_mails", "office", ["sponsor_id"], unique=True, sqlite_where=where, postgresql_where=where
    )
    op.add_column("match", sa.Column("answered_by", sa.String(length=16), nullable=True))
    op.add_column("outgoing_mail", sa.Column("reader_id", sa.String(length=16), nullable=True))
    # Until now nobody but the sponsor could answer.
    op.execute(
        "UPDATE match SET answered_by = (SELECT account_id FROM sponsor WHERE sponsor.id = match.sponsor_id)"
        " WHERE answered_at IS NOT NULL"
    )
    for table, others in ALONE.items():
        _guard(table, others)


def _guard(table: str, others: tuple[str, ...]) -> None:
    found = " OR ".join(f"EXISTS (SELECT 1 FROM {one} WHERE account_id = NEW.account_id)" for one in others)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_account_alone BEFORE INSERT ON {table} WHEN {found} "
            "BEGIN SELECT RAISE(ABORT, 'account_alone'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {table}_account_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {found} THEN "
        "RAISE EXCEPTION 'account_alone' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_account_alone BEFORE INSERT ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_account_alone()"
    )


def downgrade() -> None:
    for table in ALONE:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {table}_account_alone")
        else:
            op.execute(f"DROP FUNCTION {table}_account_alone CASCADE")
    op.drop_column("outgoing_mail", "reader_id")
    op.drop_column("match", "answered_by")
    # Who has no other log-in here must not be left behind with one.
    op.execute("UPDATE account SET disabled_at = CURRENT_TIMESTAMP WHERE id IN (SELECT account_id FROM office)")
    op.drop_table("office")
