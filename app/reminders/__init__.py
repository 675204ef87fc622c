"""Which occasion is due when, and who must not be reminded of it. Pure: frozen values in, values out.

An `Occasion` is what one reminder is for. Its due date is a plain day that comes from the facts alone, never from the
clock or from anybody's time zone, so that the same occasion has the same key whoever reckons it, and however often.
Where the sponsor lives decides only when the mail goes: in their own morning (`mornings`).
"""

from app.reminder_words import ActionIdea, Holiday, ReminderAnswer, ReminderKind
from app.reminders.ahead import coming_days
from app.reminders.answers import CAN_WAIT, answers_to
from app.reminders.calendar import POSTAL_LEAD
from app.reminders.facts import MatchFacts, PrisonerFacts, SponsorFacts, Supporter
from app.reminders.godparents import idea_of
from app.reminders.hindrances import ABOUT_POST, ADDRESS_KEEPS, hindrance, is_verified, why_not
from app.reminders.keeping import ANSWER_TO_DESK_AFTER, ASKED_AGAIN_AFTER, CONSENT_LASTS, MANDATE_MARKS, QUIET_FOR_DESK
from app.reminders.mornings import MOST_QUIET_DAYS, NextMornings, going_out, is_morning, next_morning, zone_of
from app.reminders.occasions import ABOUT_SPONSOR, Occasion
from app.reminders.rhythm import OFFER_LASTS, interval, standing, stands
from app.reminders.supporters import due, why_not_to

__all__ = [
    "ABOUT_POST",
    "ABOUT_SPONSOR",
    "ADDRESS_KEEPS",
    "ANSWER_TO_DESK_AFTER",
    "ASKED_AGAIN_AFTER",
    "CAN_WAIT",
    "CONSENT_LASTS",
    "MANDATE_MARKS",
    "MOST_QUIET_DAYS",
    "OFFER_LASTS",
    "POSTAL_LEAD",
    "QUIET_FOR_DESK",
    "ActionIdea",
    "Holiday",
    "MatchFacts",
    "NextMornings",
    "Occasion",
    "PrisonerFacts",
    "ReminderAnswer",
    "ReminderKind",
    "SponsorFacts",
    "Supporter",
    "answers_to",
    "coming_days",
    "due",
    "going_out",
    "hindrance",
    "idea_of",
    "interval",
    "is_morning",
    "is_verified",
    "next_morning",
    "standing",
    "stands",
    "why_not",
    "why_not_to",
    "zone_of",
]
