"""What a coordinator says of a photograph."""

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from app.actions.photos import LONGEST_SOURCE, Consent
from app.pictures import Refusal
from app.queries.photos import WIDTH
from app.vocabulary import PublicityBasis, Visibility
from app.web.labels import choices, label, options
from app.web.text import clean_line

REFUSALS: Final = {
    Refusal.EMPTY: _l("This file is empty."),
    Refusal.TOO_MANY_BYTES: _l("This file is larger than 6 MB. Save the photo smaller and choose it again."),
    Refusal.UNKNOWN_KIND: _l("This is no JPEG, PNG or WebP. Save the photo as one of them and choose it again."),
    Refusal.TOO_MANY_PIXELS: _l("This picture has more than 25 million pixels. Save it smaller and choose it again."),
    Refusal.TOO_SMALL: _l("This picture is too small: it needs 64 pixels on each side."),
    Refusal.MOVING: _l("This picture moves. Choose one that stands still."),
    Refusal.BROKEN: _l("This file could not be read to its end. Save the photo anew, or choose another."),
}
"""What is said to somebody whose file was refused."""


class PhotoForm(FlaskForm):
    """A form about a photograph; `seen` is the one that the person had before their eyes."""

    seen = HiddenField(validators=[Length(max=40)])


class UploadPhotoForm(PhotoForm):
    """The file."""

    file = FileField(
        _l("The photo"),
        validators=[FileRequired(_l("Choose the photo."))],
        description=_l(
            "JPEG, PNG or WebP, at most 6 MB. The picture is made anew: where and when it was taken, and with what, is "
            "not kept."
        ),
    )


class ShowPhotoForm(PhotoForm):
    """Who may see the photograph, and what allows it."""

    visibility = RadioField(_l("Who may see this photo?"), validators=[InputRequired(_l("Choose one."))])
    basis = SelectField(
        _l("What allows it"),
        validators=[Optional()],
        description=_l("Needed, with the day and how we know it, once others than coordinators may see the photo."),
    )
    allowed_on = DateField(_l("The day on which it was allowed"), validators=[Optional()])
    source = StringField(
        _l("How we know"),
        filters=[clean_line],
        validators=[Optional(), Length(max=LONGEST_SOURCE)],
        description=_l("In a few words, such as “told the coordinator”. No names or addresses of relatives."),
    )

    def __init__(self, *args: Any, reach: Visibility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visibility.choices = options(
            [(one.value, label(one)) for one in sorted(Visibility, key=WIDTH.__getitem__) if WIDTH[one] <= WIDTH[reach]]
        )
        self.basis.choices = choices(PublicityBasis, blank=_l("Nothing yet"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Whoever shows it to others says what allows it (docs/domain.md, "Do no harm" 4)."""
        fine = bool(super().validate(*args, **kwargs))
        if self.visibility.data in (None, Visibility.COORDINATORS.value):
            return fine
        missing = {
            self.basis: _("Say what allows it, or keep the photo to coordinators."),
            self.allowed_on: _("Say when it was allowed."),
            self.source: _("Say how we know."),
        }
        for field, sentence in missing.items():
            if not field.data:
                field.errors = [*field.errors, sentence]
                fine = False
        return fine

    def consent(self) -> Consent:
        """What was said; call after `validate`."""
        return Consent(
            visibility=Visibility(self.visibility.data),
            basis=PublicityBasis(self.basis.data) if self.basis.data else None,
            allowed_on=self.allowed_on.data,
            source=self.source.data or "",
        )
