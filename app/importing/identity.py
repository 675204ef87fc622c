"""What a row names its person by, so that it is known again without keeping whom it names. Pure.

`sign` turns a text into a keyed digest; what leaves here tells nothing to whoever has not got the key.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.importing.names import name_key
from app.importing.records import StagedPerson
from app.importing.stored import as_json

Sign = Callable[[str], str]


class MarkKind(StrEnum):
    """What one mark of a row is; the values take part in the digests and never change."""

    ID = "id"
    ADDRESS = "address"
    NAME_AND_BIRTH = "name_and_birth"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Identity:
    """A row as digests: of everything it names its person by (`whole`), of everything it says (`wording`), and of each
    mark by itself, as `kind:digest`. Rows of one list may share marks; rows of two lists never do.
    """

    whole: str
    wording: str
    marks: frozenset[str]

    def contradicts(self, other: "Identity") -> bool:
        """Whether the source calls the two by different ids, or by different addresses where it gives no ids."""
        for kind in (MarkKind.ID, MarkKind.ADDRESS):
            ours, theirs = self._of(kind), other._of(kind)
            if ours and theirs:
                return ours.isdisjoint(theirs)
        return False

    def _of(self, kind: MarkKind) -> frozenset[str]:
        return frozenset(mark for mark in self.marks if mark.startswith(f"{kind}:"))


def identify(person: StagedPerson, *, source: str, sign: Sign) -> Identity:
    """The identity of a row of a list of `source`."""
    said = {field: value for field, value in as_json(person).items() if field != "row"}
    named = [*_ids(person), (MarkKind.NAME, name_key(person.name)), (MarkKind.NAME_AND_BIRTH, str(person.birth_date))]
    return Identity(
        whole=sign(_text(source, "whole", *(part for mark in named for part in mark))),
        wording=sign(_text(source, "wording", json.dumps(said, sort_keys=True))),
        marks=frozenset(f"{kind}:{sign(_text(source, kind, text))}" for kind, text in _marks(person)),
    )


def _marks(person: StagedPerson) -> Iterator[tuple[MarkKind, str]]:
    """A name alone is a mark only where the row gives nothing better."""
    yield from (ids := _ids(person))
    if person.birth_date:
        yield MarkKind.NAME_AND_BIRTH, _text(name_key(person.name), str(person.birth_date))
    elif not ids:
        yield MarkKind.NAME, name_key(person.name)


def _ids(person: StagedPerson) -> list[tuple[MarkKind, str]]:
    urls = filter(None, (person.source_url, *person.other_urls))
    ids = [(MarkKind.ID, person.source_id)] if person.source_id else []
    return ids + [(MarkKind.ADDRESS, url) for url in sorted(urls)]


def _text(*parts: str) -> str:
    return json.dumps(parts)


def identify_all(people: Iterable[StagedPerson], *, source: str, sign: Sign) -> dict[int, Identity]:
    """The identity of each person, by the number of their row."""
    return {person.row: identify(person, source=source, sign=sign) for person in people}
