"""`flask privacy …`: erasing somebody, copying what we hold of them, and deleting what is no longer needed."""

import json
from pathlib import Path

import click

from app.actions import own_data, privacy
from app.actions.purging import Purge
from app.cli.options import CommandGroup, json_option, now_option, print_json, write_whole
from app.database import empty_log, scrub
from app.transaction import transaction

NOT_SCRUBBED = "Deleted, but old pages stay in the database file while others read it: see docs/operations.md."

OWNER_ALONE = 0o600

privacy_commands = CommandGroup("privacy", help="Erasing people, copies for them, and what is no longer needed.")


@privacy_commands.command("erase")
@click.argument("email")
@click.option("--hand-over-to", metavar="EMAIL", help="The coordinator who takes over their regions and caseload.")
def erase_command(*, email: str, hand_over_to: str | None) -> None:
    """Erase EMAIL: the account, the sponsor and all that hangs on them. No mail goes to the address again.

    The last administrator, and staff whose work nobody takes over, are refused with exit 1.
    """
    with transaction():
        privacy.erase(email=email, by=None, hand_over_to=hand_over_to)
    if not scrub():
        click.echo(NOT_SCRUBBED, err=True)
    click.echo("Erased.")


@privacy_commands.command()
@click.argument("email")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of to stdout.")
def export(*, email: str, output: Path | None) -> None:
    """Everything that we hold of EMAIL, as one JSON object, to be handed to that person and to nobody else.

    The file can be read by whoever runs this alone.
    """
    with transaction():
        copy = own_data.copy_of(email=email)
    if output is None:
        print_json(copy)
        return
    write_whole(output, json.dumps(copy, ensure_ascii=False, indent=1).encode(), mode=OWNER_ALONE)


@privacy_commands.command()
@now_option
@json_option
def purge(*, as_json: bool) -> None:
    """Delete what has outlived its period, as the worker does every hour; the page /privacy says the periods."""
    purging = Purge()
    while not purging.is_over:
        with transaction():
            purging.take_batch()
    if not empty_log():
        click.echo(NOT_SCRUBBED, err=True)
    gone = {category.value: number for category, number in purging.gone.items()}
    if as_json:
        print_json(gone)
        return
    for name, number in gone.items():
        click.echo(f"{name:30} {number:8}")
