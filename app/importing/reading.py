"""Read a whole list: bytes in, staged people out. Pure.

What breaks the file stops everything (`BadInput`, one line); what breaks a row stops that row.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO, TextIO

from app.errors import BadInput
from app.importing.decoding import load, open_text
from app.importing.headings import Headings
from app.importing.objects import read_objects
from app.importing.people import BadRow, Row, stage
from app.importing.quarantine import Doubles
from app.importing.records import RowProblem, Staged, StagedPerson
from app.importing.shapes import FIELD_NAMES, Format, Layout, mapped_shape
from app.importing.tables import read_table
from app.importing.text import shown, unstorable

MAX_ROWS = 200_000
"""The most data rows that one file may have."""

_MAX_MAPPING_BYTES = 1_000_000


def read(
    data: bytes | Path | BinaryIO,
    *,
    filename: str,
    source: str,
    as_of: date,
    format: Format | str = Format.AUTO,
    mapping: Mapping[str, str] | None = None,
) -> Staged:
    """Read a list of prisoners. `mapping` goes from the file's headings to `Field` values and stands for a known shape.

    Raises BadInput, one line naming the file and the place, where the file as a whole cannot be read: too large, wrong
    encoding, no CSV or JSON, headings unknown or repeated, a record without end. Bad rows are in `Staged.errors`.
    """
    shown_name = shown(filename)
    text = open_text(load(data, filename=shown_name), filename=shown_name)
    wanted = _format(format)
    headings = Headings(shown_name, format=wanted, shape=mapped_shape(mapping) if mapping is not None else None)
    rows = _object_rows(text, headings) if _is_json(text, wanted, filename=shown_name) else _table_rows(text, headings)
    found = _gather(rows, filename=shown_name)
    alone, waiting = found.doubles.part(found.people)
    return Staged(
        filename=shown_name,
        source=source,
        as_of=as_of,
        shape=headings.shape.name if headings.shape else "no records",
        rows=found.rows,
        people=alone,
        quarantined=waiting,
        errors=tuple(found.errors),
        warnings=(*headings.warnings(), *found.warnings),
    )


@dataclass
class _Gathered:
    rows: int = 0
    people: list[StagedPerson] = field(default_factory=list)
    errors: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    doubles: Doubles = field(default_factory=Doubles)


def _gather(rows: Iterable[Row | RowProblem], *, filename: str) -> _Gathered:
    found = _Gathered()
    for row in rows:
        found.rows += 1
        if found.rows > MAX_ROWS:
            raise BadInput(f"{filename}: more than {MAX_ROWS:,} data rows")
        if isinstance(row, RowProblem):
            found.errors.append(row)
            continue
        found.doubles.add(row)
        try:
            found.people.append(stage(row))
            found.warnings.extend(row.warnings)
        except BadRow as bad:
            found.errors.append(bad.problem)
    return found


def read_mapping(data: bytes | Path | BinaryIO, *, filename: str) -> dict[str, str]:
    """Read a mapping file: a JSON object from the list's headings to the names of fields. Raises BadInput."""
    name = shown(filename)
    text = open_text(load(data, filename=name, limit=_MAX_MAPPING_BYTES), filename=name)
    try:
        mapping = json.load(text)
    except (ValueError, RecursionError):
        mapping = None
    if not isinstance(mapping, dict) or not all(isinstance(meaning, str) for meaning in mapping.values()):
        raise BadInput(f"{name}: a mapping is a JSON object from headings to fields: {FIELD_NAMES}")
    return mapping


def _format(text: Format | str) -> Format:
    if text not in list(Format):
        raise BadInput(f"“{shown(text)}” is no format; formats are: {', '.join(Format)}")
    return Format(text)


def _is_json(text: TextIO, format: Format, *, filename: str) -> bool:
    start = text.tell()
    looks = text.read(1024).lstrip().startswith(("[", "{"))
    text.seek(start)
    if format is Format.VIASNA_JSON and not looks:
        raise BadInput(f"{filename}: line 1: this is no JSON")
    return looks and format in (Format.AUTO, Format.VIASNA_JSON)


def _table_rows(text: TextIO, headings: Headings) -> Iterator[Row | RowProblem]:
    table = read_table(text, filename=headings.filename)
    first = next(table, None)
    if first is None:
        raise BadInput(f"{headings.filename}: the file is empty")
    layout = headings.lay_out(first)
    width = len(layout.headings)
    for number, cells in enumerate(table, 1):
        if len(cells) == width:
            yield Row(number, cells, layout)
        else:
            yield RowProblem(number, None, f"{len(cells)} fields where the heading line has {width}")


def _object_rows(text: TextIO, headings: Headings) -> Iterator[Row | RowProblem]:
    columns: dict[str, None] = {}
    layout: Layout | None = None
    for number, record in enumerate(read_objects(text, filename=headings.filename), 1):
        if record is None:
            yield RowProblem(number, None, "this is no object with fields")
            continue
        spoilt = next((key for key in record if unstorable(key) or unstorable(record[key])), None)
        if spoilt is not None:
            yield RowProblem(number, shown(spoilt), "this holds a character that cannot be kept")
            continue
        if layout is None or not record.keys() <= columns.keys():
            columns |= dict.fromkeys(record)
            layout = headings.lay_out(columns)
        # What an earlier record has is a column of the list, whether this one repeats it or not.
        yield Row(number, [record.get(column, "") for column in columns], layout)
