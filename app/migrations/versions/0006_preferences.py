"""What sponsors choose of reminders and pauses, what they answer to a reminder, and why a match was paused or ended."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("sponsor", sa.Column("resumes_on", sa.Date(), nullable=True))
    op.add_column("sponsor", sa.Column("quiet_days", JSON, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("sponsor", sa.Column("reminders_off", JSON, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("sponsor", sa.Column("no_reminders", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("match", sa.Column("coordinator_note", sa.String(length=4000), nullable=True))
    op.create_table(
        "mail_answer",
        sa.Column("mail_id", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(40), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["outgoing_mail.id"], name="fk_mail_answer_mail_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mail_id", "answer", name="pk_mail_answer"),
    )


def downgrade() -> None:
    op.drop_table("mail_answer")
    op.drop_column("match", "coordinator_note")
    for column in ("no_reminders", "reminders_off", "quiet_days", "resumes_on"):
        op.drop_column("sponsor", column)
