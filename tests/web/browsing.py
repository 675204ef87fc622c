"""What tests do with a browser that is not one: log in, press buttons with their tokens, read pages."""

import re
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.clock import now
from app.models import Account
from app.one_time_codes import code_at, step_at
from tests.factories import PASSWORD, SEED, make_login


def browser_of(app: Flask, account: Account, **session: Any) -> FlaskClient:
    """A client whose cookie holds a session of `account`: password and code themselves are tried in test_login.

    `session` is what of its row differs from a log-in of just now.
    """
    return browser_with(app, make_login(account, **session))


def browser_with(app: Flask, token: str) -> FlaskClient:
    """A client whose cookie holds the session of this token."""
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def log_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Post address and password at the log-in page."""
    data = {"email": email, "password": password, "csrf_token": token_of(client, "/login"), **more}
    return client.post("/login", data=data)


def give_code(client: FlaskClient, code: str, **more: str) -> TestResponse:
    """Post a code where the log-in asks for one."""
    return client.post("/login", data={"code": code, "csrf_token": token_of(client, "/login"), **more})


def code_now(*, steps_on: int = 0) -> str:
    """What the app of everybody whom the makers set up shows now, or so many steps later."""
    return code_at(SEED, step_at(now()) + steps_on)


def soup(answer: TestResponse) -> BeautifulSoup:
    """The page as a tree."""
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def token_of(client: FlaskClient, path: str) -> str:
    """The form token that the page at `path` carries."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, f"no form with a token at {path}"
    return found.group(1)
