"""`make demo`: its ports, its settings, its log-ins, and programs that never outlive it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from scripts import demo
from scripts.demo import MAILBOX_PORT_VARIABLE, PORT_VARIABLE, Ports
from scripts.steps import StepFailed
from tests.unit.switchboard import ANSWER_SECONDS, Switchboard, open_switchboard

PORTS = Ports(web=8000, mailbox=8025, smtp=2525)

APPLICATION = """
import json, os, socket, sys, time
import click
from flask import Flask
from flask.cli import AppGroup

app = Flask(__name__)
app.add_url_rule("/healthz", view_func=lambda: "up")
db, demo = AppGroup("db"), AppGroup("demo")

@db.command("upgrade")
def upgrade():
    click.echo("upgraded", err=True)

@demo.command("seed")
@click.option("--prisoners")
@click.option("--sponsors")
@click.option("--json", "as_json", is_flag=True)
def seed(prisoners, sponsors, as_json):
    login = {"role": "sponsor", "email": "vera@example.org", "password": "a long password", "totp_secret": None}
    click.echo(json.dumps({"prisoners": int(prisoners), "sponsors": int(sponsors), "matches": 0, "logins": [login]}))

@app.cli.command("worker")
def worker():
    friend = socket.create_connection(("127.0.0.1", int(os.environ["LISTENER"])))
    if os.environ.get("WORKER_FALLS"):
        sys.exit("the queue is on fire")
    try:
        while True:
            time.sleep(60)
    except KeyboardInterrupt:
        friend.sendall(b"a gentle end")

app.cli.add_command(db)
app.cli.add_command(demo)
"""


@pytest.fixture
def switchboard() -> Iterator[Switchboard]:
    with open_switchboard() as board:
        yield board


@pytest.fixture
def environment(switchboard: Switchboard) -> dict[str, str]:
    ours = {PORT_VARIABLE: "0", MAILBOX_PORT_VARIABLE: "0", "LISTENER": str(switchboard.port)}
    return {name: value for name, value in os.environ.items() if not name.startswith("VESTKA_")} | ours


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The workshop as it is, over an application of a few lines."""
    shutil.copytree(demo.ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "wsgi.py").write_text(APPLICATION)
    return tmp_path


@pytest.mark.parametrize("variable", [PORT_VARIABLE, MAILBOX_PORT_VARIABLE])
def test_a_taken_port_is_named_with_the_variable_that_changes_it(switchboard: Switchboard, variable: str) -> None:
    taken = str(switchboard.port)

    with pytest.raises(StepFailed, match=f"port {taken} .*set {variable}") as failure:
        Ports.choose({PORT_VARIABLE: "0", MAILBOX_PORT_VARIABLE: "0", variable: taken})

    assert failure.value.exit_code == 2


@pytest.mark.parametrize("value", ["http", "-1", "70000", "80.5"])
def test_what_is_no_port_is_refused(value: str) -> None:
    with pytest.raises(StepFailed, match=f"{PORT_VARIABLE} must be a port number"):
        Ports.choose({PORT_VARIABLE: value})


def test_the_demo_mails_nobody_whatever_the_environment_says() -> None:
    inherited = {"VESTKA_DEMO": "1", "VESTKA_MAIL_SERVER": "mail.example.org", "VESTKA_MAIL_PASSWORD": "secret"}

    environment = demo.demo_environment(inherited, PORTS)

    assert (environment["VESTKA_MAIL_SERVER"], environment["VESTKA_MAIL_PORT"]) == ("127.0.0.1", "2525")
    assert "VESTKA_MAIL_PASSWORD" not in environment


def test_the_database_of_a_real_site_is_left_alone() -> None:
    inherited = {"PATH": "/bin", "VESTKA_DATABASE_URL": "postgresql://real", "VESTKA_INSTANCE_DIR": "/srv/vestka"}

    environment = demo.demo_environment(inherited, PORTS)

    assert "VESTKA_DATABASE_URL" not in environment
    assert environment["VESTKA_INSTANCE_DIR"] == str(demo.ROOT / "instance" / "demo")
    assert environment["PATH"] == "/bin"
    assert demo.set_aside(inherited, environment) == ["VESTKA_DATABASE_URL", "VESTKA_INSTANCE_DIR"]


