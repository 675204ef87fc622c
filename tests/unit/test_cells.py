"""Cells that no spreadsheet takes for a formula, and the way back (F1)."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cells import csv_file, neutralised, restored

HOSTILE = (
    "=1+1",
    "+375291234567",
    "-5",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\tharmless",
    "  =1+1",
    "\u00a0=1+1",
    "line\n=1+1",
    "line\r\n  @x",
    'a;=HYPERLINK("https://evil.example")',
    "a,+1",
    "a\t-1",
    '"=1+1',
    "\uff1d1+1",
    "'=1+1",
    "''",
    "name\u2028=1",
)
PLAIN = ("", "Alena Vydumka", "Алена Выдумка", "O'Neill", "1980-01-31", "3+4", "a=b", "Art. 342 - 1", " ", "\n")
_COMPUTED = re.compile(r"(?:^|[\r\n\t;,\u2028])[\s\"]*[=+\-@\uff1d]")


@pytest.mark.parametrize("text", HOSTILE)
def test_f1_what_a_spreadsheet_would_compute_begins_with_an_apostrophe(text: str) -> None:
    cell = neutralised(text)

    assert _COMPUTED.search(cell) is None
    assert cell[0] not in "=+-@\t\r"
    assert restored(cell) == text


@pytest.mark.parametrize("text", PLAIN)
def test_f1_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text
    assert restored(text) == text


@given(st.text(st.sampled_from("=+-@'\"\t\r\n;, ax\u00a0\u2028\uff1d|%")))
def test_f1_every_text_comes_back_and_none_is_computed(text: str) -> None:
    cell = neutralised(text)

    assert restored(cell) == text
    assert _COMPUTED.search(cell) is None


def test_f1_a_file_is_read_by_any_reader_of_csv_and_gives_the_cells_back() -> None:
    rows = [["=1+1", 'two\nlines, "quoted"'], ["+375 29", "Алена; Выдумка"]]

    file = csv_file(("first", "second"), rows)

    read = list(csv.reader(io.StringIO(file.removeprefix("\ufeff"), newline="")))
    assert file.startswith("\ufeff")
    assert read[0] == ["first", "second"]
    assert [[restored(cell) for cell in row] for row in read[1:]] == rows
