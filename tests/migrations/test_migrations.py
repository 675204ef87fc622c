"""Every migration up and down, and the models equal to head (O3), on both databases."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import event, inspect, select, text

from app import create_app
from app.cli.db import alembic_config
from app.extensions import db
from app.models import AddressCheck, Reminder, Sponsor
from tests import servers
from tests.conftest import DATABASES, make_settings
from tests.factories import make_closing, make_contact, make_coordinator, make_match, make_opening
from tests.stored import everything_stored


@pytest.fixture(params=DATABASES)
def empty_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own without any table."""
    if request.param == "sqlite":
        url, drop = f"sqlite:///{tmp_path / 'empty.db'}", lambda: None
    else:
        server = servers.postgres_url()
        if server is None:
            pytest.skip("no PostgreSQL found: set VESTKA_TEST_POSTGRES_URL or install it")
        name = f"vestka_migrations_{uuid4().hex[:12]}"
        url = servers.create_database(server, name)
        drop = lambda: servers.drop_database(server, name)  # noqa: E731
    app = create_app(make_settings(tmp_path, url))
    with app.app_context():
        yield app
        db.engine.dispose()
    drop()


def revisions() -> list[str]:
    """Every revision, oldest first."""
    script = ScriptDirectory.from_config(alembic_config())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_o3_each_migration_goes_up_down_and_up_again(empty_app: Flask) -> None:
    for revision in revisions():
        command.upgrade(alembic_config(), revision)
        command.downgrade(alembic_config(), "-1")
        command.upgrade(alembic_config(), revision)

    command.downgrade(alembic_config(), "base")

    assert tables() == set()


def test_o3_the_models_are_what_head_is(empty_app: Flask) -> None:
    command.upgrade(alembic_config(), "head")

    command.check(alembic_config())


def test_o3_head_comes_down_with_data_in_it(empty_app: Flask) -> None:
    command.upgrade(alembic_config(), "head")
    make_match()
    make_closing(make_coordinator())
    make_opening(make_contact())
    db.session.close()

    command.downgrade(alembic_config(), "base")

    assert tables() == set()


BEFORE_PREFERENCES = (
    "INSERT INTO account (id, email, email_key, password_hash, interface_language, time_zone, created_at)"
    " VALUES ('a', 'a@example.org', 'a@example.org', 'x', 'en', 'UTC', '2026-01-01 00:00:00')",
    "INSERT INTO sponsor (id, account_id, name, search_key, role, support_kind, country, profession_group, capacity,"
    " letters_a_month, translation_wanted, translation_offered, wish_long_sentence, vetting_state, held, created_at,"
    " version) VALUES ('s', 'a', 'A', 'a', 'volunteer', 'letter_writer', 'DE', 'arts', 1, 1, false, false, false,"
    " 'pending', false, '2026-01-01 00:00:00', 1)",
)


def test_o3_sponsors_from_before_there_were_preferences_have_chosen_nothing(empty_app: Flask) -> None:
    command.upgrade(alembic_config(), "0005")
    with db.engine.begin() as connection:
        for statement in BEFORE_PREFERENCES:
            connection.execute(text(statement))

    command.upgrade(alembic_config(), "head")

    sponsor = db.session.scalars(select(Sponsor)).one()
    assert (sponsor.quiet_days, sponsor.reminders_off, sponsor.no_reminders) == ([], [], False)
    assert sponsor.resumes_on is None
    db.session.close()


