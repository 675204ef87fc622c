"""`flask reminders …`: queue what falls due."""

import click

from app.actions.reminders import Round
from app.cli.options import CommandGroup, json_option, now_option, print_json
from app.transaction import transaction

reminders_commands = CommandGroup("reminders", help="Reminders to sponsors.")


@reminders_commands.command()
@now_option
@json_option
def schedule(*, as_json: bool) -> None:
    """Queue a mail for each occasion due by its sponsor's next morning; one mail for each, however often this runs."""
    scheduling = Round()
    while not scheduling.is_over:
        with transaction():
            scheduling.take_batch()
    if as_json:
        skipped = dict(sorted(scheduling.skipped.items()))
        print_json({"queued": scheduling.queued, "already": scheduling.already, "skipped": skipped})
        return
    skipped = {f"skipped, {reason}": count for reason, count in sorted(scheduling.skipped.items())}
    for what, count in ({"queued": scheduling.queued, "already": scheduling.already} | skipped).items():
        click.echo(f"{what:30} {count:8}")
