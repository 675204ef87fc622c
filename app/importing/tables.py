"""Rows of a CSV file, one at a time, within bounds. Pure."""

import csv
import io
from collections.abc import Iterator
from typing import TextIO

from app.errors import BadInput

MAX_RECORD = 1_000_000
"""The longest record, in characters: a quotation mark that is never closed must not swallow the memory."""

_DELIMITERS = ",;\t"


def read_table(text: TextIO, *, filename: str) -> Iterator[list[str]]:
    """Yield the heading line and every data row as it is, whatever its length; blank lines are no rows.

    Raises BadInput naming the row where a record is too long or a quotation mark is never closed.
    """
    lines = _Lines(text)
    reader: Iterator[list[str]] = csv.reader(lines, delimiter=delimiter(text))
    row = -1
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong):
            raise BadInput(f"{filename}: {_named(row)}: too long; is a quotation mark never closed?") from None
        if lines.ended:
            raise BadInput(f"{filename}: {_named(row)}: a quotation mark is opened and never closed")
        lines.taken = 0
        if cells:
            yield cells
        else:
            row -= 1


class _TooLong(Exception):
    """A record went past its bound."""


class _Lines:
    """The lines of a text, with what the CSV reader does not tell: how much one record took, and whether it ran dry."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.taken = 0
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(MAX_RECORD + 1)
        self.taken += len(line)
        if self.taken > MAX_RECORD:
            raise _TooLong
        if not line:
            self.ended = True
            raise StopIteration
        return line


def delimiter(text: TextIO) -> str:
    """The mark that parts the heading line into most cells: a comma, or the semicolon or tab of some offices."""
    start = text.tell()
    heading = text.readline(csv.field_size_limit())
    text.seek(start)
    counts = {mark: len(next(csv.reader(io.StringIO(heading), delimiter=mark), [])) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=counts.__getitem__)


def _named(row: int) -> str:
    return f"row {row}" if row else "heading line"
