"""Fixtures every test may use: an application on each database, emptied before every test."""

import signal
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Dialect, Engine, event
from werkzeug.test import TestResponse

from app import clock, create_app
from app.cli.db import alembic_config
from app.extensions import db
from app.models import Base
from config import Settings
from tests import servers

SEAL_KEYS = (("tests", b"only for tests 0123456789 abcdef"),)
DATABASES = ("sqlite", "postgresql")


def written(seal_keys: Iterable[tuple[str, bytes]]) -> str:
    """The keys as `VESTKA_SEAL_KEYS` holds them."""
    return ",".join(f"{key_id}:{b64encode(key).decode('ascii')}" for key_id, key in seal_keys)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-snapshots` writes what is snapshot anew; whoever uses it reads the difference before they commit."""
    parser.addoption("--update-snapshots", action="store_true", help="write snapshots anew instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    """Before the first test: one PostgreSQL for the whole run, and Ctrl-C heard by the programs that tests start.

    A shell without job control starts what it puts in the background deaf to SIGINT, and deafness is inherited.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    servers.find_for_all(config)


def make_settings(folder: Path, database_url: str, **changes: object) -> Settings:
    """Settings of a test application that keeps its files in `folder`."""
    values = {
        "secret_key": "only-for-tests-0123456789-abcdefghij",
        "database_url": database_url,
        "queue_file": folder / "queue.db",
        "instance_dir": folder,
        "public_url": "http://localhost",
        "offer_hold_seconds": 0,
        "seal_keys": SEAL_KEYS,
        "testing": True,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


class Browser(FlaskClient):
    """A client whose every request runs in an application context of its own, as on a server.

    Without it a request would share the test's context, and with it the test's session and who is logged in.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **{"buffered": True} | kwargs)


def migrate(app: Flask) -> None:
    """Bring the application's database to head."""
    with app.app_context():
        command.upgrade(alembic_config(), "head")


@pytest.fixture(autouse=True)
def _clock_runs_on() -> Iterator[None]:
    """A test that leaves the clock set would have the tests after it live in its moment: it fails itself instead."""
    yield
    assert datetime.now(UTC) - clock.now() < timedelta(minutes=1), "this test left the clock set"


@pytest.fixture(scope="session", params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh, empty database of each kind, one for each worker process."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'vestka.db'}"
        return
    server = servers.postgres_url()
    if server is None:
        pytest.skip("no PostgreSQL found: set VESTKA_TEST_POSTGRES_URL or install it")
    name = f"vestka_test_{uuid4().hex[:12]}"
    yield servers.create_database(server, name)
    servers.drop_database(server, name)


@pytest.fixture(scope="session")
def migrated_app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application on a migrated database, shared by the tests of a worker; use `app`, which empties it."""
    app = create_app(make_settings(tmp_path_factory.mktemp("instance"), database_url))
    app.test_client_class = Browser
    with app.app_context():
        _wait_for_no_disk(db.engine)
    migrate(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def _wait_for_no_disk(engine: Engine) -> None:
    """Have SQLite not wait for the disk in this process, as PostgreSQL does not (`tests.servers`).

    Nobody pulls the plug on a test; programs that tests start and kill do wait.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


def empty_database() -> None:
    """Take every row out of every table, and begin the audit chain anew.

    All of it in one script past SQLAlchemy: before each of thousands of tests, sixty statements one by one take longer
    than most of these.
    """
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        script = _emptying(connection.dialect)
        if connection.dialect.name == "sqlite":
            driver.executescript(f"BEGIN IMMEDIATE;\n{script};\nCOMMIT")
        else:
            driver.execute(script)
            driver.commit()


@cache
def _emptying(dialect: Dialect) -> str:
    emptied = [str(table.delete().compile(dialect=dialect)) for table in reversed(Base.metadata.sorted_tables)]
    return ";\n".join([*emptied, "INSERT INTO audit_head (id, number, digest) VALUES (1, 0, '')"])


@pytest.fixture
def app(migrated_app: Flask) -> Iterator[Flask]:
    """The application inside an application context, with an empty database."""
    with migrated_app.app_context():
        empty_database()
        yield migrated_app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that is not logged in."""
    return app.test_client()
