"""A coordinator who records, for the tests of this folder."""

import pytest
from flask import Flask

from app.permissions import Viewer
from app.queries.accounts import viewer_of
from tests.factories import make_coordinator


@pytest.fixture
def coordinator(app: Flask) -> Viewer:
    """Somebody who decides for every region and every prisoner."""
    return viewer_of(make_coordinator(roles=["coordinator", "programme"]))
