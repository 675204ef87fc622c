"""The watch over staff (reading counts, canaries, alerts) and exports that a second person looks at."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

SQLITE_GUARD = """
CREATE TRIGGER match_canary_insert BEFORE INSERT ON match
BEGIN
    SELECT RAISE(ABORT, 'canary') WHERE
        EXISTS (SELECT 1 FROM canary WHERE prisoner_id = NEW.prisoner_id OR sponsor_id = NEW.sponsor_id);
END
"""

POSTGRESQL_GUARD = """
CREATE FUNCTION match_canary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM canary WHERE prisoner_id = NEW.prisoner_id OR sponsor_id = NEW.sponsor_id) THEN
        RAISE EXCEPTION 'canary' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    _reading_counts()
    _canaries()
    _alerts()
    _exports()
    _guard_canaries()


def _reading_counts() -> None:
    op.create_table(
        "reading_count",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("hour_records", sa.Integer(), nullable=False),
        sa.Column("hour_rows", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("day_records", sa.Integer(), nullable=False),
        sa.Column("day_rows", sa.Integer(), nullable=False),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("extra_day", sa.Date(), nullable=True),
        sa.Column("extra_at", MOMENT, nullable=True),
        sa.Column("extra_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(extra_at IS NULL AND extra_by IS NULL) OR (extra_at IS NOT NULL AND extra_by IS NOT NULL)",
            name="ck_reading_count_extra_at_has_by",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_reading_count_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["extra_by"], ["account.id"], name="fk_reading_count_extra_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("account_id", name="pk_reading_count"),
    )


def _canaries() -> None:
    op.create_table(
        "canary",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=True),
        sa.Column("sponsor_id", sa.String(length=16), nullable=True),
        sa.Column("account_id", sa.String(length=16), nullable=True),
        sa.Column("planted_at", MOMENT, nullable=False),
        sa.Column("planted_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint("(prisoner_id IS NULL) != (sponsor_id IS NULL)", name="ck_canary_is_one_person"),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_canary_prisoner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sponsor_id"], ["sponsor.id"], name="fk_canary_sponsor_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_canary_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["planted_by"], ["account.id"], name="fk_canary_planted_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_canary"),
        sa.UniqueConstraint("prisoner_id", name="uq_canary_prisoner_id"),
        sa.UniqueConstraint("sponsor_id", name="uq_canary_sponsor_id"),
    )
    op.create_index("ix_canary_account_id", "canary", ["account_id"])


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=160), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=True),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("caused_by", sa.String(length=16), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("seen_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(seen_at IS NULL AND seen_by IS NULL) OR (seen_at IS NOT NULL AND seen_by IS NOT NULL)",
            name="ck_alert_seen_at_has_by",
        ),
        sa.ForeignKeyConstraint(["caused_by"], ["account.id"], name="fk_alert_caused_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["seen_by"], ["account.id"], name="fk_alert_seen_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint("occasion", name="uq_alert_occasion"),
    )
    op.create_index("ix_alert_raised_at", "alert", ["raised_at"])


def _exports() -> None:
    op.create_table(
        "export_request",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(length=16), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("downloaded_at", MOMENT, nullable=True),
        sa.Column("downloaded_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint("persons >= 0", name="ck_export_request_persons_not_negative"),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'downloaded') OR persons <= 50 OR decided_by IS NOT NULL",
            name="ck_export_request_second_person",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by != asked_by", name="ck_export_request_decided_by_another"),
        sa.CheckConstraint(
            "(state = 'downloaded') = (downloaded_at IS NOT NULL)", name="ck_export_request_downloaded_has_time"
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL AND decided_by IS NULL) OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="ck_export_request_decided_at_has_by",
        ),
        sa.CheckConstraint(
            "(downloaded_at IS NULL AND downloaded_by IS NULL) "
            "OR (downloaded_at IS NOT NULL AND downloaded_by IS NOT NULL)",
            name="ck_export_request_downloaded_at_has_by",
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["account.id"], name="fk_export_request_asked_by", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name="fk_export_request_decided_by", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["downloaded_by"], ["account.id"], name="fk_export_request_downloaded_by", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_export_request"),
    )
    op.create_index("ix_export_request_asked_at", "export_request", ["asked_at"])


def _guard_canaries() -> None:
    """Let the database itself refuse a match with an invented person: docs/decisions/0003."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_GUARD)
        return
    op.execute(POSTGRESQL_GUARD)
    op.execute("CREATE TRIGGER match_canary_insert BEFORE INSERT ON match FOR EACH ROW EXECUTE FUNCTION match_canary()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER match_canary_insert")
    else:
        op.execute("DROP FUNCTION match_canary() CASCADE")
    for table in ("export_request", "alert", "canary", "reading_count"):
        op.drop_table(table)
