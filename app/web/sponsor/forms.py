"""What a sponsor may answer to an offer, write, and say of a letter."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from app.queries.letters import has_gap
from app.vocabulary import LetterState, RefusalReason
from app.web.labels import choices
from app.web.text import clean_text

LONGEST_LETTER = 20_000


class RefuseForm(FlaskForm):
    """Asking for somebody else: a reason from a list, and words if one likes."""

    reason = RadioField(
        _l("What is the reason?"), choices=choices(RefusalReason), validators=[InputRequired(_l("Choose one."))]
    )
    note = TextAreaField(
        _l("Anything your coordinator should know"), filters=[clean_text], validators=[Length(max=2000)]
    )


class LetterForm(FlaskForm):
    """A letter on its way to the printer: read, shown and forgotten."""

    text = TextAreaField(
        _l("Your letter"),
        filters=[clean_text],
        validators=[
            InputRequired(_l("The page is still blank.")),
            Length(max=LONGEST_LETTER, message=_l("That is very long. A few warm lines beat many pages.")),
        ],
    )

    def validate_text(self, field: TextAreaField) -> None:
        """A gap is for the writer's own words, and must not be posted to anybody."""
        if has_gap(field.data):
            raise ValidationError(_l("There is still a gap, marked by dots. Fill it in, or take it out."))


class SentForm(FlaskForm):
    """A letter went off, on a day."""

    sent_on = DateField(
        _l("When did you post it?"), validators=[InputRequired(_l("Give the day on which you posted it."))]
    )
    template = HiddenField()
    language = HiddenField()


class OutcomeForm(FlaskForm):
    """What came of a letter."""

    outcome = RadioField(choices=choices(LetterState), validators=[InputRequired()])
