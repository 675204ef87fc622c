"""What a sponsor can say to a mail of reminders from the mail itself. Pure."""

from collections.abc import Collection

from app.reminder_words import ReminderAnswer, ReminderKind
from app.reminders.hindrances import ABOUT_POST

CAN_WAIT = ABOUT_POST | {ReminderKind.ACTION_IDEA}
"""What can be put off by a week."""

ASKS_TO_GO_ON = frozenset({ReminderKind.LONG_QUIET, ReminderKind.RE_CONSENT})


def answers_to(kinds: Collection[ReminderKind]) -> tuple[ReminderAnswer, ...]:
    """The answers that a mail with reminders of these kinds offers, one for each of them.

    A letter can be said to be in the post where it is clear which: names stand behind the log-in only.
    """
    offered = {
        ReminderAnswer.SENT: sum(kind in ABOUT_POST for kind in kinds) == 1,
        ReminderAnswer.GO_ON: any(kind in ASKS_TO_GO_ON for kind in kinds),
        ReminderAnswer.LATER: any(kind in CAN_WAIT for kind in kinds),
        ReminderAnswer.PAUSE: True,
    }
    return tuple(answer for answer, is_offered in offered.items() if is_offered)
