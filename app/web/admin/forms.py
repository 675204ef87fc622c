"""What an administrator may send about somebody's account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from app.web.forms import OneAddress
from app.web.text import clean_line


class WhoseForm(FlaskForm):
    """The address of the person whose log-in it is about."""

    email = EmailField(
        _l("Their e-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type their address.")), Length(max=254), OneAddress()],
    )
