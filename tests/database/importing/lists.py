"""Invented lists in the shape of Viasna's machine export, as rows, as files and as imports."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from app.actions import imports
from app.actions.imports import ImportOrder
from app.importing import Diff, Outcome, read
from app.permissions import Viewer
from app.transaction import transaction

COLUMNS = (
    "id", "url", "name", "status", "gender", "photo", "description", "birthday", "arrested", "articles", "prison",
    "declaration", "decision", "penalty", "judge", "councel", "penalty_start_date", "release_date", "verdict_date",
    "appeal_date", "fake_terrorist_list", "died", "clusters",
)  # fmt: skip

AS_OF = date(2026, 11, 1)
LATER = date(2026, 11, 15)


def row(number: int = 1, **changes: str) -> dict[str, str]:
    """Somebody who is held; `number` makes another person of them."""
    values = {
        "id": str(number),
        "url": f"https://prisoners.example.org/person/{number}",
        "name": f"Vydumka-{number} Alena",
        "status": "active",
        "gender": "female",
        "birthday": "1980-01-31",
        "arrested": "2021-03",
        "articles": "Art. 342",
        "prison": "Penal colony No. 4, 000000, Vydumsk, vulica Kazačnaja 3",
        "decision": "4 1/2 years",
        "verdict_date": "2021-09-01",
        "description": "Teacher",
    }
    return dict.fromkeys(COLUMNS, "") | values | changes


def as_json(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as a JSON list."""
    return json.dumps(list(rows), ensure_ascii=False).encode()


def as_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """The rows as CSV under the machine export's headings."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def order(*rows: Mapping[str, str], source: str = "viasna", as_of: date = AS_OF, **changes: Any) -> ImportOrder:
    """The order to import these rows."""
    staged = read(as_json(rows), filename="list.json", source=source, as_of=as_of)
    return ImportOrder(**{"staged": staged, "file_digest": "0" * 64, "country": "BY"} | changes)


def import_rows(*rows: Mapping[str, str], by: Viewer | None = None, **changes: Any) -> Diff:
    """Apply a list of these rows."""
    wanted = order(*rows, **changes)
    with transaction():
        return imports.apply(wanted, by=by)


def outcomes(diff: Diff) -> dict[str, int]:
    """How many rows there are of each outcome but `skipped`."""
    return dict(Counter(entry.outcome.value for entry in diff.entries if entry.outcome is not Outcome.SKIPPED))
