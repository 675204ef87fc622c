"""What somebody may send about their own log-in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField
from wtforms.validators import InputRequired, Length

from app.web.forms import MailLanguageField, NewPasswordForm, OneAddress, PasswordForm
from app.web.text import clean_line


class PasswordAgainForm(PasswordForm):
    """The present password, before something dangerous; `next` is what it was asked for."""

    next = HiddenField()


class ChangePasswordForm(PasswordForm, NewPasswordForm):
    """The present password and the new one."""


class AddressForm(PasswordForm):
    """The present password and the new address."""

    email = EmailField(
        _l("New e-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type the new address.")), Length(max=254), OneAddress()],
    )


class LanguageForm(FlaskForm):
    """The language that mails come in."""

    language = MailLanguageField()
