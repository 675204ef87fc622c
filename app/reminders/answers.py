"""What a sponsor can say to a reminder from the mail itself. Pure."""

from app.reminders.hindrances import ABOUT_POST
from app.vocabulary import ReminderAnswer, ReminderKind


def answers_to(kind: ReminderKind) -> tuple[ReminderAnswer, ...]:
    """The answers that a reminder of the kind offers: only what is about post can be sent, or put off."""
    return tuple(ReminderAnswer) if kind in ABOUT_POST else (ReminderAnswer.PAUSE,)
