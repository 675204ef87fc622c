"""Running commands in a test, and the files that stand beside the project on a developer's machine."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

ROOT = Path(__file__).resolve().parents[3]
BESIDE = ROOT.parent / "shared"


def run(app: Flask, *arguments: str | Path) -> Result:
    """Run `flask ARGUMENTS`; an exception that is no exit of a command fails the test."""
    result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(app: Flask, *arguments: str | Path) -> dict[str, Any]:
    """The one JSON object that the command prints on stdout, when all goes well."""
    result = run(app, *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refusal(app: Flask, *arguments: str | Path) -> tuple[int, str]:
    """The exit code and the one line on stderr of a command that says no; nothing may stand on stdout."""
    result = run(app, *arguments)
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert len(lines) == 1, result.stderr
    return result.exit_code, lines[0]


def beside(*parts: str) -> Path:
    """A file of the folder `shared` beside the checkout; the test is skipped where there is none."""
    path = BESIDE.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs {'/'.join(parts)} in the folder shared beside the checkout, which is not there")
    return path
