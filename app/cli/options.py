"""What every command shares: `--now`, `--json`, one JSON object on stdout, and one-line failures with the right exit.

Exit codes: 0 done, 1 the answer is "no" (a `VestkaError`), 2 bad usage or bad input (`BadInput`, and whatever click
itself refuses). Use `CommandGroup` for `flask NAME …` and `LoneCommand` for a command without a group; both turn named
failures into those exits, so commands raise and never catch.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

import click
from alembic.util import CommandError
from flask.cli import AppGroup
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from app import clock
from app.errors import BadInput, VestkaError

DATABASE_FAILED = (
    "The database does not answer as it should ({kind}): is VESTKA_DATABASE_URL right, "
    "and has the schema been upgraded (flask db upgrade)?"
)


input_file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
"""An argument's file that is there and can be read."""


class BadUsage(click.ClickException):
    """Bad usage or bad input: one line on stderr, exit 2."""

    exit_code = 2


def fail(message: str) -> NoReturn:
    """End the command with one line on stderr and exit 2; nothing may have been changed before."""
    raise BadUsage(_one_line(message))


def print_json(answer: Mapping[str, Any]) -> None:
    """Print the command's one JSON object on stdout; everything else belongs on stderr."""
    click.echo(json.dumps(answer, ensure_ascii=False))


def write_whole(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write the whole file, or leave what stood there: a reader never meets a half. `mode` is narrowed by the umask."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(content)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        fail(f"{path}: {error.strerror or 'cannot be written'}")


def _one_line(message: str) -> str:
    """The message in one line that commands no terminal: names from a file may hold anything."""
    return "".join(map(_harmless, " ".join(message.split())))


def _harmless(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def now_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--now`, which sets `app.clock` while it runs; the command takes no argument for it.

    The clock is set around the command and not while its words are read: click leaves what was opened there open when
    a later word is wrong.
    """

    @wraps(command)
    def at_that_moment(*, set_clock: datetime | None, **options: Any) -> None:
        with clock.at(set_clock):
            command(**options)

    words = "Set the clock to this moment (ISO 8601; UTC where it names no zone)."
    return click.option("--now", "set_clock", metavar="MOMENT", callback=_moment, help=words)(at_that_moment)


def _moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        fail(f"--now must be a moment in ISO 8601, such as 2026-11-22T08:00:00Z, not {value!r}")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
"""Passes `as_json` to the command."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put the file's name before the place that a refusal names."""
    try:
        yield
    except BadInput as refused:
        raise BadInput(f"{path.name}: {refused}") from refused


@contextmanager
def one_line_failures() -> Iterator[None]:
    """Turn named failures, and click's own refusals, into one line on stderr and the exit code they stand for."""
    try:
        yield
    except click.UsageError as failure:
        raise BadUsage(_one_line(failure.format_message())) from failure
    except BadInput as failure:
        raise BadUsage(_one_line(str(failure))) from failure
    except CommandError as failure:
        raise BadUsage(_one_line(str(failure))) from failure
    except (OperationalError, ProgrammingError, ArgumentError) as failure:
        raise BadUsage(DATABASE_FAILED.format(kind=type(failure).__name__)) from failure
    except VestkaError as failure:
        raise click.ClickException(_one_line(str(failure))) from failure


class CommandGroup(AppGroup):
    """A group of commands, each run inside an application context and with failures of one line."""

    def invoke(self, ctx: click.Context) -> Any:
        with one_line_failures():
            return super().invoke(ctx)


class LoneCommand(click.Command):
    """A command without a group, with failures of one line; it still needs `with_appcontext`."""

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with one_line_failures():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with one_line_failures():
            return super().invoke(ctx)
