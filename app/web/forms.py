"""What forms of several audiences begin with."""

from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput


class VersionForm(FlaskForm):
    """An act on a record; `version` is the one that the person saw."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
