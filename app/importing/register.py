"""The held people, found by what a list may know them by. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from app.importing.diff import HeldPerson, KnownAs
from app.importing.names import name_key
from app.importing.records import Clash, StagedPerson
from app.partial_date import PartialDate


class Register:
    """Everybody who is held."""

    def __init__(self, held: Iterable[HeldPerson]) -> None:
        self._by_key: dict[str, HeldPerson] = {}
        self._by_mark: dict[tuple[str, str], list[HeldPerson]] = defaultdict(list)
        self._by_name: dict[tuple[str, PartialDate | None], list[HeldPerson]] = defaultdict(list)
        self._by_address: dict[str, list[HeldPerson]] = defaultdict(list)
        self._names: set[str] = set()
        for person in held:
            self._by_key[person.key] = person
            for known in person.known_as:
                for mark in filter(None, (known.source_id, known.source_url)):
                    self._by_mark[known.source, mark].append(person)
                if known.source_url:
                    self._by_address[known.source_url].append(person)
            for name in _names(person):
                self._by_name[name, person.birth_date].append(person)
                self._names.add(name)

    def held(self, key: str) -> HeldPerson | None:
        """The held person with this key."""
        return self._by_key.get(key)

    def fitting(self, person: StagedPerson, *, source: str) -> HeldPerson | Clash | None:
        """The one held person whose row this is, why that cannot be said, or None for somebody not held."""
        found = _distinct(held for mark in marks_of(person) for held in self._by_mark.get((source, mark), ()))
        if not found:
            found = self._by_name_of(person, source=source) or self._by_name_and_address_of(person)
            if any(_contradict(person, known) for held in found for known in held.known_as if known.source == source):
                return Clash.OTHER_SOURCE_ID
        if len(found) > 1:
            return Clash.SEVERAL_HELD
        return found[0] if found else None

    def might_be(self, person: StagedPerson, *, source: str) -> bool:
        """Whether somebody held is known to the source as this row is, or has its name, whenever they were born."""
        by_mark = any((source, mark) in self._by_mark for mark in marks_of(person))
        return by_mark or not self._names.isdisjoint(_names(person))

    def is_anothers(self, mark: str, held: HeldPerson, *, source: str) -> bool:
        """Whether the source knows somebody else than `held` by this id or address."""
        return any(other.key != held.key for other in self._by_mark.get((source, mark), ()))

    def _by_name_of(self, person: StagedPerson, *, source: str) -> list[HeldPerson]:
        found = _distinct(held for name in _names(person) for held in self._by_name.get((name, person.birth_date), ()))
        if person.birth_date:
            return found
        return [held for held in found if not marks_of(person) and _known_by_name_only(held, source)]

    def _by_name_and_address_of(self, person: StagedPerson) -> list[HeldPerson]:
        """Whom any source knows by an address of the row, and who has its name: either alone would say too little.

        So a list that comes a second time under another name for its source makes nobody a second person.
        """
        addresses = filter(None, (person.source_url, *person.other_urls))
        found = _distinct(held for address in addresses for held in self._by_address.get(address, ()))
        return [held for held in found if not _names(held).isdisjoint(_names(person))]


def marks_of(person: StagedPerson) -> tuple[str, ...]:
    """The id and the addresses of a row."""
    return tuple(filter(None, (person.source_id, person.source_url, *person.other_urls)))


def _known_by_name_only(held: HeldPerson, source: str) -> bool:
    named = held.origins.get("name")
    return named is not None and named.source == source and all(known.source != source for known in held.known_as)


def _contradict(person: StagedPerson, known: KnownAs) -> bool:
    """Whether a source calls the two by different ids, or by different addresses where it gives no ids."""
    if person.source_id and known.source_id:
        return person.source_id != known.source_id
    return bool(person.source_url and known.source_url) and known.source_url not in marks_of(person)


def _names(person: StagedPerson | HeldPerson) -> set[str]:
    return {name_key(name) for name in (person.name, person.name_latin, person.name_cyrillic) if name}


def _distinct(people: Iterable[HeldPerson]) -> list[HeldPerson]:
    return list({person.key: person for person in people}.values())
