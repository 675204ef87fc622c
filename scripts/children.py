"""Child processes of the demo: started together, watched, stopped together, and never left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAST_LINES = 15
# How long each of them is given before the next, louder word.
FAREWELLS = ((signal.SIGINT, 8.0), (signal.SIGTERM, 4.0), (signal.SIGKILL, 4.0))
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """A running program, and the file that holds what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def fallen(self) -> bool:
        """Whether it has ended, which no child does by itself."""
        return self.process.poll() is not None

    def last_lines(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-LAST_LINES:])


class Children:
    """Programs that run until `stop`. Each logs to `<folder>/<name>.log`."""

    def __init__(self, *, folder: Path, root: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._root = root
        self._environment = environment
        self._children: list[Child] = []
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start one program in a session of its own, so that a Ctrl-C at the terminal reaches us alone."""
        log = self._folder / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=self._root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def fallen(self) -> Child | None:
        """The first child that has ended, if any has."""
        return next((child for child in self._children if child.fallen), None)

    def stop(self) -> None:
        """Stop the last started first, gently and then less so; then end whatever they left running."""
        for child in reversed(self._children):
            for number, patience in FAREWELLS:
                if _ended(child, number, patience):
                    break
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
        self._children.clear()


def _ended(child: Child, number: signal.Signals, patience: float) -> bool:
    """Send the signal and wait this many seconds; whether the child is gone."""
    if child.fallen:
        return True
    child.process.send_signal(number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.process.wait(timeout=patience)
    return child.fallen


def _end_with_parent() -> None:
    """Ask Linux to send SIGTERM when the parent is killed outright and can stop nobody."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
