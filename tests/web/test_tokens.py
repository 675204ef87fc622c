"""W1: no route changes anything without our form's token, and no page changes anything by being fetched.

Walked along the table of all routes (test_access.py), each as somebody who may use it. Signed-link routes that carry
their own proof aside (docs/threats.md, M6).
"""

import hashlib
from collections.abc import Iterator
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.database import session
from app.extensions import csrf
from app.models import Base
from tests.web.browsing import token_of
from tests.web.test_access import PEOPLE, TABLE, Scene, make_scene, path_of

SIGNED = frozenset({"public.unsubscribe_now"})
"""Mail programs post here, who have no form of ours."""

COUNTERS = frozenset({"attempt_count", "reading_count"})
"""Tries and what was shown are counted, also of requests that are refused."""

ABOUT_READING = frozenset({"audit_event", "audit_head", "login_session"})
"""That something was read, and that somebody was there."""

FILLED = {"version": "1", "kind": "letter_writer", "reason": "other", "note": "x", "email": "a@example.org"}
CHANGING = sorted(endpoint for method, endpoint in TABLE if method == "POST" and endpoint not in SIGNED)
READABLE = sorted(endpoint for method, endpoint in TABLE if method == "GET")


def somebody_for(method: str, endpoint: str) -> str:
    """Who may use the route; whoever holds a link from a mail need not be logged in."""
    met = dict(zip(PEOPLE, TABLE[method, endpoint], strict=True))
    may = [person for person, outcome in met.items() if outcome == "2"]
    return next(iter([person for person in may if person != "anonymous"] or may), "sponsor_a")


def digests(*, without: frozenset[str]) -> dict[str, str]:
    """A digest of every row of every table, by table."""
    session().rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in without:
            rows = sorted(repr(tuple(row)) for row in session().execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    session().rollback()
    return found


@pytest.fixture
def scene(app: Flask) -> Scene:
    return make_scene().opened(app)


@pytest.fixture
def foreign(app: Flask) -> str:
    """A token that another browser was given, as another site could fetch it for itself."""
    return token_of(app.test_client(), "/login")


def answers_to(browser: FlaskClient, path: str, *, foreign: str) -> Iterator[int]:
    """What a post meets without a token, with somebody else's, with nonsense, and with one in the address."""
    send = partial(browser.post, path)
    yield send(data=FILLED).status_code
    yield send(data=FILLED | {"csrf_token": foreign}).status_code
    yield send(data=FILLED | {"csrf_token": "nonsense"}).status_code
    yield browser.post(f"{path}?csrf_token={foreign}", data=FILLED).status_code
    yield send(data=b"{}", content_type="text/plain").status_code


@pytest.mark.slow
@pytest.mark.parametrize("audience", sorted({endpoint.partition(".")[0] for endpoint in CHANGING}))
def test_w1_no_route_changes_anything_without_our_own_token(
    app: Flask, scene: Scene, foreign: str, audience: str
) -> None:
    before, met = digests(without=COUNTERS), {}

    for endpoint in (endpoint for endpoint in CHANGING if endpoint.startswith(f"{audience}.")):
        browser = scene.browsers[somebody_for("POST", endpoint)]
        met[endpoint] = list(answers_to(browser, path_of(app, endpoint, scene.ids), foreign=foreign))

    assert {endpoint: answers for endpoint, answers in met.items() if answers != [400] * 5} == {}
    assert digests(without=COUNTERS) == before


@pytest.mark.slow
@pytest.mark.parametrize("audience", sorted({endpoint.partition(".")[0] for endpoint in READABLE}))
def test_w1_fetching_a_page_changes_nothing(app: Flask, scene: Scene, audience: str) -> None:
    allowed, met = COUNTERS | ABOUT_READING, {}
    before = digests(without=allowed)

    for endpoint in (endpoint for endpoint in READABLE if endpoint.partition(".")[0] == audience):
        browser, path = scene.browsers[somebody_for("GET", endpoint)], path_of(app, endpoint, scene.ids)
        met[endpoint] = [browser.open(path, method=method).status_code for method in ("GET", "HEAD")]

    assert {
        endpoint: answers for endpoint, answers in met.items() if answers[0] != answers[1] or answers[0] >= 500
    } == {}
    assert digests(without=allowed) == before


def test_w1_the_table_of_routes_knows_all_that_change_something(app: Flask) -> None:
    """A method that is neither fetched nor posted would go past the two tests above."""
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}

    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}
    exempt = {view.rpartition(".")[2] for view in csrf._exempt_views}
    assert (exempt, csrf._exempt_blueprints) == ({endpoint.partition(".")[2] for endpoint in SIGNED}, set())
