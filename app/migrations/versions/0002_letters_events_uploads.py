"""Letters, events of prisoners, and lists on their way in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_upload",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_import_upload_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_import_upload"),
    )
    op.create_index("ix_import_upload_uploaded_at", "import_upload", ["uploaded_at"], unique=False)
    op.create_table(
        "prisoner_event",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("facility_id", sa.String(length=16), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name="fk_prisoner_event_facility_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_prisoner_event_prisoner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name="fk_prisoner_event_recorded_by", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prisoner_event"),
    )
    op.create_index(
        "ix_prisoner_event_prisoner_id_happened_on", "prisoner_event", ["prisoner_id", "happened_on"], unique=False
    )
    op.create_table(
        "letter",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("match_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("template", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'checked') OR sent_on IS NOT NULL", name="ck_letter_sent_has_day"),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name="fk_letter_match_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name="fk_letter_recorded_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_match_id_sent_on", "letter", ["match_id", "sent_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_letter_match_id_sent_on", table_name="letter")
    op.drop_table("letter")
    op.drop_index("ix_prisoner_event_prisoner_id_happened_on", table_name="prisoner_event")
    op.drop_table("prisoner_event")
    op.drop_index("ix_import_upload_uploaded_at", table_name="import_upload")
    op.drop_table("import_upload")
