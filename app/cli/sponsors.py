"""`flask sponsors …`."""

from typing import Any

import click

from app.cli.options import CommandGroup, json_option, print_json
from app.cli.showing import choice, fields_of, print_record, print_table
from app.errors import NotFound
from app.queries import sponsors
from app.vocabulary import VettingState

sponsors_commands = CommandGroup("sponsors", help="Who signed up to support prisoners.")

_LINE = ("id", "name", "role", "support_kind", "country", "vetting_state", "capacity")
_RECORD = (
    *_LINE, "profession_group", "letters_a_month", "available_from", "available_until", "parliament", "mandate_ends",
    "translation_wanted", "translation_offered", "vetted_at", "paused_at", "resumes_on",
    "quiet_days", "reminders_off", "no_reminders", "held", "created_at",
)  # fmt: skip


@sponsors_commands.command("list")
@click.option("--country", metavar="CC", help="Only sponsors who live in this country.")
@click.option("--status", type=choice(VettingState), help="Only sponsors in this state of vetting.")
@json_option
def list_sponsors(country: str | None, status: str | None, *, as_json: bool) -> None:
    """List sponsors by name."""
    found = sponsors.listed(
        country=country.upper() if country else None, vetting_state=VettingState(status) if status else None
    )
    lines = [fields_of(sponsor, *_LINE) for sponsor in found]
    if as_json:
        print_json({"sponsors": lines})
    else:
        print_table(lines, _LINE)


@sponsors_commands.command()
@click.argument("sponsor_id", metavar="ID")
@json_option
def show(sponsor_id: str, *, as_json: bool) -> None:
    """Show one sponsor; exit 1 where there is none with this ID."""
    sponsor = sponsors.by_id(sponsor_id)
    if sponsor is None:
        raise NotFound("There is no sponsor with this id.")
    record: dict[str, Any] = fields_of(sponsor, *_RECORD)
    record |= fields_of(sponsor.account, "email", "interface_language", "time_zone", "email_confirmed_at")
    record["languages"] = [fields_of(language, "language", "level") for language in sponsor.languages]
    if as_json:
        print_json(record)
    else:
        print_record(record)
