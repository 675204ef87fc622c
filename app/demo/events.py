"""What happens to an invented prisoner: a transfer, release, death or return to custody, with who says so. Pure.

Whom it befalls goes by their number, so that a world of any size has some of each; to the first few it happens lately,
so that the pages have news. A release and the return after it lie between two matching runs: meanwhile nobody takes
the seat.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.actions.consequences import status_after
from app.demo.dice import Dice, derived_id
from app.demo.history import Calendar
from app.demo.people import Custody, InventedEvent
from app.demo.places import facilities
from app.vocabulary import EventType, FacilityKind


class Fate(StrEnum):
    """What the past held for somebody, but for a transfer, which may befall anybody."""

    DEATH = "death"
    RELEASE = "release"
    RETURN = "return"
    ON_THE_WAY = "on_the_way"


Moment = tuple[EventType, datetime]
"""What happened, and when it was recorded."""

_FATES: Final = {Fate.DEATH: (130, 8), Fate.RELEASE: (14, 5), Fate.RETURN: (40, 3), Fate.ON_THE_WAY: (40, 9)}
"""Every how manieth prisoner has it, and who is the first of them: among the ten of the smallest world each is met."""

_MOVED_EVERY, _MOVED_FROM = 6, 1
_BY_STAGES_EVERY: Final = 3
"""Every how manieth of those who are moved is on the way for a while, nobody knows where."""

FIRST_FEW: Final = 10
"""So many prisoners came with the first batches, whatever befalls them: by then somebody stands by them."""

_SOURCES: Final = (
    "the family, by way of the coordinator", "a lawyer's letter", "a statement that was published",
    "the list of an invented organisation",
)  # fmt: skip
_KINDS_AFTER_VERDICT: Final = (FacilityKind.COLONY, FacilityKind.PRISON, FacilityKind.OPEN_FACILITY)
_LAST_RUN_BEFORE_A_RETURN: Final = 5
_KNOWN_WITHIN_DAYS: Final = 3


def _days(days: float) -> timedelta:
    return timedelta(days=days)


def fate_of(number: int) -> Fate | None:
    """The fate of the adult with this number; None for most."""
    return next((fate for fate, (every, first) in _FATES.items() if number % every == first), None)


def moments(number: int, *, fate: Fate | None, entry: int, seed: int, calendar: Calendar) -> tuple[Moment, ...]:
    """What happens to somebody who was entered with a batch, in order; all of it lies in the past."""
    dice = Dice(seed, "moments", number)
    if fate is Fate.RETURN:
        return _release_and_return(number, entry, calendar, dice)
    if fate is Fate.ON_THE_WAY:
        return ((EventType.TRANSFER, calendar.ago(dice.within(_days(3), _days(20)))),)
    end = _end(number, fate, entry, calendar, dice)
    until = end[0][1] - _days(3) if end else calendar.ago(_days(1))
    return (*_transfers(number, entry, until, calendar, dice), *end)


def _end(number: int, fate: Fate | None, entry: int, calendar: Calendar, dice: Dice) -> tuple[Moment, ...]:
    """The release or the death that ends the detention for good, if there is one."""
    if fate is None:
        return ()
    longest = calendar.now - calendar.runs[entry] - _days(40)
    ago = dice.within(_days(3), _days(20) if number < FIRST_FEW else longest)
    return ((EventType.DEATH if fate is Fate.DEATH else EventType.RELEASE, calendar.ago(ago)),)


def _release_and_return(number: int, entry: int, calendar: Calendar, dice: Dice) -> tuple[Moment, ...]:
    last = _LAST_RUN_BEFORE_A_RETURN
    night = last if number < FIRST_FEW else dice.whole(entry, last)
    before, after = calendar.runs[night], calendar.runs[night + 1]
    released_at = before + dice.within(_days(7), (after - before) * 0.4)
    returned_at = after - dice.within(_days(1), _days(15))
    return (EventType.RELEASE, released_at), (EventType.RETURN, returned_at)


def _transfers(number: int, entry: int, until: datetime, calendar: Calendar, dice: Dice) -> tuple[Moment, ...]:
    """One transfer, or two where the first led nobody knows where; none where the time is too short."""
    since = calendar.entries[entry] + _days(2)
    if number % _MOVED_EVERY != _MOVED_FROM or until - since < _days(40):
        return ()
    if number % (_MOVED_EVERY * _BY_STAGES_EVERY) != _MOVED_FROM:
        return ((EventType.TRANSFER, since + dice.within(_days(0), until - since)),)
    arrived_at = until - dice.within(_days(3), _days(12) if number < FIRST_FEW else until - since - _days(26))
    return (EventType.TRANSFER, arrived_at - dice.within(_days(6), _days(25))), (EventType.TRANSFER, arrived_at)


def leaves_on(happening: Sequence[Moment]) -> date | None:
    """The day of the release or death with which it ends, at the earliest; None for whoever is held."""
    if not happening or happening[-1][0] not in (EventType.RELEASE, EventType.DEATH):
        return None
    return happening[-1][1].date() - _days(_KNOWN_WITHIN_DAYS)


def invent_events(
    happening: Sequence[Moment], *, custody: Custody, seed: int, number: int
) -> tuple[InventedEvent, ...]:
    """The events at these moments, of somebody who was in custody like that when they were entered."""
    return tuple(_events(happening, custody, seed, number, Dice(seed, "events", number)))


def _events(
    happening: Sequence[Moment], custody: Custody, seed: int, number: int, dice: Dice
) -> Iterator[InventedEvent]:
    status, place, sentenced = custody.detention_status, custody.facility, custody.sentence is not None
    earliest = date.min
    for turn, (kind, at) in enumerate(happening):
        if kind in (EventType.TRANSFER, EventType.RETURN):
            place = None if _leads_nowhere(happening, turn, number) else _another_place(place, kind, sentenced, dice)
        led_to = facilities()[place].kind if place is not None else None
        status = status_after(kind, before=status, place=led_to, sentenced=sentenced)
        earliest = max(earliest, at.date() - _days(dice.whole(0, _KNOWN_WITHIN_DAYS)))
        yield InventedEvent(
            id=derived_id(seed, "event", number, turn),
            at=at,
            type=kind,
            happened_on=earliest,
            source=dice.pick(_SOURCES),
            status=status,
            facility=place if kind in (EventType.TRANSFER, EventType.RETURN) else None,
        )


def _leads_nowhere(happening: Sequence[Moment], turn: int, number: int) -> bool:
    """Whether nobody knows where it led: the first of two transfers, or the one of somebody who is on the way."""
    if happening[turn][0] is not EventType.TRANSFER:
        return False
    by_stages = happening[turn + 1 : turn + 2] and happening[turn + 1][0] is EventType.TRANSFER
    return bool(by_stages) or fate_of(number) is Fate.ON_THE_WAY


def _another_place(place: int | None, kind: EventType, sentenced: bool, dice: Dice) -> int:
    """A facility other than the one they were in, of a kind that fits."""
    after_verdict = sentenced and kind is EventType.TRANSFER
    kinds = _KINDS_AFTER_VERDICT if after_verdict else (FacilityKind.PRETRIAL,)
    return dice.pick([number for number, other in enumerate(facilities()) if other.kind in kinds and number != place])
