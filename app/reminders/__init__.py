"""Which occasion is due when, and who must not be reminded of it. Pure: frozen values in, values out.

An `Occasion` is what one reminder is for. Its due date is a plain day that comes from the match alone, never from the
clock or from anybody's time zone, so that the same occasion has the same key whoever reckons it, and however often.
Where the sponsor lives decides only when the mail goes: in their own morning (`mornings`).
"""

from app.reminders.answers import answers_to
from app.reminders.facts import MatchFacts, PrisonerFacts, SponsorFacts
from app.reminders.hindrances import hindrance, why_not
from app.reminders.mornings import MOST_QUIET_DAYS, NextMornings, going_out, is_morning, next_morning, zone_of
from app.reminders.occasions import Occasion
from app.reminders.rhythm import interval, standing, stands
from app.vocabulary import ReminderKind

__all__ = [
    "MOST_QUIET_DAYS",
    "MatchFacts",
    "NextMornings",
    "Occasion",
    "PrisonerFacts",
    "ReminderKind",
    "SponsorFacts",
    "answers_to",
    "going_out",
    "hindrance",
    "interval",
    "is_morning",
    "next_morning",
    "standing",
    "stands",
    "why_not",
    "zone_of",
]
