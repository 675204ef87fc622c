"""What a request changed in the database, in words that are the same each time it is made in the same world."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.models import Base
from tests.web.world import Rows

_ID, _DIGEST = re.compile(r"[a-z2-7]{16}"), re.compile(r"[0-9a-f]{64}|\$argon2.*|[\w-]{40,}")
_COUNTED = frozenset({"attempt_count", "reading_count"})
"""What counts requests, and so changes with each."""


def changes(before: Rows, after: Rows) -> Counter[tuple[object, ...]]:
    """Each row that came, went or changed: its table, its key, and the columns with their values."""
    known = {str(value) for rows in before.values() for row in rows for value in row.values()}
    found: Counter[tuple[object, ...]] = Counter()
    for table in Base.metadata.sorted_tables:
        if table.name in _COUNTED:
            continue
        keys = [column.name for column in table.primary_key]
        old, new = _by_key(before[table.name], keys), _by_key(after[table.name], keys)
        found.update((table.name, "gone", key) for key in old.keys() - new.keys())
        for key, row in new.items():
            changed = {name: value for name, value in row.items() if key not in old or old[key][name] != value}
            if changed:
                words = tuple(sorted((name, _plain(name, value, known)) for name, value in changed.items()))
                found[(table.name, key if key in old else "new", words)] += 1
    return found


def _by_key(rows: Any, keys: list[str]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    return {tuple(str(row[name]) for name in keys): row for row in rows}


def _plain(name: str, value: Any, known: set[str]) -> str:
    """The value, or only its kind where it differs from one time to the next."""
    text = str(value)
    if text in known and not isinstance(value, datetime):
        return text
    if name.endswith("_sealed") and value is not None:
        return f"sealed, {len(text)} long"
    if isinstance(value, datetime):
        return "a moment"
    if isinstance(value, date):
        return text
    if isinstance(value, bytes) or _DIGEST.fullmatch(text):
        return "a digest"
    if _ID.fullmatch(text):
        return "a new id"
    return re.sub(r"[a-z2-7]{16}|\d{4}-\d\d-\d\d[T ][\d:.+]+|:\d{6,}", "…", text) if name == "occasion" else text
