"""The demo: the whole site on this machine, with invented people and a mailbox that delivers nothing.

`make demo` runs it inside the environment. It keeps what it makes in `instance/demo`; Ctrl-C stops everything, and it
can be run again. Every server listens on loopback only.
"""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

from scripts.children import Child, Children
from scripts.parent import Make
from scripts.steps import StepFailed, complain, run_step, say

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
PRISONERS, SPONSORS = 400, 900
ANSWER_SECONDS = 60.0
LOOK_SECONDS = 0.2
BAD_USAGE = 2
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

PORT_VARIABLE, MAILBOX_PORT_VARIABLE = "VESTKA_DEMO_PORT", "VESTKA_DEMO_MAILBOX_PORT"
OWN_VARIABLES = frozenset({PORT_VARIABLE, MAILBOX_PORT_VARIABLE, "VESTKA_DEMO"})
MAY_BE_GIVEN = frozenset({"VESTKA_INSTANCE_DIR", "VESTKA_DATABASE_URL", "VESTKA_SECRET_KEY", "VESTKA_SEAL_KEYS"})


@dataclass(frozen=True)
class Ports:
    """Where the demo listens."""

    web: int
    mailbox: int
    smtp: int

    @classmethod
    def choose(cls, environment: Mapping[str, str]) -> Self:
        """The ports that the environment names, or the usual ones; raise StepFailed when one is taken."""
        return cls(
            web=_free_port(environment, PORT_VARIABLE, 8000),
            mailbox=_free_port(environment, MAILBOX_PORT_VARIABLE, 8025),
            smtp=_bound_port(0),
        )

    @property
    def app_url(self) -> str:
        """The address of the site."""
        return f"http://{LOOPBACK}:{self.web}"

    @property
    def mailbox_url(self) -> str:
        """The address of the page that shows what was mailed."""
        return f"http://{LOOPBACK}:{self.mailbox}"


def _free_port(environment: Mapping[str, str], variable: str, usual: int) -> int:
    text = environment.get(variable) or str(usual)
    if not text.isdecimal() or int(text) > 65_535:
        raise StepFailed("demo", BAD_USAGE, f"{variable} must be a port number, not {text!r}")
    try:
        return _bound_port(int(text))
    except OSError as error:
        sentence = f"port {text} is not to be had ({error.strerror}): set {variable} to another one"
        raise StepFailed("demo", BAD_USAGE, sentence) from error


