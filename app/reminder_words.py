"""The words of reminders: what a sponsor is reminded of, what they can say to it, what a godparent can do. Pure.

Beside `app.vocabulary`, since the rooms of reminders and their mails speak them most.
"""

from enum import StrEnum


class ReminderKind(StrEnum):
    """What a sponsor can be reminded of; the values are also the names of the mails."""

    LETTER_DUE = "letter_due"
    BIRTHDAY_AHEAD = "birthday_ahead"
    HOLIDAY_AHEAD = "holiday_ahead"
    ACTION_IDEA = "action_idea"
    SPEAK_UP_DATE = "speak_up_date"
    OFFER_UNANSWERED = "offer_unanswered"
    LONG_QUIET = "long_quiet"
    MANDATE_ENDING = "mandate_ending"
    RE_CONSENT = "re_consent"


class ReminderAnswer(StrEnum):
    """What a sponsor can say to a reminder from the mail itself; the values stand in the links."""

    SENT = "sent"
    GO_ON = "go_on"
    LATER = "later"
    PAUSE = "pause"


class Holiday(StrEnum):
    """A day of the year that a sponsor can be told of ahead."""

    BIRTHDAY = "birthday"
    NEW_YEAR = "new_year"
    WOMENS_DAY = "womens_day"
    DAY_OF_POLITICAL_PRISONERS = "day_of_political_prisoners"
    ARREST_ANNIVERSARY = "arrest_anniversary"


class ActionIdea(StrEnum):
    """What a godparent can do next; the field's words for actions (docs/glossary.md)."""

    LETTER_TO_AUTHORITY = "letter_to_authority"
    EMBASSY_CONTACT = "embassy_contact"
    PUBLIC_STATEMENT = "public_statement"
    SOCIAL_POST = "social_post"
    PARLIAMENTARY_QUESTION = "parliamentary_question"
    SPEECH = "speech"
    PRIZE_NOMINATION = "prize_nomination"
