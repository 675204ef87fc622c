"""`flask audit …`: whether the audit trail is what was written."""

import json
from pathlib import Path
from typing import Any

import click

from app.actions.audit import link_digest
from app.cli.options import CommandGroup, json_option, print_json
from app.errors import BadInput, Conflict
from app.queries import audit

audit_commands = CommandGroup("audit", help="The audit trail.")


@audit_commands.command("verify")
@click.option(
    "--head",
    "noted",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What this command printed with --json at an earlier time: the trail must still hold that event.",
)
@json_option
def verify_command(*, noted: Path | None, as_json: bool) -> None:
    """Walk the whole chain; exit 1 naming the first event that is broken or missing.

    Whoever can write to the database cannot forge an event without the site's secret, but could cut the newest ones
    off: keep what `--json` prints elsewhere, and give it to `--head` the next time.
    """
    expected = _noted(noted) if noted else None
    number, digest = _walk(expected)
    if as_json:
        print_json({"events": number, "head": {"number": number, "digest": digest}})
        return
    click.echo(f"{number} events, unbroken.")


def _walk(expected: tuple[int, str] | None) -> tuple[int, str]:
    """The last event's number and digest, once every link holds. Raises Conflict naming the first that does not."""
    number, digest = 0, ""
    for event in audit.events():
        if event.number != number + 1:
            raise Conflict(f"Event {number + 1} is missing.")
        if event.digest != link_digest(event, digest):
            raise Conflict(f"Event {event.number} is not what was written.")
        number, digest = event.number, event.digest
        if expected and expected[0] == number and expected[1] != digest:
            raise Conflict(f"Event {number} is not the one that was noted.")
    newest = audit.head()
    if (newest.number, newest.digest) != (number, digest) or (expected and expected[0] > number):
        raise Conflict(f"Event {number + 1} is missing.")
    return number, digest


def _noted(path: Path) -> tuple[int, str]:
    try:
        head: Any = json.loads(path.read_text(encoding="utf-8"))["head"]
        number, digest = head["number"], head["digest"]
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise BadInput(f"{path.name}: is not what `flask audit verify --json` printed") from error
    if not isinstance(number, int) or not isinstance(digest, str):
        raise BadInput(f"{path.name}: is not what `flask audit verify --json` printed")
    return number, digest
