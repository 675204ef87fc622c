"""The words of the watch over staff: alerts to administrators, the reading budget, exports. Pure.

Beside `app.vocabulary`, since they speak of the programme's own people and not of its field.
"""

from enum import StrEnum


class AlertKind(StrEnum):
    """What administrators are told at once."""

    READING_SPENT = "reading_spent"
    CANARY_OPENED = "canary_opened"
    TRAIL_BROKEN = "trail_broken"
    EXPORT_ASKED = "export_asked"
    SECOND_FACTOR_RESET = "second_factor_reset"
    CONTACTS_OPENED = "contacts_opened"
    ADMINISTRATOR_APPOINTED = "administrator_appointed"


class ExportSubject(StrEnum):
    """What an export holds; each is one CSV file."""

    SPONSORS = "sponsors"
    PRISONERS = "prisoners"
    MATCHES = "matches"


class ExportState(StrEnum):
    """Where an export stands: asked for, decided on, and then downloaded once."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    DOWNLOADED = "downloaded"
