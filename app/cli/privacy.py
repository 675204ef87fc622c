"""`flask privacy …`: erasing somebody."""

import click

from app.actions import privacy
from app.cli.options import CommandGroup
from app.database import scrub
from app.transaction import transaction

NOT_SCRUBBED = "Deleted, but old pages stay in the database file while others read it: see docs/operations.md."

privacy_commands = CommandGroup("privacy", help="Erasing people.")


@privacy_commands.command("erase")
@click.argument("email")
@click.option("--hand-over-to", metavar="EMAIL", help="The coordinator who takes over their regions and caseload.")
def erase_command(*, email: str, hand_over_to: str | None) -> None:
    """Erase EMAIL: the account, the sponsor and all that hangs on them. No mail goes to the address again.

    The last administrator, and staff whose work nobody takes over, are refused with exit 1.
    """
    with transaction():
        privacy.erase(email=email, by=None, hand_over_to=hand_over_to)
    _scrub()
    click.echo("Erased.")


def _scrub() -> None:
    if not scrub():
        click.echo(NOT_SCRUBBED, err=True)
