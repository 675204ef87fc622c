"""The virtual environment `.venv`: made when missing, mended when half made, brought up to date when pins change.

Packages come from one hashed file, `requirements/app.txt` or `requirements/dev.txt`, and nothing enters without its
hash. A stamp with the file's digest makes the second run instant.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.steps import run_step, say

APP = "app"
DEV = "dev"

Runner = Callable[[str, Sequence[str]], None]
"""Runs the named step's command; raises StepFailed when it fails."""


@dataclass(frozen=True)
class Environment:
    """The virtual environment of the checkout at `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self.root / ".venv"

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "bin" / "python")

    @property
    def unfinished(self) -> Path:
        """Stands while an installation runs; found later, the installation was killed half way."""
        return self.folder / ".vestka-unfinished"

    def requirements(self, name: str) -> Path:
        """The pinned and hashed file called `name`."""
        return self.root / "requirements" / f"{name}.txt"

    def stamp(self, name: str) -> Path:
        """Holds the digest of the requirements that were installed last under `name`."""
        return self.folder / f".vestka-{name}"

    def tool(self, name: str, *arguments: str) -> list[str]:
        """The command line of a Python tool installed here."""
        return [self.python, "-m", name, *arguments]


def prepare(root: Path, name: str, *, runner: Runner | None = None, uv: str | None = None) -> Environment:
    """Give back an environment in which everything of `requirements/<name>.txt` is installed.

    `uv` is the path of uv, used where it is given; pip otherwise. Raises StepFailed when a command fails.
    """
    run = runner or (lambda step, command: run_step(step, command, root=root))
    environment = Environment(root)
    with _alone(root):
        if _half_made(environment):
            say("== setup: .venv is missing or half made; making it anew")
            shutil.rmtree(environment.folder, ignore_errors=True)
            run("setup", _making_command(environment, uv))
        digest = hashlib.sha256(environment.requirements(name).read_bytes()).hexdigest()
        if not _installed(environment, name, digest):
            _install(environment, name, run=run, uv=uv)
            environment.stamp(name).write_text(digest, encoding="ascii")
    return environment


def find_uv() -> str | None:
    """The path of uv, or None where it is not installed."""
    return shutil.which("uv")


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep a second `make` in the same checkout waiting until this one has set up."""
    folder = root / ".make"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _half_made(environment: Environment) -> bool:
    if environment.unfinished.exists() or not (environment.folder / "pyvenv.cfg").is_file():
        return True
    return not _answers(environment, "import sys; sys.exit(sys.version_info < (3, 11))")


def _answers(environment: Environment, program: str) -> bool:
    """Whether the environment's interpreter runs and the little program exits 0."""
    try:
        return subprocess.run([environment.python, "-c", program], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _making_command(environment: Environment, uv: str | None) -> list[str]:
    if uv is not None:
        return [uv, "venv", "--quiet", "--no-project", "--python", sys.executable, str(environment.folder)]
    return [sys.executable, "-m", "venv", str(environment.folder)]


def _installed(environment: Environment, name: str, digest: str) -> bool:
    stamp = environment.stamp(name)
    return stamp.is_file() and stamp.read_text(encoding="ascii") == digest


def _install(environment: Environment, name: str, *, run: Runner, uv: str | None) -> None:
    """Install one requirements file. An ordinary failure leaves the environment as it was; a kill leaves the mark."""
    environment.stamp(name).unlink(missing_ok=True)
    environment.unfinished.touch()
    try:
        _run_installer(environment, name, run=run, uv=uv)
    except Exception:
        environment.unfinished.unlink()
        raise
    environment.unfinished.unlink()


def _run_installer(environment: Environment, name: str, *, run: Runner, uv: str | None) -> None:
    pins = ["--require-hashes", "-r", str(environment.requirements(name))]
    if uv is not None:
        run("setup", [uv, "pip", "install", "--quiet", "--python", environment.python, *pins])
        return
    if not _answers(environment, "import pip"):
        run("setup", environment.tool("ensurepip"))
    run("setup", environment.tool("pip", "install", "-qq", "--disable-pip-version-check", *pins))
