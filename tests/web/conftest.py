"""The scene in which everybody tries every route: made once for each database, put back before every test."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import empty_database
from tests.web.test_access import Scene, make_scene
from tests.web.world import Rows, put_back, rows


@pytest.fixture(scope="session")
def made_scene(migrated_app: Flask) -> tuple[Scene, Rows]:
    """The scene, and every row of it."""
    with migrated_app.app_context():
        empty_database()
        return make_scene(), rows()


@pytest.fixture
def app_with_scene(migrated_app: Flask, made_scene: tuple[Scene, Rows]) -> Iterator[Flask]:
    """The application with the scene in its database; forms are taken without a token."""
    with migrated_app.app_context():
        put_back(made_scene[1])
        migrated_app.config["WTF_CSRF_ENABLED"] = False
        yield migrated_app
        migrated_app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def scene(app_with_scene: Flask, made_scene: tuple[Scene, Rows]) -> Scene:
    """Everybody's browser, and the ids of what their pages are about."""
    return made_scene[0].opened(app_with_scene)
