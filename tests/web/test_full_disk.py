"""O1: a disk that is full, or a database that only reads: a plain 503, nothing half-done, and it goes on by itself."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.database import scrub
from app.extensions import db
from app.vocabulary import Publicity
from tests.factories import make_coordinator, make_prisoner
from tests.unit.pictures.files import file_of
from tests.web.browsing import browser_of, token_of
from tests.web.test_tokens import digests
from tests.web.uploading import file_of as form_file
from tests.web.uploading import post


@contextmanager
def every_connection_told(statement: str) -> Iterator[None]:
    """Every connection that is opened inside the block begins with the statement."""

    def tell(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        if db.engine.dialect.name == "postgresql":
            connection.commit()

    _reconnect()
    event.listen(db.engine, "connect", tell)
    try:
        yield
    finally:
        event.remove(db.engine, "connect", tell)
        _reconnect()


def _reconnect() -> None:
    db.session.rollback()
    db.engine.dispose()


def troubles() -> list[str]:
    """What a disk does to the database at hand; SQLite may grow no further than it has."""
    if db.engine.dialect.name == "postgresql":
        return ["SET default_transaction_read_only = on"]
    return ["PRAGMA max_page_count = 1", "PRAGMA query_only = ON"]


def large_photo() -> bytes:
    """A picture of noise, which no encoder makes small."""
    noise = random.Random(1).randbytes(300 * 300 * 3)
    return file_of(Image.frombytes("RGB", (300, 300), noise), "PNG")


def upload(client: FlaskClient, path: str, token: str) -> TestResponse:
    return post(client, path, csrf_token=token, seen="", file=form_file(large_photo(), "photo.png"))


def test_o1_what_cannot_be_written_is_a_plain_503_and_nothing_is_half_done(app: Flask) -> None:
    prisoner = make_prisoner(publicity=Publicity.PUBLIC)
    client, path = browser_of(app, make_coordinator(caseload=[prisoner])), f"/desk/prisoners/{prisoner.id}/photo"
    token = token_of(client, path)
    scrub()  # no free page is left that could be written to
    before = digests(without=frozenset())

    for trouble in troubles():
        with every_connection_told(trouble):
            answer = upload(client, path, token)
            public = app.test_client().get("/people")

        assert answer.status_code == 503, trouble
        assert b"Nothing was lost" in answer.data
        assert b"Traceback" not in answer.data
        assert "Content-Security-Policy" in answer.headers
        assert public.status_code == 200
        assert digests(without=frozenset()) == before, trouble

    assert upload(client, path, token).status_code == 302
