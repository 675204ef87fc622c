"""What the columns of one file mean. Pure."""

from collections.abc import Iterable, Iterator

from app.errors import BadInput
from app.importing.records import RowProblem
from app.importing.shapes import Format, Layout, Shape, column_of, fold, lay_out, recognise
from app.importing.text import shown

MAX_COLUMNS = 200
"""More columns than any list of people has."""


class UnknownHeadings(BadInput):
    """The headings are of no shape that we know; `headings` are as the file has them, in their order."""

    def __init__(self, message: str, *, headings: tuple[str, ...]) -> None:
        super().__init__(message)
        self.headings = headings


class Headings:
    """The headings of one file: its shape is found once, from the first record, unless a mapping gives it."""

    def __init__(self, filename: str, *, format: Format, shape: Shape | None) -> None:
        self.filename = filename
        self.shape = shape
        self._format = format
        self._unknown: tuple[str, ...] = ()

    def lay_out(self, headings: Iterable[str]) -> Layout:
        """Where each field stands; raises BadInput where headings are repeated or empty, and UnknownHeadings."""
        columns = tuple(headings)
        self._check(columns)
        self.shape = self.shape or self._recognised(columns)
        missing = sorted(
            self.shape.required - {name for column in columns for name in (fold(column), column_of(column))}
        )
        if missing:
            raise self._bad(f"the column “{shown(missing[0])}” is missing")
        layout = lay_out(columns, self.shape)
        self._unknown = layout.unknown
        return layout

    def warnings(self) -> Iterator[RowProblem]:
        """One for every column that nobody knows, with 0 for the heading line."""
        return (RowProblem(0, shown(column), "this column is not known and was left out") for column in self._unknown)

    def _recognised(self, columns: tuple[str, ...]) -> Shape:
        shape = recognise(columns, format=self._format)
        if shape is None:
            seen = shown(", ".join(columns), limit=200)
            message = f"{self.filename}: heading line: no list known to us has these columns: {seen}; give a mapping"
            raise UnknownHeadings(message, headings=columns)
        return shape

    def _check(self, columns: tuple[str, ...]) -> None:
        if len(columns) > MAX_COLUMNS:
            raise self._bad(f"more than {MAX_COLUMNS} columns")
        seen: dict[str, int] = {}
        for number, column in enumerate(columns, 1):
            first = seen.setdefault(fold(column), number)
            if not fold(column):
                raise self._bad(f"column {number} has no heading")
            if first != number:
                raise self._bad(f"columns {first} and {number} are both “{shown(column)}”")

    def _bad(self, reason: str) -> BadInput:
        return BadInput(f"{self.filename}: heading line: {reason}")
