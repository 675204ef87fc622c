"""`flask prisoners …`."""

from typing import Any

import click

from app.cli.events import event_command
from app.cli.importing import import_list
from app.cli.options import CommandGroup, json_option, print_json
from app.cli.showing import choice, fields_of, print_record, print_table
from app.errors import NotFound
from app.queries import prisoners
from app.vocabulary import DetentionStatus

prisoners_commands = CommandGroup("prisoners", help="Who is held, and the lists that say so.")
prisoners_commands.add_command(import_list)
prisoners_commands.add_command(event_command)

_LINE = (
    "id",
    "name",
    "country",
    "detention_status",
    "publicity",
    "mail_access",
    "godparent_seats",
    "letter_writer_seats",
)
_RECORD = (
    "id", "name", "name_latin", "name_cyrillic", "country", "detention_status", "gender", "birth_date", "arrested_on",
    "verdict_on", "released_on", "died_on", "sentence", "sentence_years", "penalty", "articles", "mail_access", "reads",
    "occupation", "profession_group", "home_area", "case_code", "story", "publicity", "publicity_basis", "publicity_at",
    "godparent_seats", "letter_writer_seats", "pinned_tier", "held", "created_at",
)  # fmt: skip
_FACILITY = (
    "id", "kind", "number", "title", "title_cyrillic", "street", "street_cyrillic", "postcode", "city",
    "city_cyrillic", "languages",
)  # fmt: skip


@prisoners_commands.command("list")
@click.option("--country", metavar="CC", help="Only prisoners whom this country detains.")
@click.option("--status", type=choice(DetentionStatus), help="Only prisoners in this detention status.")
@json_option
def list_prisoners(country: str | None, status: str | None, *, as_json: bool) -> None:
    """List prisoners by name."""
    found = prisoners.listed(
        country=country.upper() if country else None, status=DetentionStatus(status) if status else None
    )
    lines = [
        fields_of(prisoner, *_LINE) | {"facility": prisoner.facility.title if prisoner.facility else None}
        for prisoner in found
    ]
    if as_json:
        print_json({"prisoners": lines})
    else:
        print_table(lines, (*_LINE, "facility"))


@prisoners_commands.command()
@click.argument("prisoner_id", metavar="ID")
@json_option
def show(prisoner_id: str, *, as_json: bool) -> None:
    """Show one prisoner; exit 1 where there is none with this ID."""
    prisoner = prisoners.by_id(prisoner_id)
    if prisoner is None:
        raise NotFound("There is no prisoner with this id.")
    record: dict[str, Any] = fields_of(prisoner, *_RECORD)
    record["facility"] = fields_of(prisoner.facility, *_FACILITY) if prisoner.facility else None
    record["facts"] = [fields_of(fact, "fact", "source", "as_of", "visibility") for fact in prisoner.facts_in_order]
    record["role_limits"] = [fields_of(limit, "kind", "role", "seats") for limit in prisoner.role_limits]
    record["sources"] = [fields_of(known, "source", "source_id", "source_url") for known in prisoner.sources]
    record["field_sources"] = [fields_of(said, "field", "source", "as_of") for said in prisoner.field_sources]
    if as_json:
        print_json(record)
    else:
        print_record(record)
