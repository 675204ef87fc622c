"""What every command promises: one line on stderr, the right exit, JSON alone on stdout, a clock that can be set."""

import json
from datetime import UTC, datetime

import click
import pytest
from click.testing import CliRunner, Result

from app import clock
from app.cli.options import CommandGroup, LoneCommand, fail, json_option, now_option, print_json
from app.errors import BadInput, NotFound


@click.group(cls=CommandGroup)
def words() -> None:
    """A group to try."""


@words.command(with_appcontext=False)
@now_option
@json_option
@click.option("--limit", type=int)
def tell(*, as_json: bool, limit: int | None) -> None:
    """Print what the clock says."""
    moment = clock.now().isoformat()
    print_json({"now": moment, "limit": limit}) if as_json else click.echo(moment)


@words.command(with_appcontext=False)
@click.argument("kind")
def refuse(kind: str) -> None:
    """End in one of the ways a command may."""
    if kind == "fail":
        fail("row 3:\n  no such date")
    if kind == "odd":
        raise BadInput("prisoners[0].\x1b[31m\u202e\ud800 Жыццё")
    raise {"bad": BadInput("row 3: no such date"), "no": NotFound("There is no such mail.")}[kind]


@click.command(cls=LoneCommand)
@click.option("--workers", type=int)
def alone(workers: int) -> None:
    """A command without a group."""
    raise BadInput(f"{workers} is too many")


def _run(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_the_clock_is_set_for_the_command_and_let_go_after_it() -> None:
    result = _run(words, "tell", "--json", "--now", "2026-03-29T01:30:00+02:00")

    assert json.loads(result.stdout) == {"now": "2026-03-28T23:30:00+00:00", "limit": None}
    assert clock.now() > datetime(2026, 3, 30, tzinfo=UTC)


def test_a_moment_without_a_zone_is_utc() -> None:
    assert _run(words, "tell", "--now", "2026-03-29").stdout == "2026-03-29T00:00:00+00:00\n"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("refuse", "bad"), 2, "Error: row 3: no such date\n"),
        (("refuse", "fail"), 2, "Error: row 3: no such date\n"),
        (("refuse", "no"), 1, "Error: There is no such mail.\n"),
        (("refuse", "odd"), 2, "Error: prisoners[0].\\x1b[31m\\u202e\\ud800 Жыццё\n"),
        (("refuse",), 2, "Error: Missing argument 'KIND'.\n"),
        (("tell", "--limit", "many"), 2, "Error: Invalid value for '--limit': 'many' is not a valid integer.\n"),
        (("sing",), 2, "Error: No such command 'sing'.\n"),
        (
            ("tell", "--now", "noon"),
            2,
            "Error: --now must be a moment in ISO 8601, such as 2026-11-22T08:00:00Z, not 'noon'\n",
        ),
    ],
)
def test_a_refusal_is_one_line_on_stderr(arguments: tuple[str, ...], status: int, said: str) -> None:
    result = _run(words, *arguments)

    assert (result.exit_code, result.stderr, result.stdout) == (status, said, "")


def test_a_command_without_a_group_refuses_in_the_same_way() -> None:
    assert (_run(alone, "--workers", "9").exit_code, _run(alone, "--workers", "9").stderr) == (
        2,
        "Error: 9 is too many\n",
    )
    assert _run(alone, "--workers", "x").stderr.count("\n") == 1
