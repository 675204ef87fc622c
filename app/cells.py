"""Cells of a CSV file that no spreadsheet takes for a formula, and the way back (docs/threats.md, F1). Pure.

A spreadsheet computes what begins with `=`, `+`, `-` or `@`, and a formula can fetch an address or start a program. An
apostrophe before it makes it text. Programs that cut a file up at the wrong mark see a cell begin where ours does not,
so each part of a cell is guarded: what follows a line break, tab, semicolon or comma, with spaces or quotation marks
before it. A part that begins with an apostrophe of its own gets one more, so that exactly one is taken off again:
`restored(neutralised(text)) == text` for every text.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Tells spreadsheets that a file is UTF-8; without it they spoil every name in Cyrillic."""

_PARTS = re.compile(r"([\r\n\t\v\f;,\u0085\u2028\u2029])")
_FORMULA = re.compile(r"[\s\"'`]*[=+\-@\uff1d\uff0b\uff0d\uff20\u2212|%]")
_TRIMMED = re.compile(r"[ \u00a0]*[\t\r]")
"""A cell that begins so is trimmed by some programs before they look for a formula."""


def neutralised(text: str) -> str:
    """The text with an apostrophe before each part that a spreadsheet could compute."""
    parts = _PARTS.split(text)
    parts[::2] = [_guarded(part) for part in parts[::2]]
    if _TRIMMED.match(text) and not parts[0].startswith("'"):
        parts[0] = f"'{parts[0]}"
    return "".join(parts)


def restored(cell: str) -> str:
    """What a cell written by `neutralised` held before."""
    parts = _PARTS.split(cell)
    parts[::2] = [part.removeprefix("'") for part in parts[::2]]
    return "".join(parts)


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A whole CSV file with every cell neutralised and quoted, as RFC 4180 has it; begins with a byte order mark."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return out.getvalue()


def _guarded(part: str) -> str:
    return f"'{part}" if part.startswith("'") or _FORMULA.match(part) else part
