"""Which days are coming up for a match: what a reminder tells of without naming it, and the page does. Pure."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from app.reminder_words import Holiday
from app.reminders.calendar import GREETED, POSTAL_LEAD, PREPARING, SPOKEN_OF, same_day_in
from app.reminders.facts import MatchFacts
from app.vocabulary import MailAccess, Publicity, SupportKind


def coming_days(match: MatchFacts, on: date) -> list[tuple[Holiday, date]]:
    """The days that the match's sponsor has been told of or is told of now, the nearest first."""
    found = [(holiday, _next(day_in, on)) for holiday, lead, day_in in _days(match) if _next(day_in, on) <= on + lead]
    return sorted(found, key=lambda one: one[1])


def _days(match: MatchFacts) -> Iterator[tuple[Holiday, timedelta, Callable[[int], date]]]:
    prisoner = match.prisoner
    born, arrest = prisoner.birthday, prisoner.arrested_on
    gets_mail = prisoner.mail_access is not MailAccess.INCOMMUNICADO
    if gets_mail and born is not None:
        yield Holiday.BIRTHDAY, POSTAL_LEAD, lambda year: same_day_in(year, born)
    if gets_mail and match.kind is SupportKind.LETTER_WRITER:
        yield from ((day.holiday, POSTAL_LEAD, day.in_year) for day in GREETED if day.concerns(prisoner))
    if match.kind is SupportKind.GODPARENT and prisoner.publicity is Publicity.PUBLIC:
        yield from ((day.holiday, PREPARING, day.in_year) for day in SPOKEN_OF if day.concerns(prisoner))
        if arrest is not None:
            yield Holiday.ARREST_ANNIVERSARY, PREPARING, lambda year: same_day_in(year, arrest)


def _next(day_in: Callable[[int], date], on: date) -> date:
    return min(day for day in (day_in(on.year), day_in(on.year + 1)) if day >= on)
