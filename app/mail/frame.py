"""What stands around the words of every mail, and can be edited apart from them: the labels of its links, and its foot.

The links themselves belong to the layout. Nothing here is ever empty: a part that nobody edited is the built-in one.
"""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext as _

from app.errors import TextProblem
from app.mail.words import problems_of_line
from app.placeholders import N_

FRAME: Final = "frame"
"""The name under which it is edited, beside the names of the mails."""

PHRASES: Final[Mapping[str, str]] = {
    "address": N_("If the button does nothing, copy this address into your browser:"),
    "sent": N_("It is in the post"),
    "later": N_("Remind me in a week"),
    "go_on": N_("Yes, I go on"),
    "pause": N_("I need a pause"),
    "end": N_("Get no more reminders like this one"),
    "foot": N_(
        "You get this mail because this address was used to sign up with us. We never ask for a password by mail."
    ),
}
"""By part, of which the answers have the name of their `ReminderAnswer`."""

LONGEST: Final = 200

Frame = tuple[tuple[str, str], ...]
"""The edited parts: name and words."""


def frame_of(parts: Mapping[str, str]) -> Frame:
    """The edited parts of what was saved."""
    return tuple((part, parts[part]) for part in PHRASES if parts.get(part))


def shown(frame: Frame) -> dict[str, str]:
    """Every part, edited or in the language of the moment."""
    return {part: str(_(phrase)) for part, phrase in PHRASES.items()} | dict(frame)


def problems_of_frame(parts: Mapping[str, str]) -> list[TextProblem]:
    """Why these parts must not be kept; empty where they may."""
    return [problem for part in PHRASES for problem in problems_of_line(part, parts.get(part, ""), longest=LONGEST)]
