"""What falls due for a sponsor, whoever they stand by: a long silence, the end of a mandate, a year gone by. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.reminder_words import ReminderKind
from app.reminders.facts import Supporter
from app.reminders.occasions import Occasion
from app.vocabulary import NO_LONGER_HELD, MatchState

QUIET_FOR = timedelta(days=90)
"""After so long without a sign of life we write once, more softly, and offer a pause or fewer people."""

QUIET_FOR_DESK = timedelta(days=120)
"""A month later it is a coordinator's turn: nobody is mailed about it again."""

MANDATE_MARKS = (timedelta(days=90), timedelta(days=30))
"""The end of a mandate must open a handover before the seat is lost (domain.md, the godparent 3)."""

CONSENT_LASTS = timedelta(days=365)
ASKED_AGAIN_AFTER = timedelta(days=21)
ANSWER_TO_DESK_AFTER = timedelta(days=21)
"""Whoever has not answered so long after the second mail is asked by a coordinator. Nothing ends by itself."""


def of_sponsor(supporter: Supporter, on: date) -> Iterator[Occasion]:
    """Of everything that a sponsor can be reminded of for themselves, what fell due last."""
    yield from _long_quiet(supporter, on)
    yield from _mandate_ending(supporter, on)
    yield from _re_consent(supporter, on)


def quiet_since(supporter: Supporter, on: date) -> date:
    """Since when nobody has heard of the sponsor: a pause that has run out by itself was no silence."""
    sponsor = supporter.sponsor
    rested = sponsor.resumes_on if sponsor.resumes_on and sponsor.resumes_on <= on else sponsor.last_sign_on
    return max(sponsor.last_sign_on, rested)


def _supports(supporter: Supporter) -> bool:
    """Whether they stand by somebody who is held; whoever lost everybody to a release or a death is left in peace."""
    return any(
        match.state is MatchState.ACTIVE
        and not match.silent
        and not match.prisoner.died
        and match.prisoner.detention_status not in NO_LONGER_HELD
        for match in supporter.matches
    )


def _long_quiet(supporter: Supporter, on: date) -> Iterator[Occasion]:
    """Once in each silence: its day follows from the last sign of life."""
    due = quiet_since(supporter, on) + QUIET_FOR
    if due <= on and _supports(supporter):
        yield Occasion(ReminderKind.LONG_QUIET, supporter.sponsor.sponsor_id, due)


def _mandate_ending(supporter: Supporter, on: date) -> Iterator[Occasion]:
    ends = supporter.sponsor.mandate_ends
    if ends is None or on >= ends or not any(match.state is MatchState.ACTIVE for match in supporter.matches):
        return
    for mark in MANDATE_MARKS:
        if ends - mark <= on:
            yield Occasion(ReminderKind.MANDATE_ENDING, supporter.sponsor.sponsor_id, ends - mark)


def _re_consent(supporter: Supporter, on: date) -> Iterator[Occasion]:
    """Twice in each year that has gone by since the sponsor last said that they want to go on."""
    since = supporter.sponsor.consented_on
    years = (on - since) // CONSENT_LASTS
    if years < 1:
        return
    first = since + years * CONSENT_LASTS
    for due in (first, first + ASKED_AGAIN_AFTER):
        if due <= on:
            yield Occasion(ReminderKind.RE_CONSENT, supporter.sponsor.sponsor_id, due)