BEFORE_KEEPING = (
    "INSERT INTO facility (id, country, kind, title, street, postcode, languages)"
    " VALUES ('f', 'BY', 'prison', 'F', 'Street 1', '000000', '[]')",
    "INSERT INTO prisoner (id, name, search_key, country, articles, detention_status, mail_access, facility_id, reads,"
    " publicity, godparent_seats, letter_writer_seats, held, created_at, version) VALUES ('p', 'P', 'p', 'BY', '[]',"
    " 'convicted', 'open', 'f', '[]', 'coordinators_only', 1, 1, false, '2026-01-01 00:00:00', 1)",
    "INSERT INTO field_source (prisoner_id, field, source, as_of) VALUES ('p', 'facility', 'a list', '2026-05-01')",
    "INSERT INTO match (id, prisoner_id, sponsor_id, kind, state, tier, fit, terms, proposed_at, decided_at,"
    " decided_by, answered_at, version) VALUES ('m', 'p', 's', 'letter_writer', 'active', 3, 50, '{}',"
    " '2026-02-01 00:00:00', '2026-02-02 00:00:00', 'a', '2026-02-03 00:00:00', 1)",
    "INSERT INTO outgoing_mail (id, message, occasion, account_id, match_id, state, created_at, due_at, attempts)"
    " VALUES ('x', 'letter_due', 'letter_due:m:2026-03-01', 'a', 'm', 'queued', '2026-03-01 00:00:00',"
    " '2026-03-01 08:00:00', 0)",
    "INSERT INTO login_session (id, token_hash, account_id, created_at, expires_at)"
    " VALUES ('l', 't', 'a', '2026-04-01 10:00:00', '2026-04-15 10:00:00')",
)


def test_o3_reminders_addresses_and_log_ins_from_before_are_not_forgotten(empty_app: Flask) -> None:
    """What was mailed is not mailed again, nobody is silent all at once, and no letter is held back over night."""
    command.upgrade(alembic_config(), "0006")
    with db.engine.begin() as connection:
        for statement in (*BEFORE_PREFERENCES, *BEFORE_KEEPING):
            connection.execute(text(statement))

    command.upgrade(alembic_config(), "head")

    [reminder] = db.session.scalars(select(Reminder))
    [check] = db.session.scalars(select(AddressCheck))
    sponsor = db.session.scalars(select(Sponsor)).one()
    assert (reminder.occasion, reminder.kind, reminder.mail_id) == ("letter_due:m:2026-03-01", "letter_due", "x")
    assert (check.prisoner_id, check.postcode, check.source, check.verified_on) == (
        "p", "000000", "a list", date(2026, 5, 1),
    )  # fmt: skip
    assert (sponsor.last_sign_on, sponsor.consented_on, sponsor.idea_weeks) == (date(2026, 4, 1), date(2026, 4, 1), 4)
    db.session.close()


def test_o3_an_interrupted_migration_leaves_nothing_and_can_be_run_again(empty_app: Flask) -> None:
    @event.listens_for(db.engine, "before_cursor_execute")
    def pull_the_plug(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "audit_head" in statement and "INSERT" in statement:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        command.upgrade(alembic_config(), "head")
    left = tables()
    event.remove(db.engine, "before_cursor_execute", pull_the_plug)
    command.upgrade(alembic_config(), "head")

    assert left == set()
    command.check(alembic_config())


SOMEBODYS_WORDS = "canary-words-about-a-cousin"


def test_p1_words_from_before_are_sealed_on_the_way_up_and_open_on_the_way_down(empty_app: Flask) -> None:
    command.upgrade(alembic_config(), "0013")
    with db.engine.begin() as connection:
        for statement in BEFORE_PREFERENCES:
            connection.execute(text(statement))
        connection.execute(text("UPDATE sponsor SET conflict_notes = :words"), {"words": SOMEBODYS_WORDS})

    command.upgrade(alembic_config(), "0015")
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        sealed = connection.execute(text("SELECT conflict_notes_sealed FROM sponsor")).scalar_one()
    stored = everything_stored()
    db.session.close()
    command.downgrade(alembic_config(), "0013")
    with db.engine.connect() as connection:
        opened = connection.execute(text("SELECT conflict_notes FROM sponsor")).scalar_one()

    assert (sealed.startswith("s1.tests."), SOMEBODYS_WORDS in stored) == (True, False)
    assert opened == SOMEBODYS_WORDS
