"""What forms of several audiences begin with or share: versions, passwords, codes."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from app import passwords, places
from app.addresses import normalised
from app.errors import BadInput
from app.queries import texts
from app.web.labels import options
from app.web.text import clean_line, clean_text

USUAL_LANGUAGE = "en"


class ManyField(SelectMultipleField):
    """Several of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class VersionForm(FlaskForm):
    """An act on a record; `version` is the one that the person saw."""

    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class MailLanguageField(SelectField):
    """The languages that mails are written in; asked for each time, since coordinators add some."""

    def __init__(self, **more: Any) -> None:
        languages = [USUAL_LANGUAGE, *texts.mail_languages(besides=USUAL_LANGUAGE)]
        super().__init__(
            _l("Language of our mails"),
            choices=options([(code, places.language_name(code, code)) for code in languages]),
            description=_l("Pages are in English; a mail that nobody has translated is, too."),
            **more,
        )


class NewPassword:
    """The check of a new password, for a field that it is put upon."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Raise ValidationError for one that cannot be taken."""
        try:
            passwords.check_new(field.data or "")
        except BadInput as wrong:
            raise ValidationError(str(wrong)) from wrong


class OneAddress:
    """Brings what was typed into the one form of an address, for a field that it is put upon."""

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Raise ValidationError for what is no address."""
        try:
            field.data = normalised(field.data)
        except BadInput as wrong:
            raise ValidationError(str(_l("This does not look like an address, such as name@example.org."))) from wrong


class PasswordForm(FlaskForm):
    """The present password."""

    present = PasswordField(_l("Your password"), validators=[InputRequired(_l("Type your password."))])


class NewPasswordForm(FlaskForm):
    """A password to set anew."""

    password = PasswordField(
        _l("New password"),
        validators=[InputRequired(_l("Choose a password.")), NewPassword()],
        description=_l("12 to 128 characters. Three or four unrelated words work well."),
    )


class CodeForm(FlaskForm):
    """A code of the app, or a recovery code; `next` is where the person wanted to go."""

    code = StringField(
        _l("Code"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type the code.")), Length(max=40, message=_l("This is no code of ours."))],
    )
    next = HiddenField()


class ReasonForm(FlaskForm):
    """Why a log-in is closed."""

    reason = TextAreaField(
        _l("Why"),
        filters=[clean_text],
        validators=[DataRequired(_l("Write a few words, so that a colleague can follow.")), Length(max=2000)],
        description=_l("Kept for whoever may open it again. The person does not see it."),
    )


def wait_sentence(seconds: int) -> str:
    """How long somebody waits who tried too often."""
    if seconds < 60:
        return str(_("Too many attempts. Wait a minute, then try again."))
    minutes = -(-seconds // 60)
    return str(
        ngettext(
            "Too many attempts. Wait %(num)d minute, then try again.",
            "Too many attempts. Wait %(num)d minutes, then try again.",
            minutes,
        )
    )
