"""Which quarantined rows wait for a person, and which of them belong together. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from app.importing.records import ListStatus, Quarantined, StagedPerson


def matters(
    quarantined: Iterable[Quarantined], *, might_be: Callable[[StagedPerson], bool]
) -> tuple[tuple[Quarantined, ...], ...]:
    """The rows nobody has decided about, those that clash with one another together.

    Of people who are not held now nothing is kept unless somebody we hold may be meant (docs/domain.md, "Do no harm"
    5): where that is so of no row of a clash, none of them waits. `might_be` says it of a row.
    """
    together = _Together()
    rows = list(quarantined)
    for row in rows:
        together.join(row.person.row, row.with_rows)
    groups: dict[int, list[Quarantined]] = defaultdict(list)
    for row in rows:
        if not row.decided:
            groups[together.first(row.person.row)].append(row)
    return tuple(tuple(group) for group in groups.values() if any(_counts(row.person, might_be) for row in group))


def _counts(person: StagedPerson, might_be: Callable[[StagedPerson], bool]) -> bool:
    return person.status is ListStatus.HELD or might_be(person)


class _Together:
    """Numbers of rows that hang together, however indirectly."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def first(self, row: int) -> int:
        """The smallest number of all those that hang together with `row`."""
        while (above := self._above.get(row, row)) != row:
            self._above[row] = self._above.get(above, above)
            row = above
        return row

    def join(self, row: int, others: Iterable[int]) -> None:
        for other in others:
            one, two = sorted((self.first(row), self.first(other)))
            self._above[two] = one
