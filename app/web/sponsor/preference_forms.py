"""What a sponsor may choose for themselves."""

from datetime import date, timedelta
from typing import Any

from flask_babel import format_date, gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.actions.preferences import IDEA_WEEKS, MOST_LETTERS, MOST_QUIET_DAYS, Preferences, most_people
from app.models import Sponsor
from app.reminder_words import ReminderKind
from app.web.forms import ManyField, VersionForm
from app.web.labels import choices, options

A_MONDAY = date(2024, 1, 1)


def _every(weeks: int) -> str:
    return str(ngettext("Every week", "Every %(num)d weeks", weeks) if weeks else gettext("Never"))


class SettingsForm(VersionForm):
    """How much, when, and of what a sponsor wants to hear."""

    letters_a_month = IntegerField(
        _l("Letters a month, for each person"),
        validators=[
            InputRequired(_l("Give a number from 0 to 31.")),
            NumberRange(0, MOST_LETTERS, _l("Give a number from 0 to 31.")),
        ],
        description=_l("We remind you in this rhythm, at most once a week. 0: we remind you of no letter."),
    )
    idea_weeks = SelectField(
        _l("Ideas of what you could do"),
        coerce=int,
        description=_l("For whoever speaks up in public. Each is a small first step; you are free to leave it."),
    )
    capacity = IntegerField(
        _l("How many people you take on"), validators=[InputRequired(_l("Give a number, such as 1 or 2."))]
    )
    available_until = DateField(
        _l("Available until"),
        validators=[Optional()],
        description=_l("Empty means without an end. After that day we offer you nobody and remind you of nothing."),
    )
    quiet_days = ManyField(
        _l("Quiet days"),
        coerce=int,
        validators=[Length(max=MOST_QUIET_DAYS, message=_l("Leave us two days on which we may remind you."))],
        description=_l("On these days of the week we send no reminder; what falls due comes the next morning."),
    )
    reminders = ManyField(
        _l("Remind me"),
        choices=choices(ReminderKind),
        description=_l("With none of them ticked we remind you of nothing at all."),
    )

    def __init__(self, sponsor: Sponsor, **more: Any) -> None:
        super().__init__(**more)
        days = (A_MONDAY + timedelta(days=number) for number in range(7))
        self.quiet_days.choices = options([(str(day.weekday()), format_date(day, "EEEE")) for day in days])
        self.idea_weeks.choices = options([(str(weeks), _every(weeks)) for weeks in IDEA_WEEKS])
        most = most_people(sponsor)
        self.capacity.validators = [
            *self.capacity.validators,
            NumberRange(1, most, _l("Give a number from 1 to %(most)d.", most=most)),
        ]

    @classmethod
    def as_chosen(cls, sponsor: Sponsor) -> "SettingsForm":
        """The form with what the sponsor chose before."""
        refused = set(ReminderKind) if sponsor.no_reminders else set(sponsor.reminders_off)
        return cls(
            sponsor,
            formdata=None,
            version=sponsor.version,
            letters_a_month=sponsor.letters_a_month,
            idea_weeks=sponsor.idea_weeks,
            capacity=sponsor.capacity,
            available_until=sponsor.available_until,
            quiet_days=sponsor.quiet_days,
            reminders=[kind.value for kind in ReminderKind if kind not in refused],
        )

    def chosen(self) -> Preferences:
        """What stands in the form, once it is valid."""
        return Preferences(
            letters_a_month=self.letters_a_month.data,
            idea_weeks=self.idea_weeks.data,
            capacity=self.capacity.data,
            available_until=self.available_until.data,
            quiet_days=frozenset(self.quiet_days.data),
            reminders=frozenset(map(ReminderKind, self.reminders.data)),
        )


class PauseForm(FlaskForm):
    """A pause, until a day or open."""

    resumes_on = DateField(
        _l("I go on again on"),
        validators=[Optional()],
        description=_l("Leave it empty if you don't know yet. You can end the pause at any time."),
    )
