"""What a list would change in one held person, field by field. Pure.

Two rules keep a list from doing harm. A value that is missing from the list never erases what is held. And a list
overrules only what it said itself, never with an older edition: to what another source or a coordinator wrote it adds
what is missing. Releases and deaths are told by any list, as a proposal.
"""

from collections.abc import Iterator
from datetime import date

from app.importing.diff import FieldChange, HeldPerson, KnownAs
from app.importing.records import StagedFacility, StagedPerson
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus as Detention

COMPARED = (
    "name_latin",
    "name_cyrillic",
    "gender",
    "birth_date",
    "arrested_on",
    "verdict_on",
    "sentence",
    "sentence_years",
    "penalty",
    "description",
    "articles",
    "facility",
    "home_area",
)
"""The fields that are compared one by one, whatever the row's status."""

_ENDS = {Detention.RELEASED: "released_on", Detention.DIED_IN_CUSTODY: "died_on"}
"""The ends of a detention, and the field that dates each."""

_PROPOSALS: dict[Detention, frozenset[Detention]] = {
    Detention.UNKNOWN: frozenset(_ENDS) | {Detention.AWAITING_TRIAL, Detention.CONVICTED, Detention.HOME_CONFINEMENT},
    Detention.AWAITING_TRIAL: frozenset(_ENDS) | {Detention.CONVICTED, Detention.HOME_CONFINEMENT},
    Detention.CONVICTED: frozenset(_ENDS) | {Detention.HOME_CONFINEMENT},
    Detention.HOME_CONFINEMENT: frozenset(_ENDS) | {Detention.CONVICTED},
    Detention.IN_TRANSFER: frozenset(_ENDS),
    Detention.RETURNED_TO_CUSTODY: frozenset(_ENDS),
    Detention.RELEASED: frozenset(),
    Detention.DIED_IN_CUSTODY: frozenset(),
}
"""What a list may propose for each status held. Nothing here undoes an event: that is a coordinator's to record."""


def changes_to(held: HeldPerson, person: StagedPerson, *, source: str, as_of: date) -> tuple[FieldChange, ...]:
    """What the row `person` of a list of `source` as of `as_of` would change in `held`."""
    return tuple(_Comparison(held, person, source=source, as_of=as_of).changes())


class _Comparison:
    def __init__(self, held: HeldPerson, person: StagedPerson, *, source: str, as_of: date) -> None:
        self._held, self._person = held, person
        self._source, self._as_of = source, as_of

    def changes(self) -> Iterator[FieldChange]:
        yield from self._introduction()
        # The name as written flips with the language of the edition: it counts where its script has no field.
        own_script = self._person.name_latin or self._person.name_cyrillic
        for field in COMPARED if own_script else ("name", *COMPARED):
            yield from self._change(field)
        status, held_status = self._person.detention_status, self._held.detention_status
        if self._proposes():
            yield FieldChange("detention_status", held_status, status)
        if status in _ENDS and (status is held_status or self._proposes()):
            yield from self._change(_ENDS[status])

    def _introduction(self) -> Iterator[FieldChange]:
        """The id and address under which this source knows the person, where they are not held yet."""
        known = [known for known in self._held.known_as if known.source == self._source]
        if len(known) > 1:
            return
        old = known[0] if known else KnownAs(self._source)
        new = KnownAs(self._source, old.source_id or self._person.source_id, old.source_url or self._person.source_url)
        if new != old:
            yield FieldChange("known_as", old if known else None, new)

    def _change(self, field: str) -> Iterator[FieldChange]:
        old, new = getattr(self._held, field), getattr(self._person, field)
        if says_more(new, old) and (_nothing(old) or self._overrules(field)):
            yield FieldChange(field, old, new)

    def _overrules(self, field: str) -> bool:
        """Whether the present value came from this very source, and from no newer edition."""
        origin = self._held.origins.get(field)
        return origin is not None and origin.source == self._source and origin.as_of <= self._as_of

    def _proposes(self) -> bool:
        new, old = self._person.detention_status, self._held.detention_status
        if new not in _PROPOSALS[old] or self._is_overtaken():
            return False
        return new in _ENDS or old is Detention.UNKNOWN or self._overrules("detention_status")

    def _is_overtaken(self) -> bool:
        """Whether the list, or the release that it tells of, is older than the status held."""
        origin = self._held.origins.get("detention_status")
        if origin is not None and self._as_of < origin.as_of:
            return True
        if self._person.detention_status is not Detention.RELEASED:
            return False
        released = self._person.released_on.whole if self._person.released_on else None
        # A list may still tell of the first release when somebody is long back in custody.
        if released is None or self._held.status_since is None:
            returned = self._held.status_since is not None
            return returned or self._held.detention_status is Detention.RETURNED_TO_CUSTODY
        return released < self._held.status_since


def _nothing(value: object) -> bool:
    return value is None or value == ()


def says_more(new: object, old: object) -> bool:
    """Whether `new` says something that `old` does not: "1980" says nothing new of 31 January 1980."""
    if _nothing(new) or new == old:
        return False
    if isinstance(new, PartialDate) and isinstance(old, PartialDate):
        return not str(old).startswith(str(new))
    if isinstance(new, StagedFacility):
        # A place of no known kind cannot be written to, so it is never better than what is held.
        return new.kind is not None and not (isinstance(old, StagedFacility) and new.identity == old.identity)
    return True
