"""Begin: accounts, sponsors, prisoners, matches, the audit trail and the outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


LIVE = "('approved', 'active', 'paused')"

SQLITE_GUARD = f"""
CREATE TRIGGER match_guard_{{event}} BEFORE {{when}} ON match
WHEN NEW.state IN {LIVE} {{and_not_counted_already}}
BEGIN
    SELECT RAISE(ABORT, 'capacity_exceeded') WHERE
        (SELECT count(*) FROM match WHERE sponsor_id = NEW.sponsor_id AND id != NEW.id AND state IN {LIVE})
        >= (SELECT capacity FROM sponsor WHERE id = NEW.sponsor_id);
    SELECT RAISE(ABORT, 'seats_taken') WHERE
        (SELECT count(*) FROM match WHERE prisoner_id = NEW.prisoner_id AND kind = NEW.kind AND id != NEW.id
            AND state IN {LIVE})
        >= (SELECT CASE NEW.kind WHEN 'godparent' THEN godparent_seats ELSE letter_writer_seats END
            FROM prisoner WHERE id = NEW.prisoner_id);
END
"""

COUNTED_ALREADY = f"""
OLD.state IN {LIVE} AND OLD.sponsor_id = NEW.sponsor_id AND OLD.prisoner_id = NEW.prisoner_id AND OLD.kind = NEW.kind
"""

POSTGRESQL_GUARD = f"""
CREATE FUNCTION match_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM sponsor WHERE id = NEW.sponsor_id FOR NO KEY UPDATE;
    PERFORM 1 FROM prisoner WHERE id = NEW.prisoner_id FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM match WHERE sponsor_id = NEW.sponsor_id AND id != NEW.id AND state IN {LIVE})
        >= (SELECT capacity FROM sponsor WHERE id = NEW.sponsor_id) THEN
        RAISE EXCEPTION 'capacity_exceeded' USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM match WHERE prisoner_id = NEW.prisoner_id AND kind = NEW.kind AND id != NEW.id
            AND state IN {LIVE})
        >= (SELECT CASE NEW.kind WHEN 'godparent' THEN godparent_seats ELSE letter_writer_seats END
            FROM prisoner WHERE id = NEW.prisoner_id) THEN
        RAISE EXCEPTION 'seats_taken' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""

POSTGRESQL_TRIGGERS = (
    f"CREATE TRIGGER match_guard_insert BEFORE INSERT ON match FOR EACH ROW WHEN (NEW.state IN {LIVE}) "
    "EXECUTE FUNCTION match_guard()",
    f"CREATE TRIGGER match_guard_update BEFORE UPDATE ON match FOR EACH ROW "
    f"WHEN (NEW.state IN {LIVE} AND NOT ({COUNTED_ALREADY})) EXECUTE FUNCTION match_guard()",
)


def add_guards() -> None:
    """Let the database itself refuse a live match beyond capacity or seats: docs/decisions/0003."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SQLITE_GUARD.format(event="insert", when="INSERT", and_not_counted_already=""))
        not_counted = f"AND NOT ({COUNTED_ALREADY})"
        op.execute(SQLITE_GUARD.format(event="update", when="UPDATE", and_not_counted_already=not_counted))
        return
    op.execute(POSTGRESQL_GUARD)
    for trigger in POSTGRESQL_TRIGGERS:
        op.execute(trigger)


def drop_guards() -> None:
    """SQLite drops triggers with their table; PostgreSQL keeps the function."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION match_guard() CASCADE")


