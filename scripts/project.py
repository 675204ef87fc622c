"""What `make` runs: sets the project up, checks it, measures it, shows it.

Run from the root of the checkout: `python3 -m scripts.project COMMAND`. Needs nothing but Python 3.11 or newer; uv is
used where it is installed. Every command prints its steps, stops at the first that fails and returns its exit code.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts import environment, programs
from scripts.demo import Ports
from scripts.environment import APP, DEV, Environment
from scripts.steps import INTERRUPTED_EXIT_CODE, StepFailed, complain, run_step, say

ROOT = Path(__file__).resolve().parent.parent
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".make", "htmlcov")

# Two workers fit the smallest machine we check on. `worksteal` hands each worker a run of neighbouring tests, so a
# module's server or database is made once, and still evens out a browser journey against a thousand quick tests.
TEST_WORKERS = ("-n", "2", "--dist", "worksteal")


def setup() -> Environment:
    """make .venv with everything that development needs"""
    return environment.prepare(ROOT, DEV, uv=environment.find_uv())


def lint() -> None:
    """look for mistakes and for unformatted code (ruff), and for broken markup (djlint)"""
    tools = setup()
    run_step("lint", tools.tool("ruff", "check", "."), root=ROOT)
    run_step("format", tools.tool("ruff", "format", "--check", "."), root=ROOT)
    run_step("templates", tools.tool("djlint", "app/templates", "--lint", "--quiet"), root=ROOT)


def types() -> None:
    """check the type hints (mypy, strict)"""
    tools = setup()
    run_step("types", tools.tool("mypy"), root=ROOT)


def test() -> None:
    """run every test (pytest)"""
    tools = setup()
    run_step("test", tools.tool("pytest", *TEST_WORKERS), root=ROOT)


def check() -> None:
    """run everything that CI runs"""
    setup()
    programs.install_missing(ROOT)
    lint()
    types()
    test()
    say("== check: all of it passed")


def bench() -> None:
    """run every measurement in benchmarks/"""
    measurements = sorted((ROOT / "benchmarks").glob("bench_*.py"))
    if not measurements:
        raise StepFailed("bench", 1, "benchmarks/ holds no bench_*.py: there is nothing to measure")
    made = setup()
    for path in measurements:
        run_step(path.stem, made.tool(f"benchmarks.{path.stem}"), root=ROOT)


def demo() -> None:
    """show the whole site with invented people on this machine"""
    Ports.choose(os.environ)  # a taken port is said at once, not after a minute of setting up
    made = environment.prepare(ROOT, APP, uv=environment.find_uv())
    os.execv(made.python, made.tool("scripts.demo"))  # noqa: S606 - becomes the demo, so that signals reach it


def requirements() -> None:
    """pin and hash requirements/*.txt anew from pyproject.toml (needs uv)"""
    uv = environment.find_uv()
    if uv is None:
        raise StepFailed("requirements", 2, "pinning needs uv: pip install uv")
    # A pin without its extras is none to pip once a newer release is out: it would refuse to install anything at all.
    common = ["--quiet", "--generate-hashes", "--no-strip-extras", "--no-emit-index-url", "--no-header"]
    command = [uv, "pip", "compile", "pyproject.toml", *common, "--python-version", "3.11"]
    app, dev = "requirements/app.txt", "requirements/dev.txt"
    run_step("requirements", [*command, "-o", app], root=ROOT)
    run_step("requirements", [*command, "--extra", "dev", "-c", app, "-o", dev], root=ROOT)


def clean() -> None:
    """remove what the other commands made: .venv, caches, the demo's instance"""
    kept_apart = [ROOT / ".venv", ROOT / "instance" / "demo", *(ROOT / name for name in CACHES)]
    bytecode = [path for top in ("app", "benchmarks", "scripts", "tests") for path in (ROOT / top).rglob("__pycache__")]
    for folder in [*kept_apart, *bytecode]:
        shutil.rmtree(folder, ignore_errors=True)


COMMANDS: tuple[Callable[[], object], ...] = (demo, check, bench, setup, lint, types, test, requirements, clean)


def main(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name; give back the exit code for the shell."""
    parser = argparse.ArgumentParser(
        prog="make",
        description="Commands of the workshop:",
        epilog="\n".join(f"  {command.__name__:<14}{command.__doc__}" for command in COMMANDS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=[command.__name__ for command in COMMANDS], metavar="COMMAND")
    wanted = parser.parse_args(arguments).command
    try:
        next(command for command in COMMANDS if command.__name__ == wanted)()
    except StepFailed as failure:
        complain(f"{wanted}: {failure}")
        return failure.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT_CODE
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
