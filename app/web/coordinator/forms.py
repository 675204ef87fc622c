"""What a coordinator may decide."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, ValidationError

from app.actions.mails import Finding
from app.actions.matches import COORDINATORS_REASONS
from app.vocabulary import DeclineReason, MatchState, SupportKind, VettingState
from app.web.forms import VersionForm
from app.web.labels import choices, label, options
from app.web.text import clean_line, clean_text


class VetForm(VersionForm):
    """How a sponsor was checked, and what was decided."""

    decision = RadioField(
        _l("Decision"),
        choices=options(
            [
                (VettingState.VETTED.value, _l("They are who they say: vet them")),
                (VettingState.REJECTED.value, _l("Turn them away")),
            ]
        ),
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("How you checked, or why you decided so"),
        filters=[clean_text],
        validators=[DataRequired(_l("Write a few words, so that a colleague can follow.")), Length(max=2000)],
        description=_l("For coordinators only. The sponsor does not see it."),
    )
    translation_offered = BooleanField(_l("Offer help with translation"))


class DeclineForm(VersionForm):
    """Why a proposal is declined; the reason is remembered and the pair is not proposed again."""

    reason = RadioField(
        _l("Why do you decline?"), choices=choices(DeclineReason), validators=[InputRequired(_l("Choose one."))]
    )
    note = TextAreaField(_l("In your own words"), filters=[clean_text], validators=[Length(max=2000)])


class StandingForm(VersionForm):
    """Letting a match rest, taking it up again, or ending it; why is for coordinators' eyes."""

    after = RadioField(_l("What shall become of it?"), validators=[InputRequired(_l("Choose one."))])
    reason = SelectField(
        _l("If it ends: why?"), choices=options([(reason.value, label(reason)) for reason in COORDINATORS_REASONS])
    )
    note = TextAreaField(
        _l("In your own words"),
        filters=[clean_text],
        validators=[DataRequired(_l("Write a few words, so that a colleague can follow.")), Length(max=2000)],
        description=_l("For coordinators only. The sponsor does not see it."),
    )

    telling = BooleanField(
        _l("Tell the sponsor by mail, if it rests or ends"),
        default=True,
        description=_l("A short mail without a name or a reason. Leave it out where a mail could do harm."),
    )

    def ask_about(self, state: MatchState) -> None:
        """Offer what a match in this state can become."""
        rest = (MatchState.PAUSED.value, _l("Let it rest: the sponsor sees nothing of it until it goes on"))
        go_on = (MatchState.ACTIVE.value, _l("Let it go on"))
        end = (
            MatchState.ENDED.value,
            _l("End it: the seat is open again, and the sponsor sees nothing of it any more"),
        )
        self.after.choices = options([rest if state is MatchState.ACTIVE else go_on, end])


def _moment(text: str | None) -> datetime | None:
    """A moment with its time zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


class SettleForm(FlaskForm):
    """What a person found out about a mail in doubt; `seen` is when it was due as they saw it."""

    finding = HiddenField(validators=[AnyOf([finding.value for finding in Finding])])
    seen = HiddenField(filters=[_moment], validators=[InputRequired()])

    def validate_seen(self, field: HiddenField) -> None:
        """A moment, or nothing can be compared."""
        if field.data is None:
            raise ValidationError("")


class ConflictSearchForm(FlaskForm):
    """Looks for the prisoner whom a sponsor's words mean."""

    class Meta:
        csrf = False

    q = StringField(_l("Find the prisoner by name"), filters=[clean_line], validators=[Length(max=80)])


class ConflictForm(FlaskForm):
    """The prisoner whom a sponsor must not be paired with."""

    prisoner = HiddenField(validators=[InputRequired(), Length(max=40)])


class RunForm(FlaskForm):
    """Which kind of support to match for."""

    kind = SelectField(_l("Match for"), choices=choices(SupportKind), validators=[InputRequired()])
