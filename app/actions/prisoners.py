"""Prisoners: who may know of a case, and what several verbs share about their records."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from app.clock import now, today
from app.database import locked, session
from app.models import Prisoner
from app.partial_date import PartialDate, may_be_under_age
from app.search_key import search_key
from app.vocabulary import Publicity, PublicityBasis

IDS_AT_ONCE: Final = 5_000
"""Ids that one statement names; databases limit them."""

_SEARCH_KEY_LENGTH: Final = 400

COORDINATORS_ONLY: Final[Mapping[str, Any]] = {
    "publicity": Publicity.COORDINATORS_ONLY,
    "publicity_basis": None,
    "publicity_at": None,
    "publicity_by": None,
}
"""The columns of a case that nobody has allowed to be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPublicity:
    """Who may know of a case, what allows it, and the id of the account that says so."""

    publicity: Publicity
    basis: PublicityBasis
    by: str

    def columns(self, birth_date: PartialDate | None) -> Mapping[str, Any]:
        """The columns of somebody born then: under 18 never public (docs/glossary.md), at most known to sponsors."""
        minor = birth_date is not None and may_be_under_age(birth_date, on=today())
        publicity = Publicity.SPONSORS_ONLY if minor and self.publicity is Publicity.PUBLIC else self.publicity
        return {
            "publicity": publicity,
            "publicity_basis": self.basis,
            "publicity_at": now(),
            "publicity_by": self.by,
        }


def hide_minor(prisoner: Prisoner) -> set[str]:
    """Take a case out of the public once its person turns out to be, perhaps, under 18; gives the changed fields."""
    if prisoner.publicity is not Publicity.PUBLIC or prisoner.birth_date is None:
        return set()
    if not may_be_under_age(prisoner.birth_date, on=today()):
        return set()
    prisoner.publicity = Publicity.SPONSORS_ONLY
    return {"publicity"}


def key_of_names(*names: str | None) -> str:
    """What a prisoner is searched by: every form of the name once."""
    return search_key(*dict.fromkeys(names))[:_SEARCH_KEY_LENGTH]


def locked_prisoners(ids: Iterable[str]) -> Iterator[Prisoner]:
    """These prisoners, locked in the order of their ids until the transaction ends."""
    for some in in_chunks(sorted(ids)):
        yield from session().scalars(locked(select(Prisoner).where(Prisoner.id.in_(some)).order_by(Prisoner.id)))


def in_chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids, as many at a time as one statement may name."""
    return (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))
