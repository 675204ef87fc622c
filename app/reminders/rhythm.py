"""When each occasion of a match falls due. Pure."""

import math
from collections.abc import Iterator
from datetime import date, timedelta

from app.reminder_words import ReminderKind
from app.reminders.calendar import GREETED, POSTAL_LEAD, newest, same_day_in
from app.reminders.facts import MatchFacts
from app.reminders.godparents import of_godparent
from app.reminders.occasions import Occasion
from app.vocabulary import MailAccess, MatchState, SupportKind

MONTH_DAYS = 30
SHORTEST_INTERVAL = timedelta(days=7)
"""However many letters somebody wants to write, we do not mail about them more than once a week."""

ANSWER_EXPECTED_AFTER = timedelta(days=5)

OFFER_LASTS = timedelta(days=21)
"""An offer that nobody has answered by then lapses, and its seat is open again."""


def standing(match: MatchFacts, on: date) -> tuple[Occasion, ...]:
    """The match's occasions that are due on the day and not stale; whether they may be mailed is another question."""
    return tuple(occasion for occasion in _latest(match, on) if occasion.is_alive(on))


def stands(occasion: Occasion, match: MatchFacts, on: date) -> bool:
    """Whether the match still has the occasion on that day: no other of its kind has come since, nor is it stale."""
    return occasion.is_alive(on) and occasion.first in _latest(match, on)


def interval(letters_a_month: int, mail_access: MailAccess) -> timedelta | None:
    """The days between two letters, or None where no letter is expected.

    Where often only relatives' letters arrive the rhythm is half as fast (domain.md, letters 7); to somebody
    incommunicado there is none.
    """
    if letters_a_month < 1 or mail_access is MailAccess.INCOMMUNICADO:
        return None
    rhythm = max(SHORTEST_INTERVAL, timedelta(days=math.ceil(MONTH_DAYS / letters_a_month)))
    return rhythm * 2 if mail_access is MailAccess.RELATIVES_ONLY else rhythm


def _latest(match: MatchFacts, on: date) -> Iterator[Occasion]:
    """Of everything that the match can be an occasion for, what fell due last."""
    if match.state is MatchState.APPROVED:
        yield from _offer_unanswered(match)
    if match.state is MatchState.ACTIVE:
        yield from _letter_due(match, on)
        yield from _birthday_ahead(match, on)
        yield from _holiday_ahead(match, on)
        yield from of_godparent(match, on)


def _offer_unanswered(match: MatchFacts) -> Iterator[Occasion]:
    """Once, some days after the offer, and never again."""
    if match.offered_on is not None:
        yield Occasion(ReminderKind.OFFER_UNANSWERED, match.match_id, match.offered_on + ANSWER_EXPECTED_AFTER)


def _letter_due(match: MatchFacts, on: date) -> Iterator[Occasion]:
    """Once in each interval since the last letter, or since the match became active.

    A godparent's rhythm is not one of letters.
    """
    if match.kind is not SupportKind.LETTER_WRITER:
        return
    rhythm = interval(match.sponsor.letters_a_month, match.prisoner.mail_access)
    since = match.last_letter_on or match.active_since
    if rhythm is None or since is None or on - since < rhythm:
        return
    yield Occasion(ReminderKind.LETTER_DUE, match.match_id, since + (on - since) // rhythm * rhythm)


def _birthday_ahead(match: MatchFacts, on: date) -> Iterator[Occasion]:
    born = match.prisoner.birthday
    if born is None or match.prisoner.mail_access is MailAccess.INCOMMUNICADO:
        return
    due = newest(lambda year: same_day_in(year, born), lead=POSTAL_LEAD, on=on)
    if due is not None:
        yield Occasion(ReminderKind.BIRTHDAY_AHEAD, match.match_id, due)


def _holiday_ahead(match: MatchFacts, on: date) -> Iterator[Occasion]:
    """For letter writers: godparents are told of days on which to speak up."""
    if match.kind is not SupportKind.LETTER_WRITER or match.prisoner.mail_access is MailAccess.INCOMMUNICADO:
        return
    for holiday in GREETED:
        due = newest(holiday.in_year, lead=POSTAL_LEAD, on=on)
        if due is not None and holiday.concerns(match.prisoner):
            yield Occasion(ReminderKind.HOLIDAY_AHEAD, match.match_id, due)
