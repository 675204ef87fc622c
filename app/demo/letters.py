"""The letters an invented sponsor wrote: on which days, and what came of them. Pure.

The last one of a match that lives on is chosen so that the next falls due on a given day: so the reminders of the weeks
after the seeding are spread evenly (docs/commands.md).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.demo.dice import Dice
from app.demo.people import InventedPrisoner, InventedSponsor
from app.demo.places import COUNTRIES_WITHOUT_POST
from app.reminders import interval
from app.vocabulary import LetterState

MOST_LETTERS: Final = 12
"""Nobody in the demo noted more of them for one match."""

_FRESH: Final = timedelta(days=45)
_OUTCOMES: Final = {
    LetterState.SENT: 0.45,
    LetterState.NO_WORD: 0.3,
    LetterState.REPLY_RECEIVED: 0.15,
    LetterState.RETURNED: 0.05,
    LetterState.REFUSED_BY_CENSOR: 0.05,
}

Span = tuple[date, date | None]
"""From one day until another; without an end where it lasts."""


@dataclass(frozen=True, slots=True)
class InventedLetter:
    """One letter, the day it was sent and what is known of it since."""

    sent_on: date
    state: LetterState


def rhythm_of(prisoner: InventedPrisoner, sponsor: InventedSponsor) -> timedelta | None:
    """The days between two of the sponsor's letters; None where no letter goes, wherever the prisoner is."""
    if prisoner.held or sponsor.held or sponsor.country.code in COUNTRIES_WITHOUT_POST:
        return None
    return interval(sponsor.letters_a_month, prisoner.mail_access)


def writable_spans(prisoner: InventedPrisoner, active: Span) -> list[Span]:
    """The parts of a span in which mail had a place to go to: it stays behind on a transfer, and ends with a release.

    A letter goes on from one known place to the next without a break.
    """
    begin, end = active
    spans: list[Span] = []
    for since, until in _reachable(prisoner):
        first, last = max(since, begin), min(filter(None, (until, end)), default=None)
        if last is not None and first >= last:
            continue
        if spans and spans[-1][1] == first:
            first = spans.pop()[0]
        spans.append((first, last))
    return spans


def _reachable(prisoner: InventedPrisoner) -> Iterator[Span]:
    """When the prisoner was at a known place, one span for each; whoever is free or at home is at none."""
    since, place = date.min, prisoner.custody.facility
    for event in prisoner.events:
        day = event.at.date()
        if place is not None:
            yield since, day
        since, place = day, event.facility
    if place is not None:
        yield since, None


def letters_between(begin: date, last: date, *, rhythm: timedelta, now: date, dice: Dice) -> list[InventedLetter]:
    """Letters from the last one back towards the beginning, a little slower than the rhythm; oldest first."""
    letters: list[InventedLetter] = []
    day = last
    while day > begin and len(letters) < MOST_LETTERS:
        state = LetterState.SENT if now - day < _FRESH else dice.weighted(_OUTCOMES)
        letters.append(InventedLetter(day, state))
        day -= rhythm + timedelta(days=dice.whole(0, rhythm.days // 3))
    return letters[::-1]
