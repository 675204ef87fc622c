"""Invented records: planted by administrators, to see who opens what they have no reason to open."""

import secrets

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from app import passwords
from app.actions import canaries as actions
from app.addresses import normalised
from app.errors import BadInput
from app.permissions import Permission
from app.places import country_codes
from app.queries import canaries as queries
from app.transaction import transaction
from app.vocabulary import Gender
from app.web.access import requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.labels import country_name, label, options
from app.web.text import clean_line

_NAME_NEEDED = _l("Write the name of somebody who does not exist.")


class PrisonerCanaryForm(FlaskForm):
    """A prisoner who does not exist."""

    name = StringField(
        _l("Name in Latin letters"), filters=[clean_line], validators=[DataRequired(_NAME_NEEDED), Length(max=200)]
    )
    name_cyrillic = StringField(
        _l("Name in Cyrillic letters"), filters=[clean_line], validators=[Optional(), Length(max=200)]
    )
    gender = RadioField(
        _l("Woman or man"),
        choices=options([(one.value, label(one)) for one in (Gender.FEMALE, Gender.MALE)]),
        validators=[InputRequired(_l("Choose one."))],
    )


class SponsorCanaryForm(FlaskForm):
    """A sponsor who does not exist."""

    name = StringField(_l("Name"), filters=[clean_line], validators=[DataRequired(_NAME_NEEDED), Length(max=120)])
    email = EmailField(
        _l("E-mail address"),
        filters=[clean_line],
        validators=[DataRequired(_l("Write an address that nobody has.")), Length(max=254)],
        description=_l("It is shown on the record. No mail ever goes there."),
    )
    country = SelectField(_l("Country"), validators=[InputRequired(_l("Choose one."))])
    vetting_reason = StringField(
        _l("How they were checked"),
        filters=[clean_line],
        validators=[DataRequired(_l("Write what a coordinator would have written.")), Length(max=2000)],
    )

    def validate_email(self, field: Field) -> None:
        try:
            field.data = normalised(field.data)
        except BadInput as wrong:
            raise ValidationError(str(_l("This does not look like an address, such as name@example.org."))) from wrong


@blueprint.get("/canaries")
@requires(Permission.WATCH_STAFF)
def canaries() -> ResponseReturnValue:
    """The invented records, and the forms for more."""
    return _page(PrisonerCanaryForm(), _sponsor_form())


@blueprint.post("/canaries/prisoner")
@requires(Permission.WATCH_STAFF)
def plant_prisoner() -> ResponseReturnValue:
    """Plant an invented prisoner."""
    form = PrisonerCanaryForm()
    if not form.validate():
        return _page(form, _sponsor_form()), 422
    invented = actions.InventedPrisoner(
        name=form.name.data or "", name_cyrillic=form.name_cyrillic.data or None, gender=Gender(form.gender.data)
    )
    try:
        with transaction():
            actions.plant_prisoner(invented, by=viewer())
    except BadInput as wrong:
        form.form_errors.append(str(wrong))
        return _page(form, _sponsor_form()), 422
    return _planted()


@blueprint.post("/canaries/sponsor")
@requires(Permission.WATCH_STAFF)
def plant_sponsor() -> ResponseReturnValue:
    """Plant an invented sponsor."""
    form = _sponsor_form()
    if not form.validate():
        return _page(PrisonerCanaryForm(formdata=None), form), 422
    invented = actions.InventedSponsor(
        name=form.name.data or "",
        email=form.email.data or "",
        country=form.country.data,
        vetting_reason=form.vetting_reason.data or "",
    )
    nobodys = passwords.make_hash(secrets.token_urlsafe(48))
    try:
        with transaction():
            actions.plant_sponsor(invented, password_hash=nobodys, by=viewer())
    except BadInput as wrong:
        form.form_errors.append(str(wrong))
        return _page(PrisonerCanaryForm(formdata=None), form), 422
    return _planted()


@blueprint.post("/canaries/<canary_id>/take-out")
@requires(Permission.WATCH_STAFF)
def take_out_canary(canary_id: str) -> ResponseReturnValue:
    """Delete an invented record."""
    with transaction():
        actions.take_out(canary_id=canary_id, by=viewer())
    flash(_("Taken out. The record is gone."), "success")
    return redirect(url_for("admin.canaries"))


def _planted() -> ResponseReturnValue:
    flash(_("Planted. Whoever of the staff opens the record is named to all other administrators."), "success")
    return redirect(url_for("admin.canaries"))


def _sponsor_form() -> SponsorCanaryForm:
    form = SponsorCanaryForm(prefix="sponsor")
    by_name = sorted((country_name(code), code) for code in country_codes())
    form.country.choices = options([("", _("Choose one")), *((code, name) for name, code in by_name)])
    return form


def _page(prisoner: PrisonerCanaryForm, sponsor: SponsorCanaryForm) -> str:
    return render_template("admin/canaries.html", planted=queries.listed(), prisoner=prisoner, sponsor=sponsor)
