"""The words about contacts of families: whose contact it is, and why one is opened. Pure.

Beside `app.vocabulary`, since nobody but the coordinators of a caseload and whoever watches over them speaks them.
"""

from enum import StrEnum


class ContactKind(StrEnum):
    """Who is reached: somebody of the family, the lawyer, or somebody else whom the family named."""

    RELATIVE = "relative"
    LAWYER = "lawyer"
    OTHER = "other"


class OpeningReason(StrEnum):
    """Why a coordinator opens a contact; a sentence of their own stands beside it."""

    TELL_NEWS = "tell_news"
    ASK_CONSENT = "ask_consent"
    LETTERS = "letters"
    KEEP_CURRENT = "keep_current"
    OTHER = "other"
