"""Strict reading of JSON: whatever is refused is refused by its place. Pure."""

import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from app.errors import BadInput
from app.partial_date import PartialDate

Value = TypeVar("Value")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Node:
    """A JSON value and where it stands, like `prisoners[3].tier`. Every method raises BadInput naming the place."""

    value: object
    place: str

    def refuse(self, why: str) -> BadInput:
        """The refusal of this value, to be raised by the caller."""
        return BadInput(f"{self.place or 'the file'}: {why}")

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Node"]:
        """The members of an object that has all the required names and no unknown one."""
        members = self.members()
        for name in required:
            if name not in members:
                raise self.inside(name).refuse("is missing")
        for name in members:
            if name not in required and name not in optional:
                raise self.inside(name).refuse("is not known here")
        return members

    def members(self) -> dict[str, "Node"]:
        """The members of an object, whatever their names."""
        if not isinstance(self.value, dict):
            raise self.refuse("must be an object")
        return {name: self.inside(name, value) for name, value in self.value.items()}

    def inside(self, name: str, value: object = None) -> "Node":
        """A member of this object."""
        return Node(value, f"{self.place}.{name}" if self.place else name)

    def items(self) -> list["Node"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.refuse("must be a list")
        return [Node(value, f"{self.place}[{number}]") for number, value in enumerate(self.value)]

    def text(self) -> str:
        """A text that can be written as UTF-8."""
        if not isinstance(self.value, str):
            raise self.refuse("must be a text")
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            raise self.refuse("holds half a character")
        return self.value

    def integer(self) -> int:
        """A whole number of any size and sign."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.refuse("must be a whole number")
        return self.value

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number within the bounds, both included."""
        if not lowest <= self.integer() <= highest:
            raise self.refuse(f"must be between {lowest} and {highest}")
        return self.integer()

    def number(self, lowest: int, highest: int) -> float:
        """A number within the bounds, both included."""
        if not isinstance(self.value, int | float) or isinstance(self.value, bool):
            raise self.refuse("must be a number")
        if not lowest <= self.value <= highest:
            raise self.refuse(f"must be between {lowest} and {highest}")
        return self.value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refuse("must be true or false")
        return self.value

    def word(self, words: type[Word]) -> Word:
        """One of the field's words."""
        try:
            return words(self.text())
        except ValueError:
            raise self.refuse(f"{self.value!r} is none of {', '.join(words)}") from None

    def day(self) -> date:
        """A whole date, YYYY-MM-DD."""
        whole = self.partial_date().whole
        if whole is None:
            raise self.refuse("must be a whole date, YYYY-MM-DD")
        return whole

    def partial_date(self) -> PartialDate:
        """A date of which the day, or month and day, may be unknown."""
        try:
            return PartialDate.parse(self.text())
        except ValueError as error:
            raise self.refuse(str(error)) from None

    def code(self, length: int) -> str:
        """An ASCII code of letters, as ISO 639-1 and ISO 3166-1 have them."""
        code = self.text()
        if len(code) != length or not (code.isascii() and code.isalpha()):
            raise self.refuse(f"must be a code of {length} letters")
        return code

    def optional(self, read: Callable[["Node"], Value]) -> Value | None:
        """What `read` makes of the value, or None where it is null."""
        return None if self.value is None else read(self)


def load(path: Path) -> Node:
    """Read a JSON file. Raises BadInput for one that cannot be read, is no UTF-8 or no JSON, or says a name twice."""
    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path.name}: {error.strerror or 'cannot be read'}") from None


def parse(raw: bytes) -> Node:
    """Read JSON text. Raises BadInput as `load` does."""
    try:
        value = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BadInput(f"byte {error.start}: is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"line {error.lineno}, column {error.colno}: is not JSON ({error.msg})") from None
    except (ValueError, RecursionError):
        raise BadInput("the file: holds a number that is too long or is nested too deeply") from None
    return Node(value, "")


def unique_ids(nodes: list[Node]) -> dict[str, int]:
    """The `id` of every object in a list, with its place; refuses an id that stands twice."""
    places: dict[str, int] = {}
    for number, node in enumerate(nodes):
        found = node.members().get("id")
        if found is None:
            raise node.inside("id").refuse("is missing")
        if places.setdefault(found.text(), number) != number:
            raise found.refuse(f"{found.value!r} stands twice")
    return places


def id_pair(node: Node, known: tuple[Collection[str], Collection[str]]) -> tuple[str, str]:
    """A list of a known prisoner's id and a known sponsor's id."""
    items = node.items()
    if len(items) != 2:
        raise node.refuse("must be a prisoner's id and a sponsor's id")
    for item, ids, whose in zip(items, known, ("prisoner", "sponsor"), strict=True):
        if item.text() not in ids:
            raise item.refuse(f"no {whose} has the id {item.value!r}")
    return items[0].text(), items[1].text()


def id_pairs(node: Node, known: tuple[Collection[str], Collection[str]]) -> frozenset[tuple[str, str]]:
    """A list of pairs of known ids, none of them twice."""
    found: set[tuple[str, str]] = set()
    for item in node.items():
        pair = id_pair(item, known)
        if pair in found:
            raise item.refuse("stands twice")
        found.add(pair)
    return frozenset(found)


def check_format(node: Node, expected: str) -> None:
    """Refuse a file that does not say it is of the expected format."""
    found = node.members().get("format")
    if found is None:
        raise node.inside("format").refuse(f"is missing; it must be {expected!r}")
    if found.value != expected:
        raise found.refuse(f"must be {expected!r}")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name, count in times.items() if count > 1)
        raise BadInput(f"{twice}: the name stands twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise BadInput(f"the file: is not JSON ({word} is no number)")
