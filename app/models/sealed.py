"""Sealed columns: a plain attribute in Python, ciphertext in the table (docs/threats.md, P1).

    class FamilyContact(Base):
        __tablename__ = "family_contact"
        id: Mapped[Id]
        telephone_sealed: Mapped[SealedText | None]
        email_sealed: Mapped[SealedText]
        email_index: Mapped[EmailIndex]
        telephone = Sealed[str | None]()
        email = Sealed[str](index=BY_ADDRESS)

    contact = FamilyContact(telephone="…", email="…")   # seals, under the current key, for this row and column
    contact.telephone                                   # opens, or raises SealBroken
    FamilyContact.email_index == FamilyContact.email.digest("…")    # finds whoever has the address, opening nothing

The column is called after the attribute with `_sealed` behind it, its blind index with `_index`. Reading opens: whoever
reads leaves the trace that docs/domain.md, "Do no harm" 1 asks for. A row's primary key never changes once something is
sealed for it.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, Self, TypeVar, overload

from sqlalchemy import String, Text, inspect
from sqlalchemy.orm import mapped_column

from app.keys import KeyPurpose, derive
from app.models.base import Base, new_id
from app.sealing import Keyring, Place
from app.settings import current_settings

SealedText = Annotated[str, mapped_column(Text)]
"""The column's type: ciphertext of any length."""

BlindText = Annotated[str, mapped_column(String(64))]
"""The type of a blind index: a keyed digest in hex."""

EmailIndex = Annotated[str, mapped_column(String(254))]
"""That of an address. The digest stands where the address itself stood before: no column of SQLite gets narrower."""

Value = TypeVar("Value")


def keyring() -> Keyring:
    """The running application's seal keys."""
    return Keyring(current_settings().seal_keys)


@dataclass(frozen=True)
class BlindIndex:
    """How rows with the same value are found, and refused, without opening any (docs/decisions/0008).

    `<name>_index` holds a digest under a key that is derived from the site's secret. `compared` brings a value into
    the form in which it is compared; `within` names the attribute that a value is looked for together with.
    """

    purpose: KeyPurpose
    compared: Callable[[str], str] = str
    within: str | None = None

    def digest(self, value: str, *, within: str = "") -> str:
        """The keyed digest of a value, in hex."""
        key = derive(current_settings().secret_key, self.purpose)
        return hmac.digest(key, f"{within}\n{self.compared(value)}".encode(), hashlib.sha256).hex()


BY_ADDRESS: Final = BlindIndex(KeyPurpose.ADDRESS, compared=str.lower)
"""For addresses as they are kept, which are normalised (`app.addresses.normalised`) but for their case."""

BY_PRISONER_AND_FACT: Final = BlindIndex(KeyPurpose.FACT, within="prisoner_id")
"""So that who shares a fact with whom cannot be counted either."""


class Sealed(Generic[Value]):
    """One sealed value of a row: reads and writes `<name>_sealed` through the key ring. None stays None.

    `reads` and `writes` turn the sealed text into the value and back, where it is no text.
    """

    def __init__(
        self,
        reads: Callable[[str], Any] = str,
        *,
        writes: Callable[[Any], str] = str,
        index: BlindIndex | None = None,
    ) -> None:
        self.reads, self.writes, self.index = reads, writes, index

    def __set_name__(self, owner: type[Base], name: str) -> None:
        self.table, self.column, self.index_column = owner, f"{name}_sealed", f"{name}_index"
        self.kept = f"_{name}_opened"

    @overload
    def __get__(self, row: None, owner: type[Base]) -> Self: ...
    @overload
    def __get__(self, row: Base, owner: type[Base]) -> Value: ...
    def __get__(self, row: Base | None, owner: type[Base]) -> Self | Value:
        if row is None:
            return self
        # A mail asks for its address five times: a row opens each ciphertext once.
        sealed = getattr(row, self.column)
        kept: tuple[str | None, Value] | None = vars(row).get(self.kept)
        if kept is None or kept[0] != sealed:
            kept = vars(row)[self.kept] = (sealed, self.opened(sealed, *_row_id(row)))
        return kept[1]

    def __set__(self, row: Base, value: Value) -> None:
        within = "" if self.index is None or self.index.within is None else getattr(row, self.index.within)
        for column, written in self.columns(value, *_row_id(row), within=within).items():
            setattr(row, column, written)

    @overload
    def opened(self, sealed: None, *row_id: object) -> None: ...
    @overload
    def opened(self, sealed: str, *row_id: object) -> Value: ...
    def opened(self, sealed: str | None, *row_id: object) -> Value | None:
        """The value behind the ciphertext of the row with this primary key, for whoever reads columns, not rows."""
        return None if sealed is None else self.reads(keyring().open(sealed, self.place(row_id)))

    def columns(self, value: Value, *row_id: object, within: str | None = "") -> dict[str, str | None]:
        """What the table holds for a value of the row with this primary key."""
        if within is None:
            raise ValueError("name what the row's value is looked for together with before the value")
        written = None if value is None else self.writes(value)
        columns = {self.column: None if written is None else keyring().seal(written, self.place(row_id))}
        if self.index is not None:
            columns[self.index_column] = None if written is None else self.index.digest(written, within=within)
        return columns

    def digest(self, value: str, *, within: str = "") -> str:
        """What the blind index of this column holds for a value."""
        if self.index is None:
            raise TypeError(f"{self.column} has no blind index")
        return self.index.digest(value, within=within)

    def place(self, row_id: Iterable[object]) -> Place:
        """Where the value of the row with this primary key stands."""
        return Place(self.table.__tablename__, self.column, "/".join(map(str, row_id)))


def sealed_values(table: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a row that is written past the mapper: sealed values under their columns; `id` is named in it."""
    columns = dict(row)
    for name in row:
        value = vars(table).get(name)
        if isinstance(value, Sealed):
            within = row[value.index.within] if value.index and value.index.within else ""
            columns |= value.columns(columns.pop(name), row["id"], within=within)
    return columns


def sealed_columns() -> list[tuple[type[Base], Sealed[Any]]]:
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
