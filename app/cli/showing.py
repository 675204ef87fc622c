"""Records on a terminal: as JSON values, as lines under headings, and as one field below the other."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import click

from app.partial_date import PartialDate


def choice(members: Iterable[StrEnum]) -> click.Choice[str]:
    """An option's choice among these values (click itself would offer the members' names)."""
    return click.Choice([member.value for member in members])


def fields_of(thing: object, *names: str) -> dict[str, Any]:
    """These fields of a record, as JSON can carry them: dates are ISO 8601 text."""
    return {name: _plain(getattr(thing, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, PartialDate):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def print_table(lines: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> None:
    """Print the columns of all lines under their headings, each as wide as it needs."""
    cells = [[_cell(line[column]) for column in columns] for line in lines]
    rows = [[_heading(column) for column in columns], *cells]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_record(record: Mapping[str, Any], *, indent: int = 0) -> None:
    """Print a record's fields below each other, what belongs to a field indented under it."""
    for name, value in record.items():
        margin = " " * indent
        if isinstance(value, Mapping):
            click.echo(f"{margin}{_heading(name)}:")
            print_record(value, indent=indent + 2)
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            click.echo(f"{margin}{_heading(name)}:")
            for item in value:
                click.echo(f"{margin}  " + ", ".join(_cell(part) for part in item.values() if part is not None))
        else:
            click.echo(f"{margin}{_heading(name)}: {_cell(value)}")


def _heading(name: str) -> str:
    return name.replace("_", " ")


def _cell(value: object) -> str:
    """One line without control characters: what a list wrote must not move the terminal's cursor."""
    if value is None:
        return "-"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