def test_the_database_that_is_said_to_be_a_demos_is_used() -> None:
    inherited = {"VESTKA_DEMO": "1", "VESTKA_DATABASE_URL": "postgresql://demo", "VESTKA_INSTANCE_DIR": "/srv/demo"}

    environment = demo.demo_environment(inherited, PORTS)

    assert (environment["VESTKA_DATABASE_URL"], environment["VESTKA_INSTANCE_DIR"]) == (
        "postgresql://demo",
        "/srv/demo",
    )
    assert demo.set_aside(inherited, environment) == []


def test_logins_stand_in_columns_with_a_second_factor_only_where_somebody_has_one() -> None:
    vera: dict[str, str | None] = {
        "role": "sponsor",
        "email": "vera@example.org",
        "password": "pw",
        "totp_secret": None,
    }
    anna = {"role": "administrator", "email": "a@example.org", "password": "pw", "totp_secret": "JBSWY3DP"}

    assert demo.logins_table([vera]).splitlines() == [
        "role     email             password",
        "sponsor  vera@example.org  pw",
    ]
    assert demo.logins_table([vera, anna]).splitlines()[2] == "administrator  a@example.org     pw        JBSWY3DP"


def test_whoever_needs_a_code_is_told_how_to_get_it() -> None:
    staff: dict[str, str | None] = {"email": "a@example.org", "totp_secret": "JBSWY3DP"}

    told = demo.way_to_codes([staff], "/srv/a demo")

    assert "VESTKA_INSTANCE_DIR='/srv/a demo' " in told
    assert told.rstrip().endswith("-m flask --app wsgi demo code EMAIL")
    assert demo.way_to_codes([staff | {"totp_secret": None}], "/srv/demo") == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_shows_where_it_is_and_stops_when_told(
    checkout: Path, environment: dict[str, str], switchboard: Switchboard, number: signal.Signals
) -> None:
    with _demo(checkout, environment) as process:
        worker = switchboard.next_call()
        said = _read_until_it_runs(process)

        process.send_signal(number)
        output, errors = process.communicate(timeout=ANSWER_SECONDS)

    assert process.returncode == 0, errors
    assert worker.recv(100) == b"a gentle end"
    lines = dict(line.split(": ", 1) for line in said if line.startswith(("app: ", "mailbox: ")))
    assert any("vera@example.org" in line for line in said)
    assert "demo: stopped" in output
    for url in lines.values():
        with socket.socket() as client:
            assert client.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


@pytest.mark.slow
def test_a_worker_that_falls_takes_the_demo_down_and_is_named(
    checkout: Path, environment: dict[str, str], switchboard: Switchboard
) -> None:
    with _demo(checkout, environment | {"WORKER_FALLS": "1"}) as process:
        switchboard.next_call()
        _, errors = process.communicate(timeout=ANSWER_SECONDS)

    assert process.returncode == 1
    assert "the worker ended by itself with exit code 1" in errors
    assert "the queue is on fire" in errors


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_demo_that_is_killed_outright_leaves_no_orphans(
    checkout: Path, environment: dict[str, str], switchboard: Switchboard
) -> None:
    with _demo(checkout, environment) as process:
        worker = switchboard.next_call()
        _read_until_it_runs(process)

        process.kill()

    assert worker.recv(100) == b""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or shutil.which("make") is None, reason="needs make, and Linux to watch it")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_demo_stops_with_the_make_that_runs_it(
    checkout: Path, environment: dict[str, str], switchboard: Switchboard, number: signal.Signals
) -> None:
    (checkout / "Makefile").write_text(f"demo:\n\t@{sys.executable} -m scripts.demo\n")
    with _started(["make"], checkout, environment) as process:
        worker = switchboard.next_call()
        _read_until_it_runs(process)

        process.send_signal(number)

        assert worker.recv(100) == b"a gentle end"


def test_a_taken_port_stops_the_demo_before_anything_is_made(
    checkout: Path, environment: dict[str, str], switchboard: Switchboard
) -> None:
    taken = str(switchboard.port)

    with _demo(checkout, environment | {PORT_VARIABLE: taken}) as process:
        output, errors = process.communicate(timeout=ANSWER_SECONDS)

    assert (process.returncode, output) == (2, "")
    assert len(errors.splitlines()) == 1
    assert taken in errors
    assert not (checkout / "instance").exists()


def _demo(checkout: Path, environment: dict[str, str]) -> AbstractContextManager["subprocess.Popen[str]"]:
    return _started([sys.executable, "-m", "scripts.demo"], checkout, environment)


@contextmanager
def _started(command: list[str], checkout: Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=checkout, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _read_until_it_runs(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("Ctrl-C"):
            return lines
    raise AssertionError(f"the demo ended early: {lines}")
