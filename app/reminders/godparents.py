"""What a godparent can do, and on which days a word from them counts most. Pure.

Only a case that is public is spoken of in public (docs/domain.md, "Do no harm" 4): of any other a godparent is given
quiet ideas alone, and is told of no day to speak up on.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from app.reminder_words import ActionIdea, ReminderKind
from app.reminders.calendar import PREPARING, SPOKEN_OF, newest, same_day_in
from app.reminders.facts import MatchFacts
from app.reminders.occasions import Occasion
from app.vocabulary import Publicity, SponsorRole, SupportKind

QUIET_IDEAS = (ActionIdea.LETTER_TO_AUTHORITY, ActionIdea.EMBASSY_CONTACT)
"""Nobody but whom they write to learns of them."""

IDEAS = (
    ActionIdea.PUBLIC_STATEMENT,
    ActionIdea.LETTER_TO_AUTHORITY,
    ActionIdea.SOCIAL_POST,
    ActionIdea.EMBASSY_CONTACT,
    ActionIdea.SPEECH,
    ActionIdea.PRIZE_NOMINATION,
)
PARLIAMENTS_IDEAS = (ActionIdea.PARLIAMENTARY_QUESTION, *IDEAS)


def of_godparent(match: MatchFacts, on: date) -> Iterator[Occasion]:
    """What fell due last for a godparent; nothing for anybody else."""
    if match.kind is not SupportKind.GODPARENT:
        return
    yield from _idea(match, on)
    yield from _day_to_speak_up(match, on)


def idea_of(match: MatchFacts, on: date) -> ActionIdea | None:
    """The idea of that day: another one in each interval. None where the case is known to coordinators alone."""
    if match.prisoner.publicity is Publicity.COORDINATORS_ONLY or match.active_since is None:
        return None
    ideas = _ideas_for(match)
    rhythm = timedelta(weeks=match.sponsor.idea_weeks or 4)
    return ideas[(on - match.active_since) // rhythm % len(ideas)]


def _ideas_for(match: MatchFacts) -> tuple[ActionIdea, ...]:
    if match.prisoner.publicity is not Publicity.PUBLIC:
        return QUIET_IDEAS
    return PARLIAMENTS_IDEAS if match.sponsor.role is SponsorRole.PARLIAMENTARIAN else IDEAS


def _idea(match: MatchFacts, on: date) -> Iterator[Occasion]:
    """Once in each interval since the match became active."""
    rhythm, since = timedelta(weeks=match.sponsor.idea_weeks), match.active_since
    if not rhythm or since is None or on - since < rhythm:
        return
    yield Occasion(ReminderKind.ACTION_IDEA, match.match_id, since + (on - since) // rhythm * rhythm)


def _day_to_speak_up(match: MatchFacts, on: date) -> Iterator[Occasion]:
    days = [day.in_year for day in SPOKEN_OF if day.concerns(match.prisoner)]
    arrest = match.prisoner.arrested_on
    if arrest is not None:
        days.append(lambda year: same_day_in(year, arrest))
    found = {newest(day_in, lead=PREPARING, on=on) for day_in in days}
    for due in sorted(day for day in found if day is not None and (arrest is None or day > arrest)):
        yield Occasion(ReminderKind.SPEAK_UP_DATE, match.match_id, due)
