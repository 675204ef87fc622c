"""Child programs: started together, watched, stopped together, never left behind."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import children
from scripts.children import Children
from tests.unit.switchboard import ANSWER_SECONDS, Switchboard, open_switchboard

# Calls the test when it is ready, and then lives until it is ended.
PROGRAM = """
import os, signal, socket, subprocess, sys, time
for name in sys.argv[1:]:
    signal.signal(getattr(signal, name), signal.SIG_IGN)
friend = socket.create_connection(("127.0.0.1", int(os.environ["LISTENER"])))
friend.sendall(b"ready")
print("I am running", flush=True)
while True:
    time.sleep(60)
"""


@pytest.fixture
def switchboard() -> Iterator[Switchboard]:
    with open_switchboard() as board:
        yield board


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return [sys.executable, str(path)]


@pytest.fixture
def running(tmp_path: Path, switchboard: Switchboard) -> Iterator[Children]:
    environment = os.environ | {"LISTENER": str(switchboard.port)}
    started = Children(folder=tmp_path / "log", root=tmp_path, environment=environment)
    yield started
    started.stop()


def test_a_child_is_stopped_by_the_gentlest_word_it_hears(
    running: Children, switchboard: Switchboard, program: list[str]
) -> None:
    child = running.start("web", program)
    switchboard.next_call().recv(5)

    running.stop()

    assert child.process.returncode == -signal.SIGINT


@pytest.mark.slow
def test_a_child_that_hears_nothing_is_killed(
    running: Children, switchboard: Switchboard, program: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        children, "FAREWELLS", ((signal.SIGINT, 0.1), (signal.SIGTERM, 0.1), (signal.SIGKILL, ANSWER_SECONDS))
    )
    child = running.start("worker", [*program, "SIGINT", "SIGTERM"])
    switchboard.next_call().recv(5)

    running.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_what_a_child_leaves_running_ends_with_it(
    running: Children, switchboard: Switchboard, program: list[str]
) -> None:
    launcher = f"import subprocess, sys; subprocess.Popen({program!r}); sys.stdin.close()"
    running.start("web", [sys.executable, "-c", launcher])
    orphan = switchboard.next_call()
    orphan.recv(5)

    running.stop()

    assert orphan.recv(1) == b""


def test_a_child_that_ends_by_itself_is_found_with_its_last_words(running: Children) -> None:
    child = running.start("worker", [sys.executable, "-c", "print('out of ink'); raise SystemExit(3)"])
    child.process.wait(ANSWER_SECONDS)

    assert running.fallen() is child
    assert child.process.returncode == 3
    assert "out of ink" in child.last_lines()
