"""What a coordinator records of a family's contact, and why they open one."""

from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.actions.family_contacts import LONGEST, LONGEST_REASON, ContactDetails
from app.clock import today
from app.contact_words import ContactKind, OpeningReason
from app.web.labels import choices
from app.web.text import clean_line, clean_text


class ContactForm(FlaskForm):
    """A contact, with the two things without which none is recorded: their yes, and that they are no helper."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    kind = RadioField(_l("Who is it?"), choices=choices(ContactKind), validators=[InputRequired(_l("Choose one."))])
    name = StringField(
        _l("Name"),
        filters=[clean_line],
        validators=[DataRequired(_l("Say who it is.")), Length(max=LONGEST["name"])],
        description=_l("And how they are related, if that helps."),
    )
    language = StringField(
        _l("Which language do they speak?"),
        filters=[clean_line],
        validators=[DataRequired(_l("Name the language.")), Length(max=LONGEST["language"])],
    )
    reach = TextAreaField(
        _l("How to reach them"),
        filters=[clean_text],
        validators=[DataRequired(_l("Name at least one way.")), Length(max=LONGEST["reach"])],
        description=_l(
            "One way on each line, the safest first, and when. Telephones and mailboxes in a detaining country may be "
            "listened to."
        ),
    )
    may_say = TextAreaField(
        _l("What may be said, and what not"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Say what you agreed on, so that a colleague does them no harm.")),
            Length(max=LONGEST["may_say"]),
        ],
        description=_l("For instance: nothing about the case on the telephone."),
    )
    agreed_on = DateField(
        _l("On which day did they agree that we keep this?"), validators=[InputRequired(_l("Give the day."))]
    )
    agreement = StringField(
        _l("How do you know that they agreed?"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Without their yes no contact is recorded.")),
            Length(max=LONGEST["agreement"]),
        ],
        description=_l("For instance: they said so in a call with you."),
    )
    no_helper = BooleanField(
        _l("This person does not help from inside a detaining country"),
        validators=[InputRequired(_l("A helper there must not be recorded. If they are one, don't save this."))],
        description=_l("They bring no parcels and pass no letters on for us, and gather no news."),
    )

    def validate_agreed_on(self, field: DateField) -> None:
        """A day that has been."""
        if field.data and field.data > today():
            raise ValidationError(str(_l("This day is still to come.")))

    def details(self) -> ContactDetails:
        """What the valid form says."""
        agreed_on: date | None = self.agreed_on.data
        assert agreed_on is not None
        return ContactDetails(
            kind=ContactKind(self.kind.data),
            name=self.name.data or "",
            language=self.language.data or "",
            reach=self.reach.data or "",
            may_say=self.may_say.data or "",
            agreed_on=agreed_on,
            agreement=self.agreement.data or "",
        )


class OpeningForm(FlaskForm):
    """Why a contact is opened."""

    reason = RadioField(
        _l("Why do you open it?"), choices=choices(OpeningReason), validators=[InputRequired(_l("Choose one."))]
    )
    words = TextAreaField(
        _l("In your own words"),
        filters=[clean_text],
        validators=[DataRequired(_l("Write a sentence.")), Length(max=LONGEST_REASON)],
        description=_l("Administrators read it. No name and no number of the family, please."),
    )
