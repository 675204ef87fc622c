"""Steps: commands that are shown, run, and stop the rest when they fail."""

import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

INTERRUPTED_EXIT_CODE = 128 + signal.SIGINT


class StepFailed(Exception):
    """A step that did not succeed: its name, and the exit code that `make` is to see."""

    def __init__(self, name: str, exit_code: int, reason: str = "") -> None:
        super().__init__(reason or f"step '{name}' failed with exit code {exit_code}")
        self.name = name
        self.exit_code = exit_code


def say(line: str) -> None:
    """Print one line at once, so that it stands before what the next command prints."""
    print(line, flush=True)


def complain(line: str) -> None:
    """Print one line on standard error at once."""
    print(line, file=sys.stderr, flush=True)


def run_step(name: str, command: Sequence[str], *, root: Path, environment: Mapping[str, str] | None = None) -> None:
    """Show and run one command in `root`; raise StepFailed when it does not exit 0."""
    say(f"== {name}: {shlex.join(command)}")
    try:
        code = subprocess.run(command, cwd=root, env=environment, check=False).returncode
    except OSError as error:
        raise StepFailed(name, 127, f"step '{name}' could not start: {error}") from error
    if code:
        raise StepFailed(name, _shell_exit_code(code))


def _shell_exit_code(code: int) -> int:
    """A process ended by a signal has a negative code; a shell says 128 plus the signal."""
    return code if code > 0 else 128 - code