def _bound_port(port: int) -> int:
    """The port, once it is certain that it can be bound; for 0 one that the system chooses."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        bound: int = listener.getsockname()[1]
        return bound


def demo_environment(inherited: Mapping[str, str], ports: Ports) -> dict[str, str]:
    """The environment of the demo's programs: its own mail server and address always, never those of a real site.

    A database or an instance named in the environment is used only where `VESTKA_DEMO=1` says that it is a demo's.
    """
    is_a_demo = inherited.get("VESTKA_DEMO") == "1"
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.startswith("VESTKA_") or (is_a_demo and name in MAY_BE_GIVEN)
    }
    return {
        "VESTKA_INSTANCE_DIR": str(ROOT / "instance" / "demo"),
        **kept,
        "VESTKA_DEMO": "1",
        "VESTKA_PUBLIC_URL": ports.app_url,
        "VESTKA_MAIL_SERVER": LOOPBACK,
        "VESTKA_MAIL_PORT": str(ports.smtp),
        "VESTKA_MAIL_TLS": "none",
        "VESTKA_OFFER_HOLD_SECONDS": "15",  # long enough to take an approval back, short enough to wait for
        "PYTHONUNBUFFERED": "1",
    }


def set_aside(inherited: Mapping[str, str], environment: Mapping[str, str]) -> list[str]:
    """The settings that the caller has and the demo does not use."""
    return sorted(
        name
        for name, value in inherited.items()
        if name.startswith("VESTKA_") and name not in OWN_VARIABLES and environment.get(name) != value
    )


def seed(environment: Mapping[str, str]) -> dict[str, Any]:
    """Bring the database up to date and fill it, unless it is filled already; give back what the command says."""
    run_step("database", _flask("db", "upgrade"), root=ROOT, environment=environment)
    command = _flask("demo", "seed", "--prisoners", str(PRISONERS), "--sponsors", str(SPONSORS), "--json")
    say(f"== people: {PRISONERS} invented prisoners, {SPONSORS} invented sponsors")
    ended = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=False)
    if ended.returncode:
        raise StepFailed("people", 1)
    said: dict[str, Any] = json.loads(ended.stdout)
    return said


def _flask(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def commands(ports: Ports) -> dict[str, list[str]]:
    """The programs that run side by side, in the order in which they start; they stop in the opposite one."""
    gunicorn = ["gunicorn", "wsgi:app", "--bind", f"{LOOPBACK}:{ports.web}", "--worker-class", "gthread"]
    # Short, since a worker told to stop while it boots may miss the word; and no socket that takes orders.
    gunicorn += ["--workers", "2", "--threads", "4", "--graceful-timeout", "3", "--no-control-socket"]
    mailbox = ["--smtp-port", str(ports.smtp), "--page-port", str(ports.mailbox)]
    return {
        "mailbox": [sys.executable, "-m", "scripts.mailbox", *mailbox],
        "worker": _flask("worker"),
        "web": [sys.executable, "-m", *gunicorn],
    }


def logins_table(logins: list[dict[str, str | None]]) -> str:
    """The log-ins as columns; the second factor only where somebody has one."""
    names = ["role", "email", "password"] + ["totp_secret"] * any(login.get("totp_secret") for login in logins)
    rows = [names, *([login.get(name) or "" for name in names] for login in logins)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def way_to_codes(logins: list[dict[str, str | None]], instance: str) -> str:
    """How to get the code that staff are asked for after the password; empty where nobody has a second factor."""
    if not any(login.get("totp_secret") for login in logins):
        return ""
    there = f"VESTKA_DEMO=1 VESTKA_INSTANCE_DIR={shlex.quote(instance)}"
    command = f"{there} {shlex.join(_flask('demo', 'code', 'EMAIL'))}"
    return f"Staff are asked for a code too. An app that knows the totp_secret shows it, and so does\n  {command}\n\n"


def _wait_for_answers(children: Children, make: Make, *addresses: str) -> None:
    """Return when every address answers; raise as `_look_around` does, or StepFailed when time runs out before."""
    deadline = time.monotonic() + ANSWER_SECONDS
    for address in addresses:
        while not _answers(address):
            _look_around(children, make)
            if time.monotonic() > deadline:
                raise StepFailed("demo", 1, f"{address} did not answer within {ANSWER_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)


def _answers(address: str) -> bool:
    place = urlsplit(address)
    connection = HTTPConnection(place.netloc, timeout=2)
    try:
        connection.request("GET", place.path or "/")
        return connection.getresponse().status == HTTPStatus.OK
    except (HTTPException, OSError):
        return False
    finally:
        connection.close()


def _look_around(children: Children, make: Make) -> None:
    """Raise StepFailed when a child has ended, KeyboardInterrupt when the `make` above us is stopping."""
    if make.is_stopping:
        raise KeyboardInterrupt
    fallen = children.fallen()
    if fallen is not None:
        raise StepFailed("demo", 1, _obituary(fallen))


def _obituary(child: Child) -> str:
    code = child.process.returncode
    return f"the {child.name} ended by itself with exit code {code}; its last lines:\n{child.last_lines()}"


def _run(ports: Ports) -> NoReturn:
    """Run until a signal ends it with KeyboardInterrupt, or a failure with StepFailed."""
    environment = demo_environment(os.environ, ports)
    for name in set_aside(os.environ, environment):
        say(f"demo: {name} is left aside (a demo's own database or instance also needs VESTKA_DEMO=1)")
    said = seed(environment)
    folder = Path(environment["VESTKA_INSTANCE_DIR"]) / "log"
    make = Make()
    children = Children(folder=folder, root=ROOT, environment=environment)
    try:
        for name, command in commands(ports).items():
            children.start(name, command)
        _wait_for_answers(children, make, ports.mailbox_url, f"{ports.app_url}/healthz")
        say(f"\napp: {ports.app_url}\nmailbox: {ports.mailbox_url}\n\n{logins_table(said['logins'])}\n")
        say(f"{way_to_codes(said['logins'], environment['VESTKA_INSTANCE_DIR'])}Ctrl-C stops everything.")
        while True:
            _look_around(children, make)
            time.sleep(LOOK_SECONDS)
    finally:
        _on_stopping(signal.SIG_IGN)  # a second Ctrl-C must not cut the farewell short
        children.stop()


def _on_stopping(reaction: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    for number in STOPPING:
        signal.signal(number, reaction)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def main() -> int:
    """Run the demo: 0 when it was stopped, 1 when something fell over, 2 when a port is not to be had."""
    _on_stopping(_interrupt)
    try:
        _run(Ports.choose(os.environ))
    except StepFailed as failure:
        complain(f"demo: {failure}")
        return failure.exit_code
    except KeyboardInterrupt:
        say("\ndemo: stopped")
        return 0


if __name__ == "__main__":
    sys.exit(main())
