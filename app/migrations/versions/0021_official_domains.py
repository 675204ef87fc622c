"""Official domains of parliaments, addresses proven there, and on what a sponsor was vetted."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.models import new_id
from app.official_addresses import listed_domains

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
WRITTEN_ON = datetime(2026, 11, 29, tzinfo=UTC)
"""The day on which the list that comes with the program was written."""


def upgrade() -> None:
    _domains()
    _addresses()
    op.add_column("sponsor", sa.Column("vetting_basis", sa.String(length=40), nullable=True))
    op.add_column("sponsor", sa.Column("person_vets", sa.Boolean(), nullable=False, server_default=sa.false()))
    # Until now nobody was vetted, or turned away, but by a coordinator.
    op.execute("UPDATE sponsor SET vetting_basis = 'coordinator' WHERE vetted_at IS NOT NULL")


def _domains() -> None:
    domains = op.create_table(
        "official_domain",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("parliament", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.String(length=16), nullable=True),
        sa.Column("members_at", MOMENT, nullable=True),
        sa.Column("members_by", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "(members_at IS NULL AND members_by IS NULL) OR (members_at IS NOT NULL AND members_by IS NOT NULL)",
            name="ck_official_domain_members_at_has_by",
        ),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name="fk_official_domain_added_by", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["members_by"], ["account.id"], name="fk_official_domain_members_by", ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_official_domain"),
        sa.UniqueConstraint("domain", name="uq_official_domain_domain"),
    )
    rows = [
        {"id": new_id(), "added_at": WRITTEN_ON, "country": one.country, "parliament": one.parliament,
         "domain": one.domain}
        for one in listed_domains()
    ]  # fmt: skip
    op.bulk_insert(domains, rows)


def _addresses() -> None:
    op.create_table(
        "official_address",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("sponsor_id", sa.String(length=16), nullable=False),
        sa.Column("address_sealed", sa.Text(), nullable=True),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("parliament", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["sponsor_id"], ["sponsor.id"], name="fk_official_address_sponsor_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_official_address"),
        sa.UniqueConstraint("digest", name="uq_official_address_digest"),
    )
    op.create_index("ix_official_address_sponsor_id_asked_at", "official_address", ["sponsor_id", "asked_at"])


def downgrade() -> None:
    op.drop_column("sponsor", "person_vets")
    op.drop_column("sponsor", "vetting_basis")
    op.drop_table("official_address")
    op.drop_table("official_domain")
