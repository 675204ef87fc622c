"""A whole site for a browser: web server, worker and mailbox as processes of their own, on each database."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trustme
from flask import Flask
from playwright.sync_api import Browser, expect, sync_playwright

from app import create_app
from app.extensions import db
from config import ROOT, Settings
from scripts.mailbox import Mailbox
from tests import servers
from tests.conftest import SEAL_KEYS, migrate, written

SECRET = "only-for-browser-tests-0123456789-abcdef"
START_SECONDS = 90
PATIENCE_MS = 60_000
"""A busy machine takes its time; a test that passes never waits for this."""

CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True)
class Site:
    """A running site: its address, its mailbox, its environment, and an application on the same database."""

    url: str
    mailbox: Mailbox
    environment: dict[str, str]
    app: Flask

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command against the site and return what it printed; a failure shows what it said."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def chromium() -> str:
    """The system's Chromium; without one the test is skipped loudly, or fails where a browser is required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        why = "no Chromium found: install Debian's package `chromium`"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, shared; each person of a test gets a context of their own."""
    path = chromium()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(params=["sqlite over https", "postgresql over http"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """The site on one database, with nobody in it yet."""
    kind, _over, scheme = request.param.split()
    with ExitStack() as stack:
        database_url = stack.enter_context(a_database(kind, tmp_path))
        mailbox = stack.enter_context(Mailbox())
        environment, options = surroundings(scheme, tmp_path, database_url, mailbox)
        app = create_app(Settings.from_environment(environment))
        migrate(app)
        stack.callback(dispose, app)
        address = environment["VESTKA_PUBLIC_URL"]
        bind = address.partition("://")[2]
        gunicorn = ["gunicorn", "--no-control-socket", "-k", "gthread", "--threads", "4", "-b", bind, *options]
        stack.enter_context(process([sys.executable, "-m", *gunicorn, "wsgi:app"], environment))
        stack.enter_context(process([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], environment))
        wait_until_listening(bind)
        yield Site(address, mailbox, environment, app)


@contextmanager
def a_database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'site.db'}"
        return
    server = servers.postgres_url()
    if server is None:
        pytest.skip("no PostgreSQL found: set VESTKA_TEST_POSTGRES_URL or install it")
    name = f"vestka_browser_{uuid4().hex[:12]}"
    yield servers.create_database(server, name)
    servers.drop_database(server, name)


def surroundings(scheme: str, folder: Path, database_url: str, mailbox: Mailbox) -> tuple[dict[str, str], list[str]]:
    """The site's environment, and the server's options: a certificate of our own making over https."""
    options = []
    if scheme == "https":
        certificate = trustme.CA().issue_cert("localhost")
        key, chain = folder / "key.pem", folder / "chain.pem"
        certificate.private_key_pem.write_to_path(str(key))
        certificate.cert_chain_pems[0].write_to_path(str(chain))
        options = ["--keyfile", str(key), "--certfile", str(chain)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VESTKA_")} | {
        "VESTKA_SECRET_KEY": SECRET,
        "VESTKA_SEAL_KEYS": written(SEAL_KEYS),
        "VESTKA_PUBLIC_URL": f"{scheme}://localhost:{servers.free_port()}",
        "VESTKA_DATABASE_URL": database_url,
        "VESTKA_INSTANCE_DIR": str(folder),
        "VESTKA_MAIL_SERVER": "127.0.0.1",
        "VESTKA_MAIL_PORT": str(mailbox.smtp_port),
        "VESTKA_OFFER_HOLD_SECONDS": "0",
    }
    return environment, options


def dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@contextmanager
def process(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[Any]]:
    """A child that ends with the test: asked kindly first."""
    child = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield child
    finally:
        child.send_signal(signal.SIGINT)
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait_until_listening(bind: str) -> None:
    """Until somebody answers at host:port; gives up with a failure, not a hang."""
    host, _colon, port = bind.partition(":")
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                pytest.fail(f"nothing listens at {bind}")
            select.select([], [], [], 0.05)
