"""A PostgreSQL server for tests: one that runs already, or one of our own that stops with the tests.

The process that leads a run over several workers starts the server once and tells them where it is (`find_for_all`,
called by the top conftest). Anywhere else the first to ask starts it.
"""

import atexit
import contextlib
import getpass
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from scripts.programs import POSTGRES_PORT, postgres_programs

URL_VARIABLE = "VESTKA_TEST_POSTGRES_URL"
START_SECONDS = 90
ATTEMPTS = 3
UNPRIVILEGED = ("postgres", "nobody")

# Nothing in a test server outlives the tests, so it need not survive a power cut.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}


def find_for_all(config: pytest.Config) -> None:
    """Where this process leads several workers, find or start the server before they begin."""
    leads = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not leads:
        return
    with contextlib.suppress(LookupError):
        os.environ[URL_VARIABLE] = postgres_url() or ""


@cache
def postgres_url() -> str | None:
    """Where a server is on which the tests may create databases, or None; raise LookupError where one is required.

    Tried in this order: what VESTKA_TEST_POSTGRES_URL names, a server on the usual port, one started from the
    installed programs. `REQUIRE_POSTGRES=1` requires one.
    """
    url = os.environ.get(URL_VARIABLE) or _running_server() or _own_server()
    if url is None and os.environ.get("REQUIRE_POSTGRES") == "1":
        raise LookupError(f"REQUIRE_POSTGRES=1, but no PostgreSQL was found: install it or set {URL_VARIABLE}")
    return url


def create_database(url: str, name: str) -> str:
    """Create the empty database `name` on the server at `url`; give back its own address."""
    _administer(url, sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    return make_url(url).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)


def drop_database(url: str, name: str) -> None:
    """Drop the database `name`, whoever is still connected to it; nothing happens where there is none."""
    _administer(url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(url: str, statement: sql.Composed) -> None:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)


def _running_server() -> str | None:
    """The server on the usual port, if one of the usual users may create databases there without a password."""
    users = dict.fromkeys(("postgres", getpass.getuser()))
    return next((url for user in users if _may_create_databases(url := _address(user, POSTGRES_PORT))), None)


def _address(user: str, port: int) -> str:
    return f"postgresql+psycopg://{user}@127.0.0.1:{port}/postgres"


def _may_create_databases(url: str) -> bool:
    plain = make_url(url).set(drivername="postgresql").render_as_string()
    question = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(plain, connect_timeout=3) as connection:
            row = connection.execute(question).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


def _own_server() -> str | None:
    """Start a server that stops when this process ends, or None where PostgreSQL is not installed."""
    programs = postgres_programs()
    if programs is None:
        return None
    server = start_server(programs)
    atexit.register(server.stop)
    return server.url


@dataclass(frozen=True)
class Server:
    """A running server of our own, with all its files in one temporary folder."""

    programs: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        """The address of its first database."""
        return _address("postgres", self.port)

    def stop(self) -> None:
        """Stop it at once and remove its files."""
        _as_unprivileged(
            [self.programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", self.folder / "data"], self.folder
        )
        shutil.rmtree(self.folder)


def start_server(programs: Path) -> Server:
    """Make and start a server from the programs in this folder; raise RuntimeError with its log when it does not."""
    folder = Path(tempfile.mkdtemp(prefix="vestka-postgres-"))
    user = _unprivileged_user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    made = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]
    try:
        _as_unprivileged([programs / "initdb", *made, "-D", data], folder)
        return _start(programs, folder)
    except BaseException:
        shutil.rmtree(folder)
        raise


def _start(programs: Path, folder: Path) -> Server:
    """Start on a free port; another process may take it first, so a few are tried."""
    log = folder / "log"
    for attempt in range(1, ATTEMPTS + 1):
        port = free_port()
        options = " ".join(f"-c {name}='{value}'" for name, value in (SETTINGS | {"port": str(port)}).items())
        start: list[str | Path] = ["start", "-w", "-s", "-t", str(START_SECONDS), "-l", log, "-o", options]
        try:
            _as_unprivileged([programs / "pg_ctl", *start, "-D", folder / "data"], folder)
            return Server(programs, folder, port)
        except RuntimeError as failure:
            if attempt == ATTEMPTS:
                raise RuntimeError(f"{failure}\n{log.read_text() if log.exists() else ''}") from failure
    raise AssertionError("unreachable")


def free_port() -> int:
    """A port of the loopback address that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run the server as: PostgreSQL refuses to be root; anyone else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in UNPRIVILEGED if name in known)


def _as_unprivileged(command: list[str | Path], folder: Path) -> None:
    """Run one of PostgreSQL's programs in `folder`; raise RuntimeError with what it said when it fails."""
    user = _unprivileged_user()
    identity: dict[str, Any] = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Not through pipes: the server keeps them open, and reading would last as long as the server lives.
    with tempfile.TemporaryFile("w+") as said:
        ended = subprocess.run(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False,
            **identity,
        )  # fmt: skip
        if ended.returncode:
            said.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} exited with {ended.returncode}: {said.read()}")


def _environment() -> dict[str, str]:
    """Ours, without the variables that would point PostgreSQL's programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
