"""P1: addresses and facts from before are sealed on the way up, leave nothing behind, and come back on the way down."""

from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import select, text

from app.cli.db import alembic_config
from app.extensions import db
from app.models import Account, AccountToken, AddressChange, MatchingRun, MatchingTask, PrisonerFact
from app.queries.accounts import by_email, usable
from app.vocabulary import Fact
from tests.migrations.test_migrations import BEFORE_KEEPING, BEFORE_PREFERENCES, empty_app
from tests.stored import everything_stored

__all__ = ["empty_app"]

SECRETS = ("@example.org", "canary-clinic", Fact.SERIOUS_ILLNESS, "old-fingerprint")
OTHERS = 40
"""Accounts beside the first: enough for several pages of the table and its index."""

FACILITY, PRISONER, *_ = BEFORE_KEEPING
BEFORE = (
    *BEFORE_PREFERENCES,
    FACILITY,
    PRISONER,
    "INSERT INTO address_change (id, account_id, old_email, new_email, new_email_key, asked_at)"
    " VALUES ('c', 'a', 'a@example.org', 'New@example.org', 'new@example.org', '2026-01-01 00:00:00')",
    "INSERT INTO account_token (id, token_hash, account_id, purpose, email_key, created_at, expires_at) VALUES"
    " ('reset', 'x', 'a', 'reset', 'a@example.org', '2026-01-01 00:00:00', '2999-01-01 00:00:00'),"
    " ('change', 'y', 'a', 'change_address', 'new@example.org', '2026-01-01 00:00:00', '2999-01-01 00:00:00'),"
    " ('ended', 'z', 'a', 'reset', 'before@example.org', '2026-01-01 00:00:00', '2999-01-01 00:00:00')",
    "INSERT INTO prisoner_fact (prisoner_id, fact, source, as_of, visibility)"
    " VALUES ('p', 'serious_illness', 'canary-clinic', '2026-05-01', 'sponsors')",
    "INSERT INTO policy (version, body, created_at) VALUES (1, '{}', '2026-01-01 00:00:00')",
    "INSERT INTO matching_run (id, kind, day, policy_version, input_digest, objective, certificate, uncovered_by_tier,"
    " fingerprints, excluded, seconds, finished_at) VALUES ('r', 'godparent', '2026-01-01', 1, 'x', '{}', '{}', '[]',"
    """ '["old-fingerprint"]', '{}', '{}', '2026-01-01 00:00:00')""",
    "INSERT INTO matching_task (id, slot, changed_policy, state, asked_at, asked_by, found) VALUES ('t', 'dry_run',"
    """ '{}', 'done', '2026-01-01 00:00:00', 'a', '{"version": 1, "kinds": ["serious_illness"]}')""",
)
ANOTHER = (
    "INSERT INTO account (id, email, email_key, password_hash, interface_language, time_zone, created_at)"
    " VALUES (:id, :email, :key, 'x', 'en', 'UTC', '2026-01-01 00:00:00')"
)
READ_BEFORE = (
    "SELECT id, email, email_key FROM account ORDER BY id",
    "SELECT id, old_email, new_email, new_email_key FROM address_change",
    "SELECT prisoner_id, fact, source, as_of, visibility FROM prisoner_fact",
    "SELECT id, email_key FROM account_token WHERE id != 'ended' ORDER BY id",
    "SELECT id, found FROM matching_task",
)


def before_sealing() -> str:
    """The revision after which addresses and facts are sealed."""
    before = ScriptDirectory.from_config(alembic_config()).get_revision("0017").down_revision
    assert isinstance(before, str)
    return before


@pytest.fixture
def sealed(empty_app: Flask) -> list[list[tuple[Any, ...]]]:
    """A database from before, brought to head; what it held before."""
    command.upgrade(alembic_config(), before_sealing())
    with db.engine.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement))
        for number in range(OTHERS):
            email = f"B.{number}@example.org"
            connection.execute(text(ANOTHER), {"id": f"b{number}", "email": email, "key": email.lower()})
    before = read_before()
    command.upgrade(alembic_config(), "head")
    return before


def read_before() -> list[list[tuple[Any, ...]]]:
    with db.engine.connect() as connection:
        return [[tuple(row) for row in connection.execute(text(asked)).all()] for asked in READ_BEFORE]


def empty_the_log() -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")


def test_p1_what_was_readable_before_is_nowhere_in_what_is_stored(sealed: list[list[tuple[Any, ...]]]) -> None:
    empty_the_log()

    stored = everything_stored()

    assert [secret for secret in SECRETS if secret in stored] == []
    db.session.close()


def test_o3_everybody_and_everything_is_found_and_opens_as_before(sealed: list[list[tuple[Any, ...]]]) -> None:
    account = by_email("B.7@EXAMPLE.org")
    change, fact = (db.session.scalars(select(table)).one() for table in (AddressChange, PrisonerFact))
    tokens = {token.id: usable(token) for token in db.session.scalars(select(AccountToken))}

    assert (account and account.id, account and account.email) == ("b7", "B.7@example.org")
    assert len({one.email for one in db.session.scalars(select(Account))}) == OTHERS + 1
    assert (change.old_email, change.new_email) == ("a@example.org", "New@example.org")
    assert (fact.fact, fact.source, fact.visibility) == (Fact.SERIOUS_ILLNESS, "canary-clinic", "sponsors")
    assert fact.fact_index == PrisonerFact.fact.digest(Fact.SERIOUS_ILLNESS, within="p")
    assert tokens == {"reset": True, "change": True, "ended": False}
    assert db.session.scalars(select(MatchingTask)).one().found == {"version": 1, "kinds": ["serious_illness"]}
    assert db.session.scalars(select(MatchingRun)).one().fingerprints == []
    db.session.close()


def test_o3_the_way_down_brings_everything_back(sealed: list[list[tuple[Any, ...]]]) -> None:
    command.downgrade(alembic_config(), before_sealing())

    assert read_before() == sealed
    with db.engine.connect() as connection:
        ended = connection.execute(text("SELECT email_key FROM account_token WHERE id = 'ended'")).scalar_one()
    assert ended == ""
