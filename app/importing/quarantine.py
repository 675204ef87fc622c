"""Find the rows of one list that may be the same person. Pure.

A source's own address or id names one person, and so do name and birth date together. Rows that share any of them are
all set aside, for a person to decide (docs/domain.md, "Do no harm" 8).
"""

from collections.abc import Iterable

from app.importing.names import name_key
from app.importing.people import Row, addresses
from app.importing.records import Clash, Quarantined, StagedPerson
from app.importing.shapes import Field


class Doubles:
    """Who stands in a list more than once. Rows with an error take part as far as they can be read."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Clash, str], int | list[int]] = {}

    def add(self, row: Row) -> None:
        """Note what the row names its person by."""
        for mark in self._marks(row):
            seen = self._rows.setdefault(mark, row.number)
            if isinstance(seen, list):
                seen.append(row.number)
            elif seen != row.number:
                self._rows[mark] = [seen, row.number]

    @staticmethod
    def _marks(row: Row) -> Iterable[tuple[Clash, str]]:
        for identity in row.all(Field.SOURCE_ID):
            yield Clash.SOURCE_ID, identity
        for text in row.all(Field.SOURCE_URL):
            for address in _addresses(text):
                yield Clash.SOURCE_ADDRESS, address
        name, birth = row.one(Field.NAME), row.one(Field.BIRTH_DATE)
        if name and birth:
            yield Clash.NAME_AND_BIRTH, f"{name_key(name)}\n{name_key(birth)}"

    def part(self, people: Iterable[StagedPerson]) -> tuple[tuple[StagedPerson, ...], tuple[Quarantined, ...]]:
        """Part people into those who stand alone and those who wait."""
        clashes: dict[int, tuple[Clash, set[int]]] = {}
        for (clash, _), rows in self._rows.items():
            if isinstance(rows, list):
                for row in rows:
                    clashes.setdefault(row, (clash, set()))[1].update(rows)
        alone: list[StagedPerson] = []
        waiting: list[Quarantined] = []
        for person in people:
            found = clashes.get(person.row)
            if found is None:
                alone.append(person)
            else:
                waiting.append(Quarantined(person, found[0], tuple(sorted(found[1] - {person.row}))))
        return tuple(alone), tuple(waiting)


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses that a cell names; an address without its scheme counts as it is written."""
    return addresses(text) or ((text,) if "/" in text and len(text.split()) == 1 else ())
