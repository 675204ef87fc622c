"""What somebody of the programme says of a list that they upload."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, Field, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app import places
from app.actions.list_orders import SOURCE_WIDTH, ListOptions, source_name
from app.errors import BadInput
from app.vocabulary import Publicity, PublicityBasis
from app.web.coordinator.import_words import FIELD_LABELS, FORMAT_LABELS, IGNORED
from app.web.labels import choices, options
from app.web.text import clean_line


class UploadForm(FlaskForm):
    """A list, and where it comes from."""

    file = FileField(
        _l("The list"),
        validators=[FileRequired(_l("Choose the file."))],
        description=_l(
            "A CSV or JSON file of at most 30 MB and 15,000 rows. Spreadsheets are refused: save them as CSV, in UTF-8."
        ),
    )
    source = StringField(
        _l("Who publishes it"),
        filters=[clean_line],
        validators=[DataRequired(_l("Say where the list comes from.")), Length(max=SOURCE_WIDTH)],
        description=_l("Always the same name for the same publisher: that is how we know what a list may change."),
    )
    as_of = DateField(
        _l("The day it stands for"),
        validators=[InputRequired(_l("Say which day the list stands for."))],
        description=_l("Every fact keeps this date. An older list never overrules a newer one."),
    )
    country = SelectField(_l("The country that holds its people"), validators=[Optional()])
    format = SelectField(_l("How it is written"), choices=options(FORMAT_LABELS.items()), default="auto")
    mapping = FileField(
        _l("Mapping file"),
        validators=[Optional()],
        description=_l("Only if you have one. Without it, we ask you about headings that we don't know."),
    )
    publicity = SelectField(
        _l("Who may know of the new people"),
        choices=choices(Publicity),
        default=Publicity.COORDINATORS_ONLY.value,
        description=_l("What was decided about people we hold already stays as it is."),
    )
    basis = SelectField(
        _l("What allows it"),
        choices=choices(PublicityBasis, blank=_l("Nothing yet")),
        validators=[Optional()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = places.countries(str(get_locale() or "en"))
        self.country.choices = options([("", _l("The one this source writes about")), *countries])

    def validate_source(self, field: Field) -> None:
        """The name must be one that can be kept."""
        try:
            source_name(field.data)
        except BadInput as wrong:
            raise ValidationError(str(wrong)) from wrong

    def validate_publicity(self, field: Field) -> None:
        """Nobody becomes known without a basis (`domain.md`, "Do no harm" 4)."""
        if field.data != Publicity.COORDINATORS_ONLY and not self.basis.data:
            raise ValidationError(_l("Say below what allows it, or keep the new people to coordinators."))

    def list_options(self, *, mapping: Mapping[str, str] | None) -> ListOptions:
        """What was said, as the importer takes it; call after `validate`."""
        known = self.publicity.data != Publicity.COORDINATORS_ONLY
        return ListOptions(
            source=source_name(self.source.data),
            as_of=self.as_of.data,
            format=self.format.data,
            mapping=mapping,
            country=self.country.data or None,
            publicity=Publicity(self.publicity.data),
            basis=PublicityBasis(self.basis.data) if known else None,
        )


class ApplyForm(FlaskForm):
    """One button; `digest` is of the consequences that the person saw."""

    digest = HiddenField(validators=[InputRequired(), Length(max=64)])


class MappingForm(FlaskForm):
    """What each heading of a list means; made by `mapping_form`, since every list has its own."""

    def meanings(self) -> list[SelectField]:
        """The questions, in the order of the file."""
        return [field for field in self if isinstance(field, SelectField)]

    def mapping(self) -> dict[str, str]:
        """From heading to field."""
        return {str(field.label.text): field.data for field in self.meanings()}


def mapping_form(headings: Sequence[str], *, known: Mapping[str, str]) -> MappingForm:
    """A form that asks what each of `headings` means; `known` is what was answered before."""
    questions = {
        f"heading_{number}": SelectField(
            heading, choices=options(FIELD_LABELS.items()), default=known.get(heading, IGNORED)
        )
        for number, heading in enumerate(headings)
    }
    form: MappingForm = type("MappingForm", (MappingForm,), questions)()
    return form
