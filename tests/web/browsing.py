"""What tests do with a browser that is not one: log in, press buttons with their tokens, read pages."""

import re

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.actions import sessions
from app.models import Account
from app.transaction import transaction
from tests.factories import PASSWORD


def browser_of(app: Flask, account: Account) -> FlaskClient:
    """A client whose cookie holds a session of `account`: the password itself is tried in test_login."""
    with transaction():
        token = sessions.open_session(account.id, password=PASSWORD)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def soup(answer: TestResponse) -> BeautifulSoup:
    """The page as a tree."""
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def token_of(client: FlaskClient, path: str) -> str:
    """The form token that the page at `path` carries."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, f"no form with a token at {path}"
    return found.group(1)
