"""What strangers may send: the steps of signing up, logging in, and one-button confirmations.

Signing up keeps nothing on the server until its last step; the answers of the other steps travel as hidden fields and
are checked again at the end.
"""

from datetime import date
from typing import Any

from flask import request
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Field,
    FieldList,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app import places
from app.clock import today
from app.detaining import DETAINING_COUNTRIES
from app.queries import officials
from app.vocabulary import AgeGroup, Gender, LanguageLevel, ProfessionGroup, SponsorRole, SupportKind
from app.web.forms import MailLanguageField, NewPassword, OneAddress
from app.web.labels import choices, language_name, options
from app.web.text import clean_line, clean_text


def _language() -> str:
    return str(get_locale() or "en")


def _whole_number(least: int, most: int, sentence: LazyString) -> list[InputRequired | NumberRange]:
    """An answer is needed, from `least` to `most`; the sentence says so either way."""
    return [InputRequired(sentence), NumberRange(least, most, sentence)]


class Step(FlaskForm):
    """One page of the way in. `name` stands in the form so that the answer says which page it is."""

    name = ""
    title = _l("Sign up")

    def questions(self) -> list[Field]:
        """The fields that a person answers, one by one."""
        fields = [field for field in self if field.type != "CSRFTokenField"]
        return [entry for field in fields for entry in (field if isinstance(field, FieldList) else [field])]


