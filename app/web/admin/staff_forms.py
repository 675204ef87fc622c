"""What an administrator may decide about members of staff."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.models import Account
from app.permissions import EVERYWHERE
from app.places import country_codes
from app.queries import caseloads
from app.vocabulary import StaffRole
from app.web.forms import ManyField, OneAddress, ReasonForm
from app.web.labels import choices, country_name, options
from app.web.text import clean_line, clean_text

_ROLES_HINT = _l("Give each person what they need for their work, and no more.")


class RolesForm(FlaskForm):
    """What somebody is appointed to; `seen` is what the administrator saw."""

    roles = ManyField(_l("Appointed to"), choices=choices(StaffRole), coerce=StaffRole, description=_ROLES_HINT)
    seen = HiddenField()


class RegionsForm(FlaskForm):
    """Whose sponsors somebody looks after; `seen` is what the administrator saw."""

    everywhere = BooleanField(_l("Every country"))
    regions = ManyField(
        _l("Countries"), description=_l("The countries whose sponsors they look after. Those they have come first.")
    )
    seen = HiddenField()

    @property
    def chosen(self) -> frozenset[str]:
        """The regions: `*` alone for every country."""
        return frozenset({EVERYWHERE}) if self.everywhere.data else frozenset(self.regions.data or ())

    def offer(self, first: Iterable[str]) -> None:
        """Offer every country, those of `first` before all others."""
        ahead = sorted((country_name(code), code) for code in first if code != EVERYWHERE)
        codes = {code for _name, code in ahead}
        rest = sorted((country_name(code), code) for code in country_codes() if code not in codes)
        self.regions.choices = options([(code, name) for name, code in (*ahead, *rest)])


class InviteForm(FlaskForm):
    """Somebody new, and what they are to do."""

    email = EmailField(
        _l("Their e-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type their address.")), Length(max=254), OneAddress()],
        description=_l("Their own, which nobody else reads, and which no sponsor logs in with."),
    )
    roles = ManyField(
        _l("Appointed to"),
        choices=choices(StaffRole),
        coerce=StaffRole,
        description=_ROLES_HINT,
        validators=[DataRequired(_l("Choose at least one."))],
    )


class ColleagueForm(FlaskForm):
    """Who takes work over."""

    colleague = SelectField(_l("Colleague"), validators=[InputRequired(_l("Choose somebody."))])

    def offer(self, colleagues: Iterable[Account], *, but: Iterable[str]) -> None:
        """Offer these coordinators without those whose ids are `but`."""
        left_out = set(but)
        found = [(one.id, one.email) for one in colleagues if one.id not in left_out]
        self.colleague.choices = options([("", _("Choose a coordinator")), *found])


class HeldForm(FlaskForm):
    """Prisoners by what they have in common."""

    country = SelectField(_l("Held by"), default="")
    facility = SelectField(_l("Facility"), default="")

    def offer(self) -> None:
        """Offer every country that holds somebody, and every facility."""
        by_name = sorted((country_name(code), code) for code in caseloads.detaining_countries())
        self.country.choices = options([("", _("Any country")), *((code, name) for name, code in by_name)])
        self.facility.choices = options([("", _("Any facility")), *caseloads.facilities()])


class GiveForm(HeldForm):
    """Which prisoners join a caseload."""

    unattended = BooleanField(_l("Only those whom nobody looks after"), default=True)


class CloseMemberForm(ReasonForm, ColleagueForm):
    """Closing the log-in of a member of staff; the colleague takes over what they look after."""

    colleague = SelectField(_l("Who takes over their regions and prisoners"))


class SponsorLogInForm(FlaskForm):
    """Whose log-in is closed, and why, or opened again; by address."""

    email = EmailField(
        _l("Their e-mail address"),
        filters=[clean_line],
        validators=[InputRequired(_l("Type their address.")), Length(max=254), OneAddress()],
    )
    what = RadioField(
        _l("What is to be done"),
        choices=options([("close", _l("Close their log-in")), ("open", _l("Open it again"))]),
        validators=[InputRequired(_l("Choose one."))],
    )
    reason = TextAreaField(
        _l("Why it is closed"),
        filters=[clean_text],
        validators=[Optional(), Length(max=2000)],
        description=_l("Not needed for opening. Coordinators of their region read it, the person does not."),
    )
