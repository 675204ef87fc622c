"""Sealed columns: a plain attribute in Python, ciphertext in the table (docs/threats.md, P1).

    class FamilyContact(Base):
        __tablename__ = "family_contact"
        id: Mapped[Id]
        telephone_sealed: Mapped[SealedText | None]
        telephone = Sealed()

    contact = FamilyContact(telephone="…")   # seals, under the current key, for this row and column
    contact.telephone                        # opens, or raises SealBroken

The column is called after the attribute with `_sealed` behind it. Reading opens: whoever reads leaves the trace that
docs/domain.md, "Do no harm" 1 asks for. A row's primary key never changes once something is sealed for it.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self, overload

from sqlalchemy import Text, inspect
from sqlalchemy.orm import mapped_column

from app.models.base import Base, new_id
from app.sealing import Keyring, Place
from app.settings import current_settings

SealedText = Annotated[str, mapped_column(Text)]
"""The column's type: ciphertext of any length."""


def keyring() -> Keyring:
    """The running application's seal keys."""
    return Keyring(current_settings().seal_keys)


class Sealed:
    """One sealed value of a row: reads and writes `<name>_sealed` through the key ring. None stays None."""

    def __set_name__(self, owner: type[Base], name: str) -> None:
        self.column = f"{name}_sealed"

    @overload
    def __get__(self, row: None, owner: type[Base]) -> Self: ...
    @overload
    def __get__(self, row: Base, owner: type[Base]) -> str | None: ...
    def __get__(self, row: Base | None, owner: type[Base]) -> Self | str | None:
        if row is None:
            return self
        sealed: str | None = getattr(row, self.column)
        return None if sealed is None else keyring().open(sealed, self._place(row))

    def __set__(self, row: Base, value: str | None) -> None:
        setattr(row, self.column, None if value is None else keyring().seal(value, self._place(row)))

    def place(self, table: str, row_id: Iterable[object]) -> Place:
        """Where the value of the row with this primary key stands."""
        return Place(table, self.column, "/".join(map(str, row_id)))

    def _place(self, row: Base) -> Place:
        return self.place(type(row).__tablename__, _row_id(row))


def sealed_values(table: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row that is written past the mapper: sealed values under their columns; `id` is named in it."""
    columns = dict(row)
    for name in row:
        value = vars(table).get(name)
        if isinstance(value, Sealed):
            plain, place = columns.pop(name), value.place(table.__tablename__, [row["id"]])
            columns[value.column] = None if plain is None else keyring().seal(plain, place)
    return columns


def sealed_columns() -> list[tuple[type[Base], Sealed]]:
    """Every sealed column of every table, for whoever renews or counts them."""
    return [
        (mapper.class_, value)
        for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__name__)
        for value in vars(mapper.class_).values()
        if isinstance(value, Sealed)
    ]


def _row_id(row: Base) -> list[object]:
    """The row's primary key; a fresh row that would get a random one gets it now."""
    if getattr(row, "id", "") is None:
        row_with_id: Any = row
        row_with_id.id = new_id()
    mapper = inspect(type(row))
    values = [getattr(row, mapper.get_property_by_column(column).key) for column in mapper.primary_key]
    if None in values:
        raise ValueError("name the row's primary key before what is sealed for it")
    return values
