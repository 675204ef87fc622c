"""What a coordinator says of an event, and what they confirm once they have read what follows."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.actions.events import LONGEST_SOURCE
from app.vocabulary import EventType
from app.web.labels import choices
from app.web.text import clean_line


class EventForm(FlaskForm):
    """What happened, when, where to, and who says so."""

    type = RadioField(_l("What happened?"), choices=choices(EventType), validators=[InputRequired(_l("Choose one."))])
    day = DateField(_l("On which day?"), validators=[InputRequired(_l("Give the day."))])
    facility = SelectField(
        _l("Where are they now?"),
        validators=[Optional()],
        description=_l("For a transfer or a return. Leave it open while nobody knows: then sponsors are told to wait."),
    )
    source = StringField(
        _l("Where do you know it from?"),
        filters=[clean_line],
        validators=[DataRequired(_l("Name the source.")), Length(max=LONGEST_SOURCE)],
        description=_l("For coordinators only. Don't name relatives here."),
    )


class ConfirmEventForm(FlaskForm):
    """The same once more, with the version of the record that the coordinator saw."""

    type = HiddenField(validators=[AnyOf([kind.value for kind in EventType])])
    day = DateField(widget=HiddenInput(), validators=[InputRequired()])
    facility = HiddenField(validators=[Length(max=16)])
    source = HiddenField(filters=[clean_line], validators=[DataRequired(), Length(max=LONGEST_SOURCE)])
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
