"""The PostgreSQL that database tests stand on: found where it runs, started where it is only installed."""

import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from scripts.programs import postgres_programs
from tests import servers


@pytest.fixture
def asked_afresh() -> Iterator[None]:
    """`postgres_url` remembers its answer; these tests ask it under other circumstances."""
    servers.postgres_url.cache_clear()
    yield
    servers.postgres_url.cache_clear()


@pytest.fixture(scope="module")
def own_server() -> Iterator[servers.Server]:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are not installed")
    server = servers.start_server(programs)
    yield server
    if server.folder.exists():
        server.stop()


@pytest.mark.slow
def test_a_server_of_our_own_keeps_databases_apart_and_takes_them_away_again(own_server: servers.Server) -> None:
    url = servers.create_database(own_server.url, "vestka_one")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE letters (body text)"))
        connection.execute(text("INSERT INTO letters VALUES ('ўіёґ')"))
        assert connection.execute(text("SELECT body FROM letters")).scalar_one() == "ўіёґ"

    servers.drop_database(own_server.url, "vestka_one")

    assert make_url(url).database == "vestka_one"
    with psycopg.connect(_plain(own_server.url)) as connection:
        [(left,)] = connection.execute("SELECT count(*) FROM pg_database WHERE datname = 'vestka_one'").fetchall()
    assert left == 0
    engine.dispose()


@pytest.mark.slow
def test_a_server_of_our_own_listens_on_loopback_only(own_server: servers.Server) -> None:
    with psycopg.connect(_plain(own_server.url)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


@pytest.mark.slow
def test_a_stopped_server_leaves_no_files_and_no_listener() -> None:
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are not installed")
    server = servers.start_server(programs)

    server.stop()

    assert not server.folder.exists()
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", server.port)) != 0


@pytest.mark.usefixtures("asked_afresh")
def test_a_named_server_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(servers.URL_VARIABLE, "postgresql://tester@127.0.0.1:7777/postgres")

    assert servers.postgres_url() == "postgresql://tester@127.0.0.1:7777/postgres"


@pytest.mark.usefixtures("asked_afresh")
def test_without_any_server_the_answer_is_none_and_a_failure_where_one_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(servers.URL_VARIABLE, raising=False)
    monkeypatch.delenv("REQUIRE_POSTGRES", raising=False)
    monkeypatch.setattr(servers, "POSTGRES_PORT", servers.free_port())
    monkeypatch.setattr(servers, "postgres_programs", lambda: None)

    assert servers.postgres_url() is None

    servers.postgres_url.cache_clear()
    monkeypatch.setenv("REQUIRE_POSTGRES", "1")
    with pytest.raises(LookupError, match="REQUIRE_POSTGRES=1"):
        servers.postgres_url()


def test_programs_that_cannot_make_a_server_say_why_and_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    monkeypatch.setattr(servers.tempfile, "mkdtemp", lambda prefix: _made(elsewhere / f"{prefix}1"))
    monkeypatch.setattr(servers, "_unprivileged_user", lambda: None)
    (tmp_path / "initdb").write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    (tmp_path / "initdb").chmod(0o755)

    with pytest.raises(RuntimeError, match="initdb exited with 1: the disk is full"):
        servers.start_server(tmp_path)

    assert list(elsewhere.iterdir()) == []


def _made(folder: Path) -> str:
    folder.mkdir()
    return str(folder)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string()
