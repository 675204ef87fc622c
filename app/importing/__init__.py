"""Read lists of prisoners that others publish, and say what they would change. Pure: nothing is stored or decided here.

    staged = read(data, filename="list.csv", source="viasna", as_of=date(2026, 11, 22))
    diff = compare(staged, held)
    diff.counts()

A new list is a new row in `shapes`, or a mapping file. Rules: docs/domain.md, "Do no harm" 5 to 8, and
docs/commands.md, "Importing a list".
"""

from app.importing.comparing import compare, entry_of, without_marks
from app.importing.diff import Diff, DiffRow, FieldChange, HeldPerson, KnownAs, Origin, Outcome
from app.importing.headings import UnknownHeadings
from app.importing.identity import Identity, identify, identify_all
from app.importing.memory import Known, Memory, Ruling, recall
from app.importing.reading import MAX_ROWS, read, read_mapping
from app.importing.records import Clash, ListStatus, Quarantined, RowProblem, Staged, StagedFacility, StagedPerson
from app.importing.shapes import Field, Format
from app.importing.stored import as_json, from_json

__all__ = [
    "MAX_ROWS",
    "Clash",
    "Diff",
    "DiffRow",
    "Field",
    "FieldChange",
    "Format",
    "HeldPerson",
    "Identity",
    "Known",
    "KnownAs",
    "ListStatus",
    "Memory",
    "Origin",
    "Outcome",
    "Quarantined",
    "RowProblem",
    "Ruling",
    "Staged",
    "StagedFacility",
    "StagedPerson",
    "UnknownHeadings",
    "as_json",
    "compare",
    "entry_of",
    "from_json",
    "identify",
    "identify_all",
    "read",
    "read_mapping",
    "recall",
    "without_marks",
]
