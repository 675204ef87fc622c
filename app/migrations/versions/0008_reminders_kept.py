"""Which occasions share a mail; who vouched for an address; signs of life, silence, and the yearly question.

What each reminder was about stands in its mail's occasion already. An address counts as vouched for by the source that
gave it. Nobody who has been with us for long is asked at once: their year begins with the last thing that we know of.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REMINDERS = "('letter_due', 'birthday_ahead', 'offer_unanswered')"

KNOWN_REMINDERS = f"""
INSERT INTO reminder (occasion, kind, mail_id, match_id)
SELECT occasion, message, id, match_id FROM outgoing_mail WHERE message IN {REMINDERS}
"""
KNOWN_ADDRESSES = """
INSERT INTO address_check (prisoner_id, facility_id, street, street_cyrillic, city, city_cyrillic, postcode,
    verified_on, source, recorded_at)
SELECT prisoner.id, facility.id, facility.street, facility.street_cyrillic, facility.city, facility.city_cyrillic,
    facility.postcode, field_source.as_of, field_source.source, prisoner.created_at
FROM prisoner
JOIN facility ON facility.id = prisoner.facility_id
JOIN field_source ON field_source.prisoner_id = prisoner.id AND field_source.field = 'facility'
"""
LAST_SIGNS = """
UPDATE sponsor SET last_sign_on = (
    SELECT max(date(login_session.created_at)) FROM login_session WHERE login_session.account_id = sponsor.account_id
)
"""


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("occasion", sa.String(160), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("mail_id", sa.String(16), nullable=False),
        sa.Column("match_id", sa.String(16), nullable=True),
        sa.Column("left_out", sa.String(80), nullable=True),
        sa.ForeignKeyConstraint(["mail_id"], ["outgoing_mail.id"], name="fk_reminder_mail_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name="fk_reminder_match_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("occasion", name="pk_reminder"),
    )
    op.create_index("ix_reminder_mail_id", "reminder", ["mail_id"])
    op.create_index("ix_reminder_match_id", "reminder", ["match_id"])
    op.create_table(
        "silent_match",
        sa.Column("match_id", sa.String(16), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name="fk_silent_match_match_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["marked_by"], ["account.id"], name="fk_silent_match_marked_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("match_id", name="pk_silent_match"),
    )
    _create_address_check()
    op.add_column("sponsor", sa.Column("idea_weeks", sa.Integer(), nullable=False, server_default=sa.text("4")))
    op.add_column("sponsor", sa.Column("last_sign_on", sa.Date(), nullable=True))
    op.add_column("sponsor", sa.Column("consented_on", sa.Date(), nullable=True))
    for statement in (KNOWN_REMINDERS, KNOWN_ADDRESSES, LAST_SIGNS):
        op.execute(statement)
    op.execute("UPDATE sponsor SET consented_on = coalesce(last_sign_on, date(created_at))")


def _create_address_check() -> None:
    op.create_table(
        "address_check",
        sa.Column("prisoner_id", sa.String(16), nullable=False),
        sa.Column("facility_id", sa.String(16), nullable=False),
        sa.Column("street", sa.String(200), nullable=True),
        sa.Column("street_cyrillic", sa.String(200), nullable=True),
        sa.Column("city", sa.String(120), nullable=True),
        sa.Column("city_cyrillic", sa.String(120), nullable=True),
        sa.Column("postcode", sa.String(12), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_address_check_prisoner_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name="fk_address_check_facility_id", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name="fk_address_check_recorded_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("prisoner_id", name="pk_address_check"),
    )
    op.create_index("ix_address_check_facility_id", "address_check", ["facility_id"])


def downgrade() -> None:
    for column in ("consented_on", "last_sign_on", "idea_weeks"):
        op.drop_column("sponsor", column)
    for table in ("address_check", "silent_match", "reminder"):
        op.drop_table(table)