class CountryStep(Step):
    """First of all where somebody lives: people in a detaining country go no further."""

    name = "country"
    title = _l("Where you live")
    country = SelectField(
        _l("Which country do you live in?"), validators=[InputRequired(_l("Choose the country you live in."))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = options([("", _l("Choose a country")), *places.countries(_language())])

    @property
    def detaining(self) -> bool:
        """Whether the chosen country is one that detains."""
        return self.country.data in DETAINING_COUNTRIES


class AboutStep(Step):
    """Who somebody is."""

    name = "about"
    title = _l("About you")
    full_name = StringField(
        _l("Your name"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Tell us your name, or the name you go by.")),
            Length(max=120, message=_l("Shorten it to 120 characters.")),
        ],
        description=_l("A first name or pen name is fine for letter writers. Your coordinator sees it."),
    )
    role = RadioField(_l("You are"), choices=choices(SponsorRole), validators=[InputRequired(_l("Choose one."))])
    profession_group = SelectField(
        _l("Your line of work"),
        choices=choices(ProfessionGroup, blank=_l("Choose one")),
        validators=[InputRequired(_l("Choose the nearest one."))],
    )
    parliament = StringField(
        _l("Parliament"),
        filters=[clean_line],
        validators=[Length(max=200, message=_l("Shorten it to 200 characters."))],
        description=_l("Only for members of a parliament."),
    )
    mandate_ends = DateField(
        _l("Your mandate ends on"),
        validators=[Optional()],
        description=_l("Only for members of a parliament. It helps us to find a successor in time."),
    )
    time_zone = SelectField(_l("Your time zone"), validators=[InputRequired(_l("Choose the nearest one."))])
    interface_language = MailLanguageField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        likely = places.time_zones_of(request.form.get("country", ""))
        others = [zone for zone in places.time_zones() if zone not in likely]
        zones = [(zone, zone.replace("_", " ")) for zone in (*likely, *others)]
        self.time_zone.choices = options([("", _l("Choose one")), *zones])
        self.parliaments = officials.parliaments()
        if self.time_zone.data is None and len(likely) == 1:
            self.time_zone.data = likely[0]

    def validate_parliament(self, field: Field) -> None:
        if self.role.data == SponsorRole.PARLIAMENTARIAN and not field.data:
            raise ValidationError(str(_l("Tell us which parliament you sit in.")))

    def validate_mandate_ends(self, field: Field) -> None:
        if field.data is not None and field.data < today():
            raise ValidationError(str(_l("This day has passed. Choose the day your present mandate ends.")))


class OfferStep(Step):
    """What somebody can take on."""

    name = "offer"
    title = _l("What you can take on")
    support_kind = RadioField(
        _l("What can you take on?"), choices=choices(SupportKind), validators=[InputRequired(_l("Choose one."))]
    )
    capacity = IntegerField(
        _l("For how many people?"),
        default=1,
        validators=_whole_number(1, 10, _l("Give a number from 1 to 10.")),
        description=_l("One is a lot. You can take on more later."),
    )
    letters_a_month = IntegerField(
        _l("Letters a month, for each of them"),
        default=1,
        validators=_whole_number(0, 31, _l("Give a number from 0 to 31.")),
        description=_l("Be honest with yourself: stopping hurts more than writing rarely. Godparents may say 0."),
    )
    available_from = DateField(
        _l("Available from"), validators=[Optional()], description=_l("Empty means from now on.")
    )
    available_until = DateField(
        _l("Available until"), validators=[Optional()], description=_l("Empty means without an end.")
    )

    def validate_available_until(self, field: Field) -> None:
        begin: date = self.available_from.data or today()
        if field.data is not None and field.data < begin:
            raise ValidationError(str(_l("The end lies before the beginning.")))


class LanguagesStep(Step):
    """Which languages somebody writes."""

    name = "languages"
    title = _l("Languages you write")
    levels = FieldList(
        SelectField(choices=choices(LanguageLevel, blank=_l("Not at all"))), max_entries=len(places.LETTER_LANGUAGES)
    )
    translation_wanted = BooleanField(_l("I would like help with translation"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        while len(self.levels) < len(places.LETTER_LANGUAGES):
            self.levels.append_entry()
        for code, entry in zip(places.LETTER_LANGUAGES, self.levels, strict=False):
            entry.label.text = language_name(code)

    def written(self) -> dict[str, LanguageLevel]:
        """The languages with the level chosen for each."""
        pairs = zip(places.LETTER_LANGUAGES, self.levels.data, strict=False)
        return {code: LanguageLevel(level) for code, level in pairs if level}


class WishesStep(Step):
    """Whom somebody would like to stand by, and whom they must not be paired with. All of it may stay empty."""

    name = "wishes"
    title = _l("Wishes and conflicts")
    wish_home_area = StringField(
        _l("Somebody from this town or region"), filters=[clean_line], validators=[Optional(), Length(max=80)]
    )
    wish_profession_group = SelectField(
        _l("Somebody from this line of work"), choices=choices(ProfessionGroup, blank=_l("No wish"))
    )
    wish_gender = SelectField(_l("A woman or a man"), choices=choices(Gender, blank=_l("No wish")))
    wish_age_group = SelectField(_l("Of this age"), choices=choices(AgeGroup, blank=_l("No wish")))
    wish_long_sentence = BooleanField(_l("Somebody with a sentence of more than ten years"))
    conflict_notes = TextAreaField(
        _l("Is there anybody we must not pair you with?"),
        filters=[clean_text],
        validators=[Optional(), Length(max=2000, message=_l("Shorten it to 2,000 characters."))],
        description=_l("People or cases that touch you, your family or your work. Only your coordinator reads this."),
    )


class FinishStep(Step):
    """The address and password, beside all the answers."""

    name = "finish"
    title = _l("Check and finish")
    email = EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type your address.")), Length(max=254), OneAddress()],
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Choose a password.")), NewPassword()],
        description=_l("12 to 128 characters. Three or four unrelated words work well."),
    )
    understood = BooleanField(
        _l("I live outside the country that detains, and I have read what to keep in mind."),
        validators=[DataRequired(_l("Please confirm this."))],
    )
    website = StringField(_l("Leave this empty"), validators=[Optional()])

    @property
    def by_machine(self) -> bool:
        """Whether the field that people neither see nor reach was filled in (B3)."""
        return bool(self.website.data)


STEPS: tuple[type[Step], ...] = (CountryStep, AboutStep, OfferStep, LanguagesStep, WishesStep, FinishStep)


class OfficeForm(CountryStep):
    """Whoever was invited to act for a sponsor: where they live, and their password."""

    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Choose a password.")), NewPassword()],
        description=_l("12 to 128 characters. Three or four unrelated words work well."),
    )


class AddressForm(FlaskForm):
    """One's address, for what is mailed there."""

    email = EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type your address.")), Length(max=254), OneAddress()],
    )


class LoginForm(FlaskForm):
    """Address and password; `next` is where the person wanted to go."""

    email = EmailField(_l("E-mail address"), filters=[clean_line], validators=[InputRequired(_l("Type your address."))])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Type your password."))])
    next = HiddenField()
