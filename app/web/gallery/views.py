"""The gallery's page, with a form in which everything is wrong."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.vocabulary import DetentionStatus, MatchState, OutgoingState, Publicity, SponsorRole, SupportKind, VettingState
from app.web.access import public
from app.web.labels import choices, options

blueprint = Blueprint("gallery", __name__)


class Gallery(FlaskForm):
    """One field of each sort."""

    class Meta:
        csrf = False

    name = StringField("Your name", [DataRequired("Say what we may call you.")], description="A first name is enough.")
    address = EmailField("Mail address", [DataRequired("Type your address.")])
    password = PasswordField("Password", [DataRequired("Choose a password.")], description="12 characters or more.")
    letters = IntegerField("Letters a month", [Optional()])
    until = DateField("Until when?", [Optional()])
    country = SelectField("Country", [DataRequired("Choose one.")], choices=options([("", "Choose"), ("FR", "France")]))
    role = RadioField("Who are you?", [InputRequired("Choose one.")], choices=choices(SponsorRole))
    languages = SelectMultipleField(
        "Languages you write",
        [Optional()],
        choices=options([("ru", "Russian"), ("be", "Belarusian"), ("uk", "Ukrainian")]),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        default=["ru"],
    )
    conflicts = TextAreaField("Anybody you should not be matched with?", [Optional()])
    agree = BooleanField("I am not in Belarus", [InputRequired("Say that you are not in Belarus.")])
    good = RadioField("How would you help?", [Optional()], choices=choices(SupportKind), default="letter_writer")


@blueprint.get("/gallery")
@public
def gallery() -> ResponseReturnValue:
    """Every part in every state; `?rows=2000` gives a long table."""
    form = Gallery(formdata=None)
    form.validate()
    kinds = (MatchState, VettingState, OutgoingState, DetentionStatus, Publicity)
    return render_template("public/gallery.html", form=form, words={kind.__name__: kind for kind in kinds})
