"""What a sponsor may send about their office and their official address."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField
from wtforms.validators import InputRequired, Length

from app.models import Office
from app.web.forms import OneAddress
from app.web.labels import options
from app.web.text import clean_line


class InviteForm(FlaskForm):
    """The address of whoever is to act for the sponsor."""

    email = EmailField(
        _l("Your colleague's e-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type their address.")), Length(max=254), OneAddress()],
        description=_l("Look at it twice: whoever gets the mail can act for you."),
    )


class MailsForm(FlaskForm):
    """Who gets offers, news and reminders: an office by its id, or (empty) the sponsor."""

    office = RadioField(_l("Offers, news and reminders go to"), validate_choice=False)

    @classmethod
    def as_chosen(cls, offices: Iterable[Office]) -> "MailsForm":
        """The form as things stand, with everybody who has followed an invitation."""
        joined = [one for one in offices if one.joined_at is not None and one.account is not None]
        form = cls(formdata=None, office=next((one.id for one in joined if one.gets_mails), ""))
        form.office.choices = options(
            [("", _l("You")), *((one.id, one.account.email) for one in joined if one.account is not None)]
        )
        return form


class OfficialForm(FlaskForm):
    """An address at a parliament."""

    email = EmailField(
        _l("Your official address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type your official address.")), Length(max=254), OneAddress()],
        description=_l("The one that your parliament gave you."),
    )
