"""Compare a staged list with what is held. Pure: it decides nothing and changes nothing.

It never makes one person of two: a row that fits several people, or a person whom several rows fit, is quarantined.
What somebody decided about such a row before is followed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.importing.changing import changes_to
from app.importing.clashing import matters
from app.importing.combining import as_one
from app.importing.diff import Diff, DiffRow, HeldPerson, Origin, Outcome
from app.importing.memory import Memory
from app.importing.records import Clash, ListStatus, Quarantined, Staged, StagedPerson
from app.importing.register import Register, marks_of

_BY_ITSELF: Final = -1
"""The rank of a row that needed no decision: it speaks before those that did."""


def compare(staged: Staged, held: Iterable[HeldPerson], memory: Memory | None = None) -> Diff:
    """Classify every row of `staged` once, in the order of docs/commands.md: errors, quarantined, skipped, the rest.

    A row is a held person's by the source's own id or address, else by name and birth date (both given), else by its
    name and an address that another source gave. A row without any of these is recognised by its name alone, among
    people whose name this source gave and who have none of them.
    What `memory` has of a row goes before all this.
    """
    return _Comparison(staged, Register(held), memory or Memory()).diff()


@dataclass(frozen=True, slots=True)
class _Speaker:
    """A row that speaks of a held person; `counted` where it is not quarantined."""

    rank: int
    person: StagedPerson
    counted: bool


_Place = HeldPerson | Quarantined | None
"""Whose row it is, why that cannot be said, or None: nobody's whom we hold."""


class _Comparison:
    def __init__(self, staged: Staged, register: Register, memory: Memory) -> None:
        self._staged, self._register, self._memory = staged, register, memory
        self._nobodys: list[DiffRow] = []
        self._quarantined: list[Quarantined] = []
        self._speakers: dict[str, list[_Speaker]] = defaultdict(list)
        everybody = (*staged.people, *(row.person for row in staged.quarantined))
        # Only where rows were decided about can a mark that several rows bear get to anybody.
        self._bearers = Counter(mark for person in everybody for mark in marks_of(person)) if memory.rulings else None

    def diff(self) -> Diff:
        for person, place in self._places():
            self._put(person, place)
        for waiting in self._staged.quarantined:
            self._put(waiting.person, waiting)
        self._quarantined.sort(key=lambda row: row.person.row)
        entries, settled = self._entries()
        return Diff(
            rows=self._staged.rows,
            entries=tuple(sorted((*self._nobodys, *entries), key=lambda entry: entry.person.row)),
            quarantined=tuple(self._quarantined),
            errors=self._staged.errors,
            settled=tuple(settled),
            matters=matters(self._quarantined, might_be=self._might_be_held),
        )

    def _places(self) -> Iterator[tuple[StagedPerson, _Place]]:
        """Where each row that clashes with no other belongs by itself."""
        fits = [(person, self._register.fitting(person, source=self._staged.source)) for person in self._staged.people]
        wanted: dict[str, list[int]] = defaultdict(list)
        for person, fit in fits:
            if isinstance(fit, HeldPerson):
                wanted[fit.key].append(person.row)
        for person, fit in fits:
            if isinstance(fit, Clash):
                yield person, Quarantined(person, fit)
            elif fit is not None and len(rows := wanted[fit.key]) > 1:
                yield person, Quarantined(person, Clash.SEVERAL_ROWS, tuple(row for row in rows if row != person.row))
            else:
                yield person, fit

    def _put(self, person: StagedPerson, place: _Place) -> None:
        """Put a row where it belongs, or where it was decided to; it is counted as what it is by itself."""
        if person.row in self._memory.rulings:
            self._follow(person, place)
        elif isinstance(place, Quarantined):
            self._quarantined.append(place)
        elif person.row in self._memory.unclear:
            self._quarantined.append(Quarantined(person, Clash.SEVERAL_HELD))
        elif place is not None:
            self._speakers[place.key].append(_Speaker(_BY_ITSELF, person, counted=True))
        else:
            self._nobodys.append(_nobodys(person))

    def _follow(self, person: StagedPerson, place: _Place) -> None:
        held = self._ruled(person)
        if held is not None:
            self._speak(person, held, counted=not isinstance(place, Quarantined))
        if isinstance(place, Quarantined):
            self._quarantined.append(replace(place, decided=True))
        elif held is None and place is None and person.status is not ListStatus.HELD:
            self._nobodys.append(_nobodys(person))
        elif held is None:
            self._quarantined.append(Quarantined(person, Clash.LEFT_OUT, decided=True))

    def _ruled(self, person: StagedPerson) -> HeldPerson | None:
        """Whom the row was decided to be; None where it is left out, also because they are not held any more."""
        key = self._memory.rulings[person.row].key
        return self._register.held(key) if key else None

    def _speak(self, person: StagedPerson, held: HeldPerson, *, counted: bool) -> None:
        rank = self._memory.rulings[person.row].rank
        self._speakers[held.key].append(_Speaker(rank, self._without_foreign_marks(person, held), counted))

    def _without_foreign_marks(self, person: StagedPerson, held: HeldPerson) -> StagedPerson:
        """The row without an id or address that is another's too: such a one introduces nobody."""
        assert self._bearers is not None
        source = self._staged.source
        return without_marks(
            person,
            {
                mark
                for mark in marks_of(person)
                if self._bearers[mark] > 1 or self._register.is_anothers(mark, held, source=source)
            },
        )

    def _entries(self) -> tuple[list[DiffRow], list[DiffRow]]:
        """What is said of held people: in rows that are counted, and, where all are quarantined, beside them."""
        entries: list[DiffRow] = []
        settled: list[DiffRow] = []
        for key, speakers in self._speakers.items():
            held = self._register.held(key)
            assert held is not None
            row = self._entry(held, speakers)
            counted = [speaker.person for speaker in speakers if speaker.counted]
            if not counted:
                settled.append(row)
                continue
            entries.append(replace(row, person=replace(row.person, row=counted[0].row)))
            # The first has said it all; the others are counted and add nothing.
            entries += [DiffRow(person, Outcome.UNCHANGED, held) for person in counted[1:]]
        return entries, settled

    def _entry(self, held: HeldPerson, speakers: list[_Speaker]) -> DiffRow:
        person = as_one([speaker.person for speaker in sorted(speakers, key=lambda speaker: speaker.rank)])
        return entry_of(person, held, origin=Origin(self._staged.source, self._staged.as_of))

    def _might_be_held(self, person: StagedPerson) -> bool:
        return self._register.might_be(person, source=self._staged.source)


def without_marks(person: StagedPerson, taken: Collection[str]) -> StagedPerson:
    """The person without the id and address that are among `taken`."""
    return replace(
        person,
        source_id=None if person.source_id in taken else person.source_id,
        source_url=None if person.source_url in taken else person.source_url,
    )


def entry_of(person: StagedPerson, held: HeldPerson, *, origin: Origin) -> DiffRow:
    """What a row of the list `origin`, known to speak of this held person, would change."""
    changes = changes_to(held, person, source=origin.source, as_of=origin.as_of)
    return DiffRow(person, Outcome.CHANGED if changes else Outcome.UNCHANGED, held, changes)


def _nobodys(person: StagedPerson) -> DiffRow:
    return DiffRow(person, Outcome.NEW if person.status is ListStatus.HELD else Outcome.SKIPPED)
