"""A small seeded world, made once for each database and only read by the tests that use it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.clock import now
from app.database import session
from tests.conftest import empty_database
from tests.database.cli.runner import answer

SMALL = ("demo", "seed", "--prisoners", 40, "--sponsors", 90)


@dataclass(frozen=True)
class World:
    """The application on a seeded database, what the command printed, and when it was run."""

    app: Flask
    said: dict[str, Any]
    began_at: datetime


def make_demo(app: Flask, patch: pytest.MonkeyPatch) -> None:
    """Turn the application into the demo's, until the patch is undone."""
    patch.setitem(app.config, "VESTKA", replace(app.config["VESTKA"], demo=True, offer_hold_seconds=60))


@pytest.fixture
def demo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The demo's application, with an empty database."""
    make_demo(app, monkeypatch)
    return app


@pytest.fixture(scope="module")
def world(migrated_app: Flask) -> Iterator[World]:
    """A seeded world that nothing changes."""
    with migrated_app.app_context(), pytest.MonkeyPatch.context() as patch:
        empty_database()
        make_demo(migrated_app, patch)
        began_at = now()
        said = answer(migrated_app, *map(str, SMALL))
        session().rollback()
        yield World(migrated_app, said, began_at)
