"""What people decided about rows that an import could not place, and which rows of a list it holds for. Pure.

A decision holds for a row that is named as the decided one was. Where two rows of a list cannot be told apart, or two
decisions disagree, it holds for neither: then a person decides anew (docs/domain.md, "Do no harm" 8).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.importing.identity import Identity


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a row: it is the held person `key`, or (None) it is left out. Later rulings have higher ranks."""

    key: str | None
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A row that is kept under `id`: it waits where `ruling` is None."""

    id: str
    identity: Identity
    ruling: Ruling | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a list's rows, by their numbers.

    `unclear` are rows for which rulings disagree; `kept` names the rows kept that each may be.
    """

    rulings: Mapping[int, Ruling] = field(default_factory=dict)
    unclear: frozenset[int] = frozenset()
    kept: Mapping[int, tuple[Known, ...]] = field(default_factory=dict)


def recall(rows: Mapping[int, Identity], known: Sequence[Known]) -> Memory:
    """What is known of the rows of one list: `rows` are all that could be read, by their numbers."""
    book = _Book(rows, known)
    kept = {number: found for number, identity in rows.items() if (found := book.find(identity))}
    ruled = {number: _ruling(found) for number, found in kept.items() if any(one.ruling for one in found)}
    return Memory(
        rulings={number: ruling for number, ruling in ruled.items() if ruling},
        unclear=frozenset(number for number, ruling in ruled.items() if ruling is None),
        kept=kept,
    )


def _ruling(found: Sequence[Known]) -> Ruling | None:
    """The newest of rulings that agree, of which the last row must not be without one."""
    rulings = [one.ruling for one in found if one.ruling is not None]
    agree = len(rulings) == len(found) and len({ruling.key for ruling in rulings}) == 1
    return max(rulings, key=lambda ruling: ruling.rank) if agree else None


class _Book:
    """The rows kept, found by how they are named."""

    def __init__(self, rows: Mapping[int, Identity], known: Sequence[Known]) -> None:
        self._alike = Counter(identity.whole for identity in rows.values())
        self._borne = Counter(mark for identity in rows.values() for mark in identity.marks)
        self._by_whole: dict[str, list[Known]] = defaultdict(list)
        self._by_mark: dict[str, list[Known]] = defaultdict(list)
        for one in known:
            self._by_whole[one.identity.whole].append(one)
            for mark in one.identity.marks:
                self._by_mark[mark].append(one)

    def find(self, row: Identity) -> tuple[Known, ...]:
        """The rows kept that this one may be: word for word, else named alike, else named alike in part."""
        alike = self._by_whole.get(row.whole, ())
        same = tuple(one for one in alike if one.identity.wording == row.wording)
        if same or alike:
            # One more of a name than there was: nobody can say which of them is new.
            return same or (tuple(alike) if self._alike[row.whole] <= len(alike) else ())
        # What several rows of the list are named by tells none of them apart.
        own = [mark for mark in row.marks if self._borne[mark] == 1]
        found = {one.id: one for mark in own for one in self._by_mark.get(mark, ())}
        return tuple(one for one in found.values() if not one.identity.contradicts(row))
