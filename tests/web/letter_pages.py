"""What the tests of the pages about letters do: an active match, its pages, and what stands on them."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import now
from app.database import session
from app.models import Letter, Match
from app.vocabulary import MatchState
from tests.factories import make_match, make_prisoner, make_sponsor, writing
from tests.web.browsing import browser_of, soup, token_of

STREET = "ул. Выдуманная, 1"
FULL_NAME = {"name_cyrillic": "Выдуманая Надзея Пятроўна"}


def active(prisoner: dict[str, Any] | None = None, sponsor: dict[str, Any] | None = None, **changes: Any) -> Match:
    """A match that began sixty days ago, with somebody whose given name is known."""
    with writing():
        return make_match(
            prisoner=make_prisoner(**{**FULL_NAME, **(prisoner or {})}),
            sponsor=make_sponsor(**(sponsor or {})),
            **{"state": MatchState.ACTIVE, "answered_at": now() - timedelta(days=60)} | changes,
        )


def page(app: Flask, match: Match, path: str = "/write") -> TestResponse:
    """A page about the letters of the match, as its sponsor gets it."""
    return browser_of(app, match.sponsor.account).get(f"/matches/{match.id}/letters{path}")


def written(answer: TestResponse) -> str:
    """What lies on the page to be written on."""
    return str(soup(answer).select_one("textarea").get_text()).strip()


def stored() -> list[Letter]:
    """The letters that the database has now: the test's own reading transaction would show the past."""
    session().rollback()
    return list(session().scalars(select(Letter)))


def words(answer: TestResponse) -> str:
    """Everything that the page says."""
    return str(soup(answer).main.get_text(" ", strip=True))


def post(client: FlaskClient, match: Match, path: str, data: dict[str, str]) -> TestResponse:
    """Send a form of the match, with its token."""
    token = token_of(client, f"/matches/{match.id}/letters/write")
    return client.post(f"/matches/{match.id}/letters{path}", data={"csrf_token": token, **data})