def first_rows() -> None:
    """The audit chain's beginning."""
    op.execute("INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '')")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("interface_language", sa.String(length=8), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email_key", name="uq_account_email_key"),
    )
    op.create_table(
        "audit_event",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_account_id", sa.String(length=16), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=40), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name="ck_audit_event_begins_at_one"),
        sa.PrimaryKeyConstraint("number", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_entity_entity_id", "audit_event", ["entity", "entity_id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_head_single_row"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.create_table(
        "facility",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("number", sa.String(length=10), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_cyrillic", sa.String(length=200), nullable=True),
        sa.Column("street", sa.String(length=200), nullable=True),
        sa.Column("street_cyrillic", sa.String(length=200), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=True),
        sa.Column("city_cyrillic", sa.String(length=120), nullable=True),
        sa.Column("postcode", sa.String(length=12), nullable=True),
        sa.Column("languages", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_facility"),
    )
    op.create_index("ix_facility_country_kind_number", "facility", ["country", "kind", "number"], unique=False)
    op.create_table(
        "post_route",
        sa.Column("from_country", sa.String(length=2), nullable=False),
        sa.Column("to_country", sa.String(length=2), nullable=False),
        sa.Column("route", sa.String(40), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("from_country", "to_country", name="pk_post_route"),
    )
    op.create_table(
        "account_token",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_account_token_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_account_token"),
        sa.UniqueConstraint("token_hash", name="uq_account_token_token_hash"),
    )
    op.create_index("ix_account_token_account_id_purpose", "account_token", ["account_id", "purpose"], unique=False)
    op.create_table(
        "import_record",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["account.id"], name="fk_import_record_applied_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_record"),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_login_session_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_login_session"),
        sa.UniqueConstraint("token_hash", name="uq_login_session_token_hash"),
    )
    op.create_index("ix_login_session_account_id", "login_session", ["account_id"], unique=False)
    op.create_table(
        "policy",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name="fk_policy_created_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("version", name="pk_policy"),
    )
    op.create_table(
        "prisoner",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_latin", sa.String(length=200), nullable=True),
        sa.Column("name_cyrillic", sa.String(length=200), nullable=True),
        sa.Column("search_key", sa.String(length=400), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("gender", sa.String(40), nullable=True),
        sa.Column("birth_date", sa.String(10), nullable=True),
        sa.Column("arrested_on", sa.String(10), nullable=True),
        sa.Column("verdict_on", sa.String(10), nullable=True),
        sa.Column("released_on", sa.String(10), nullable=True),
        sa.Column("died_on", sa.String(10), nullable=True),
        sa.Column("sentence", sa.String(length=400), nullable=True),
        sa.Column("sentence_years", sa.Numeric(precision=5, scale=2, asdecimal=False), nullable=True),
        sa.Column("penalty", sa.String(length=400), nullable=True),
        sa.Column("articles", JSON, nullable=False),
        sa.Column("detention_status", sa.String(40), nullable=False),
        sa.Column("mail_access", sa.String(40), nullable=False),
        sa.Column("facility_id", sa.String(length=16), nullable=True),
        sa.Column("story", sa.String(length=4000), nullable=True),
        sa.Column("occupation", sa.String(length=120), nullable=True),
        sa.Column("profession_group", sa.String(40), nullable=True),
        sa.Column("reads", JSON, nullable=False),
        sa.Column("home_area", sa.String(length=80), nullable=True),
        sa.Column("case_code", sa.String(length=40), nullable=True),
        sa.Column("publicity", sa.String(40), nullable=False),
        sa.Column("publicity_basis", sa.String(40), nullable=True),
        sa.Column("publicity_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publicity_by", sa.String(length=16), nullable=True),
        sa.Column("godparent_seats", sa.Integer(), nullable=False),
        sa.Column("letter_writer_seats", sa.Integer(), nullable=False),
        sa.Column("pinned_tier", sa.Integer(), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "publicity = 'coordinators_only' OR (publicity_basis IS NOT NULL AND publicity_by IS NOT NULL)",
            name="ck_prisoner_publicity_has_basis",
        ),
        sa.CheckConstraint(
            "(publicity_at IS NULL AND publicity_by IS NULL) OR "
            "(publicity_at IS NOT NULL AND publicity_by IS NOT NULL)",
            name="ck_prisoner_publicity_at_has_by",
        ),
        sa.CheckConstraint("godparent_seats BETWEEN 0 AND 1000", name="ck_prisoner_godparent_seats_in_range"),
        sa.CheckConstraint("letter_writer_seats BETWEEN 0 AND 1000", name="ck_prisoner_letter_writer_seats_in_range"),
        sa.CheckConstraint(
            "pinned_tier IS NULL OR pinned_tier BETWEEN 0 AND 5", name="ck_prisoner_pinned_tier_in_range"
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name="fk_prisoner_facility_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["publicity_by"], ["account.id"], name="fk_prisoner_publicity_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_prisoner"),
    )
    op.create_index(
        "ix_prisoner_detention_status_publicity", "prisoner", ["detention_status", "publicity"], unique=False
    )
    op.create_index("ix_prisoner_facility_id", "prisoner", ["facility_id"], unique=False)
    op.create_index("ix_prisoner_search_key", "prisoner", ["search_key"], unique=False)
    op.create_table(
        "sponsor",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("search_key", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("support_kind", sa.String(40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("profession_group", sa.String(40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("letters_a_month", sa.Integer(), nullable=False),
        sa.Column("available_from", sa.Date(), nullable=True),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column("parliament", sa.String(length=200), nullable=True),
        sa.Column("mandate_ends", sa.Date(), nullable=True),
        sa.Column("translation_wanted", sa.Boolean(), nullable=False),
        sa.Column("translation_offered", sa.Boolean(), nullable=False),
        sa.Column("wish_home_area", sa.String(length=80), nullable=True),
        sa.Column("wish_profession_group", sa.String(40), nullable=True),
        sa.Column("wish_gender", sa.String(40), nullable=True),
        sa.Column("wish_age_group", sa.String(40), nullable=True),
        sa.Column("wish_long_sentence", sa.Boolean(), nullable=False),
        sa.Column("conflict_notes", sa.String(length=4000), nullable=True),
        sa.Column("vetting_state", sa.String(40), nullable=False),
        sa.Column("vetting_reason", sa.String(length=4000), nullable=True),
        sa.Column("vetted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vetted_by", sa.String(length=16), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.String(length=16), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(paused_at IS NULL AND paused_by IS NULL) OR (paused_at IS NOT NULL AND paused_by IS NOT NULL)",
            name="ck_sponsor_paused_at_has_by",
        ),
        sa.CheckConstraint(
            "(vetted_at IS NULL AND vetted_by IS NULL) OR (vetted_at IS NOT NULL AND vetted_by IS NOT NULL)",
            name="ck_sponsor_vetted_at_has_by",
        ),
        sa.CheckConstraint(
            "available_from IS NULL OR available_until IS NULL OR available_from <= available_until",
            name="ck_sponsor_availability_in_order",
        ),
        sa.CheckConstraint("capacity BETWEEN 0 AND 1000", name="ck_sponsor_capacity_in_range"),
        sa.CheckConstraint("letters_a_month BETWEEN 0 AND 31", name="ck_sponsor_letters_a_month_in_range"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sponsor_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["paused_by"], ["account.id"], name="fk_sponsor_paused_by", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["vetted_by"], ["account.id"], name="fk_sponsor_vetted_by", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_sponsor"),
        sa.UniqueConstraint("account_id", name="uq_sponsor_account_id"),
    )
    op.create_index("ix_sponsor_vetting_state_country", "sponsor", ["vetting_state", "country"], unique=False)
    op.create_table(
        "staff_grant",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_staff_grant_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["granted_by"], ["account.id"], name="fk_staff_grant_granted_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("account_id", "role", name="pk_staff_grant"),
    )
    op.create_table(
        "staff_region",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_staff_region_account_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "country", name="pk_staff_region"),
    )
    op.create_table(
        "caseload",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_caseload_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_caseload_prisoner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "prisoner_id", name="pk_caseload"),
    )
    op.create_index("ix_caseload_prisoner_id", "caseload", ["prisoner_id"], unique=False)
    op.create_table(
        "conflict",
        sa.Column("sponsor_id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_conflict_prisoner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name="fk_conflict_recorded_by", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["sponsor_id"], ["sponsor.id"], name="fk_conflict_sponsor_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sponsor_id", "prisoner_id", name="pk_conflict"),
    )
    op.create_index("ix_conflict_prisoner_id", "conflict", ["prisoner_id"], unique=False)
    op.create_table(
        "field_source",
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_field_source_prisoner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prisoner_id", "field", name="pk_field_source"),
    )
    op.create_table(
        "matching_run",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("input_digest", sa.String(length=64), nullable=False),
        sa.Column("objective", JSON, nullable=False),
        sa.Column("certificate", JSON, nullable=False),
        sa.Column("uncovered_by_tier", JSON, nullable=False),
        sa.Column("excluded", JSON, nullable=False),
        sa.Column("seconds", JSON, nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(
            ["policy_version"], ["policy.version"], name="fk_matching_run_policy_version", ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["started_by"], ["account.id"], name="fk_matching_run_started_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_matching_run"),
    )
    op.create_index("ix_matching_run_kind_finished_at", "matching_run", ["kind", "finished_at"], unique=False)
    op.create_table(
        "prisoner_fact",
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("fact", sa.String(40), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("visibility", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_prisoner_fact_prisoner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("prisoner_id", "fact", name="pk_prisoner_fact"),
    )
    op.create_table(
        "prisoner_source",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.Column("source_url", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "source_id IS NOT NULL OR source_url IS NOT NULL", name="ck_prisoner_source_names_the_person"
        ),
        sa.ForeignKeyConstraint(
            ["prisoner_id"], ["prisoner.id"], name="fk_prisoner_source_prisoner_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prisoner_source"),
        sa.UniqueConstraint("source", "source_id", name="uq_prisoner_source_source_source_id"),
        sa.UniqueConstraint("source", "source_url", name="uq_prisoner_source_source_source_url"),
    )
    op.create_index("ix_prisoner_source_prisoner_id", "prisoner_source", ["prisoner_id"], unique=False)
    op.create_table(
        "role_limit",
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats BETWEEN 0 AND 1000", name="ck_role_limit_seats_in_range"),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_role_limit_prisoner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("prisoner_id", "kind", "role", name="pk_role_limit"),
    )
    op.create_table(
        "sponsor_language",
        sa.Column("sponsor_id", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("level", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsor.id"], name="fk_sponsor_language_sponsor_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sponsor_id", "language", name="pk_sponsor_language"),
    )
    op.create_table(
        "match",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("prisoner_id", sa.String(length=16), nullable=False),
        sa.Column("sponsor_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("run_id", sa.String(length=16), nullable=True),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("fit", sa.Integer(), nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column("decline_reason", sa.String(40), nullable=True),
        sa.Column("decline_note", sa.String(length=4000), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_reason", sa.String(40), nullable=True),
        sa.Column("refusal_note", sa.String(length=4000), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(40), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state != 'declined' OR decline_reason IS NOT NULL", name="ck_match_decline_has_reason"),
        sa.CheckConstraint(
            "state != 'ended' OR (ended_at IS NOT NULL AND end_reason IS NOT NULL)", name="ck_match_end_has_reason"
        ),
        sa.CheckConstraint("state != 'refused' OR refusal_reason IS NOT NULL", name="ck_match_refusal_has_reason"),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_at IS NOT NULL", name="ck_match_decision_is_signed"
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL AND decided_by IS NULL) OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            name="ck_match_decided_at_has_by",
        ),
        sa.CheckConstraint("tier BETWEEN 0 AND 5", name="ck_match_tier_in_range"),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name="fk_match_decided_by", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["prisoner_id"], ["prisoner.id"], name="fk_match_prisoner_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["run_id"], ["matching_run.id"], name="fk_match_run_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["sponsor_id"], ["sponsor.id"], name="fk_match_sponsor_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_match"),
    )
    op.create_index("ix_match_prisoner_id_state", "match", ["prisoner_id", "state"], unique=False)
    op.create_index("ix_match_run_id", "match", ["run_id"], unique=False)
    op.create_index("ix_match_sponsor_id_state", "match", ["sponsor_id", "state"], unique=False)
    op.create_index("ix_match_state_tier", "match", ["state", "tier"], unique=False)
    op.create_index(
        "uq_match_undecided_or_live_pair",
        "match",
        ["prisoner_id", "sponsor_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'approved', 'active', 'paused')"),
        postgresql_where=sa.text("state IN ('proposed', 'approved', 'active', 'paused')"),
    )
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=160), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("match_id", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name="ck_outgoing_mail_lease_while_sending"
        ),
        sa.CheckConstraint("state != 'sent' OR sent_at IS NOT NULL", name="ck_outgoing_mail_sent_has_time"),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'suppressed') OR reason IS NOT NULL", name="ck_outgoing_mail_end_has_reason"
        ),
        sa.CheckConstraint("attempts >= 0", name="ck_outgoing_mail_attempts_not_negative"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_outgoing_mail_account_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name="fk_outgoing_mail_match_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        sa.UniqueConstraint("occasion", name="uq_outgoing_mail_occasion"),
    )
    op.create_index(
        "ix_outgoing_mail_account_id_created_at", "outgoing_mail", ["account_id", "created_at"], unique=False
    )
    op.create_index("ix_outgoing_mail_match_id", "outgoing_mail", ["match_id"], unique=False)
    op.create_index("ix_outgoing_mail_state_due_at", "outgoing_mail", ["state", "due_at"], unique=False)
    add_guards()
    first_rows()


def downgrade() -> None:
    drop_guards()
    op.drop_index("ix_outgoing_mail_state_due_at", table_name="outgoing_mail")
    op.drop_index("ix_outgoing_mail_match_id", table_name="outgoing_mail")
    op.drop_index("ix_outgoing_mail_account_id_created_at", table_name="outgoing_mail")
    op.drop_table("outgoing_mail")
    op.drop_index(
        "uq_match_undecided_or_live_pair",
        table_name="match",
        sqlite_where=sa.text("state IN ('proposed', 'approved', 'active', 'paused')"),
        postgresql_where=sa.text("state IN ('proposed', 'approved', 'active', 'paused')"),
    )
    op.drop_index("ix_match_state_tier", table_name="match")
    op.drop_index("ix_match_sponsor_id_state", table_name="match")
    op.drop_index("ix_match_run_id", table_name="match")
    op.drop_index("ix_match_prisoner_id_state", table_name="match")
    op.drop_table("match")
    op.drop_table("sponsor_language")
    op.drop_table("role_limit")
    op.drop_index("ix_prisoner_source_prisoner_id", table_name="prisoner_source")
    op.drop_table("prisoner_source")
    op.drop_table("prisoner_fact")
    op.drop_index("ix_matching_run_kind_finished_at", table_name="matching_run")
    op.drop_table("matching_run")
    op.drop_table("field_source")
    op.drop_index("ix_conflict_prisoner_id", table_name="conflict")
    op.drop_table("conflict")
    op.drop_index("ix_caseload_prisoner_id", table_name="caseload")
    op.drop_table("caseload")
    op.drop_table("staff_region")
    op.drop_table("staff_grant")
    op.drop_index("ix_sponsor_vetting_state_country", table_name="sponsor")
    op.drop_table("sponsor")
    op.drop_index("ix_prisoner_search_key", table_name="prisoner")
    op.drop_index("ix_prisoner_facility_id", table_name="prisoner")
    op.drop_index("ix_prisoner_detention_status_publicity", table_name="prisoner")
    op.drop_table("prisoner")
    op.drop_table("policy")
    op.drop_index("ix_login_session_account_id", table_name="login_session")
    op.drop_table("login_session")
    op.drop_table("import_record")
    op.drop_index("ix_account_token_account_id_purpose", table_name="account_token")
    op.drop_table("account_token")
    op.drop_table("post_route")
    op.drop_index("ix_facility_country_kind_number", table_name="facility")
    op.drop_table("facility")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_event_entity_entity_id", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("account")
