"""Programs that die, wait and compete get a database file of their own, in which no other test has left anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.conftest import empty_database, make_settings, migrate


@pytest.fixture
def app(migrated_app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """The application with an empty database: on SQLite in a new file, with a new queue beside it."""
    own = migrated_app
    if migrated_app.config["VESTKA"].embedded:
        own = create_app(make_settings(tmp_path, f"sqlite:///{tmp_path / 'vestka.db'}"))
        own.test_client_class = migrated_app.test_client_class
        migrate(own)
    with own.app_context():
        empty_database()
        yield own
        if own is not migrated_app:
            db.engine.dispose()
