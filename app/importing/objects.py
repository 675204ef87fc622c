"""Records of a JSON file, one at a time, within bounds. Pure.

The file is a list of objects. Nested values are flattened as Viasna's own table is: `{"prison": {"title": …}}` gives
`prison/title`, `{"articles": […]}` gives `articles/0`, `articles/1`, …
"""

import json
from collections.abc import Iterator
from typing import TextIO

from app.errors import BadInput

MAX_RECORD = 1_000_000
"""The longest record, in characters; a window of a few of them is all that is ever decoded at once."""

MAX_DEPTH = 4
MAX_KEYS = 1_000
_SPACE = " \t\r\n"


class BrokenRecord(ValueError):
    """One record cannot be used; the others can."""


def read_objects(text: TextIO, *, filename: str) -> Iterator[dict[str, str] | None]:
    """Yield every record as flat text by key, None for one that is no object.

    Raises BadInput naming record and line where the file is no list, is broken, repeats a key, or where a record is
    longer, deeper or wider than any person's.
    """
    window = _Window(text, filename=filename)
    if window.next_mark() != "[":
        raise BadInput(f"{filename}: line {window.line}: not a list of records")
    window.skip()
    record = 0
    while window.next_mark() != "]":
        record += 1
        yield _flat(window.value(record), f"{filename}: row {record}")
        mark = window.next_mark()
        if mark == ",":
            window.skip()
        elif mark != "]":
            raise window.broken(record)
    window.skip()
    if window.next_mark():
        raise BadInput(f"{filename}: line {window.line}: something follows the list")


class _Window:
    """A part of the text that always holds a whole record, if there is one, and moves on as records are taken."""

    def __init__(self, text: TextIO, *, filename: str) -> None:
        self._text, self._filename = text, filename
        self._held, self._at, self._lines = "", 0, 1
        self._decoder = json.JSONDecoder(
            object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=_no_constant
        )

    @property
    def line(self) -> int:
        return self._lines + self._held.count("\n", 0, self._at)

    def next_mark(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            self._fill()
            while self._at < len(self._held) and self._held[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._fill():
                return ""

    def skip(self) -> None:
        self._at += 1

    def value(self, record: int) -> object:
        """Decode the value that stands here."""
        try:
            found, self._at = self._decoder.raw_decode(self._held, self._at)
        except RecursionError:
            raise BadInput(f"{self._filename}: row {record}: nested too deeply") from None
        except ValueError as failure:
            raise self.broken(record, failure) from None
        return found

    def broken(self, record: int, failure: ValueError | None = None) -> BadInput:
        if isinstance(failure, _Refused):
            return BadInput(f"{self._filename}: row {record}: {failure}")
        at = failure.pos if isinstance(failure, json.JSONDecodeError) else self._at
        line = self._lines + self._held.count("\n", 0, at)
        too_long = len(self._held) - self._at >= MAX_RECORD
        reason = f"broken JSON{f', or a record of over {MAX_RECORD:,} characters' if too_long else ''}"
        return BadInput(f"{self._filename}: row {record}, line {line}: {reason}")

    def _fill(self) -> bool:
        """Make sure that a whole record is held; say whether anything was added."""
        if len(self._held) - self._at > MAX_RECORD:
            return False
        more = self._text.read(2 * MAX_RECORD)
        if not more:
            return False
        self._lines += self._held.count("\n", 0, self._at)
        self._held, self._at = self._held[self._at :] + more, 0
        return True


class _Refused(ValueError):
    """JSON allows it, a list of people does not."""


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("a key stands twice in one record")
    return found


def _no_constant(name: str) -> object:
    raise _Refused(f"{name} is no value of JSON")


def _flat(record: object, place: str) -> dict[str, str] | None:
    if not isinstance(record, dict):
        return None
    cells: dict[str, str] = {}
    for path, value in _leaves(record, "", place=place, depth=0):
        if len(cells) == MAX_KEYS:
            raise BadInput(f"{place}: more than {MAX_KEYS:,} values")
        if path in cells:
            raise BadInput(f"{place}: a key stands twice in one record")
        cells[path] = value
    return cells


def _leaves(value: object, path: str, *, place: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > MAX_DEPTH:
        raise BadInput(f"{place}: nested too deeply")
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in inner:
            yield from _leaves(item, f"{path}/{key}" if path else str(key), place=place, depth=depth + 1)
    else:
        yield path, _cell(value)


def _cell(value: object) -> str:
    if value is None or value is False:
        return ""
    return "true" if value is True else str(value)
