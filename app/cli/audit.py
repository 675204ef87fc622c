"""`flask audit …`: whether the audit trail is what was written, and its head to keep elsewhere."""

import json
from pathlib import Path
from typing import Any

import click

from app.actions import audit_check
from app.actions.audit_check import BrokenTrail, Noted
from app.cli.options import CommandGroup, json_option, naming, now_option, print_json
from app.errors import BadInput
from app.transaction import transaction

audit_commands = CommandGroup("audit", help="The audit trail.")


@audit_commands.command("head")
@now_option
def head_command() -> None:
    """Print one signed line that says where the trail ends now.

    Keep it outside, one line below the other; `verify --head` takes the whole file.
    """
    click.echo(audit_check.signed_head())


@audit_commands.command("verify")
@click.option(
    "--head",
    "noted",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Lines of `audit head`, or what this command printed with --json: the trail must still hold those events.",
)
@now_option
@json_option
def verify_command(*, noted: Path | None, as_json: bool) -> None:
    """Walk the whole chain; exit 1 naming the first event that is broken or missing, and alert the administrators.

    Whoever can write to the database cannot forge an event without the site's secret, but could cut the newest ones
    off: keep lines of `audit head` elsewhere, and give them to `--head`.
    """
    expected = _noted(noted) if noted else []
    try:
        end = audit_check.verify(expected)
    except BrokenTrail as broken:
        with transaction():
            audit_check.tell(broken)
        raise
    if as_json:
        print_json({"events": end.number, "head": {"number": end.number, "digest": end.digest}})
        return
    click.echo(f"{end.number} events, unbroken.")


def _noted(path: Path) -> list[Noted]:
    """The heads that a file holds: signed lines, or one JSON object."""
    not_ours = BadInput(f"{path.name}: is not what `flask audit head` or `flask audit verify --json` printed")
    try:
        text = path.read_text(encoding="utf-8")
    except (ValueError, OSError) as error:
        raise not_ours from error
    if not text.lstrip().startswith(("{", "[")) and text.strip():
        with naming(path):
            return audit_check.noted_in(text)
    try:
        head: Any = json.loads(text)["head"]
        number, digest = head["number"], head["digest"]
    except (ValueError, KeyError, TypeError) as error:
        raise not_ours from error
    if not isinstance(number, int) or not isinstance(digest, str):
        raise not_ours
    return [Noted(number, digest)]
