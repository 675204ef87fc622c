"""What a coordinator may decide about a quarantined row."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.vocabulary import LeaveOutReason
from app.web.forms import VersionForm
from app.web.labels import choices

NEW_PERSON = "new"
LEAVE_OUT = "leave_out"


class DecideForm(VersionForm):
    """Whose the row is; `seen` is of everybody whom the page named, and a prisoner is chosen as `id:version`."""

    seen = HiddenField(validators=[InputRequired(), Length(max=64)])
    # Whoever is chosen and gone by now is refused by the action, which can say so.
    decision = RadioField(
        _l("Whose row is this?"), validate_choice=False, validators=[InputRequired(_l("Choose one.")), Length(max=40)]
    )
    reason = SelectField(
        _l("If you leave it out: why?"),
        choices=choices(LeaveOutReason, blank=_l("I don't leave it out")),
        validators=[Optional()],
    )

    def about(self, row_id: str, options: Sequence[SelectChoice]) -> None:
        """Offer the options, under ids that no other row's form on the page has."""
        self.decision.choices = options
        for field in self:
            field.id = field.label.field_id = f"{field.short_name}-{row_id}"

    def validate_decision(self, field: Field) -> None:
        """Nothing is left out without a reason, and nobody is chosen who has no id."""
        if field.data == LEAVE_OUT and not self.reason.data:
            raise ValidationError(_l("Say below why you leave it out."))
        if field.data not in (NEW_PERSON, LEAVE_OUT) and self.chosen() is None:
            raise ValidationError(_l("Choose one."))

    def chosen(self) -> tuple[str, int] | None:
        """The prisoner whose row it is, and the version of their record that was seen; None for another decision."""
        prisoner_id, _colon, version = (self.decision.data or "").partition(":")
        known = version.isascii() and version.isdigit() and len(version) < 10
        return (prisoner_id, int(version)) if known else None
