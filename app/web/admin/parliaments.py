"""The list of parliaments' mail domains, and where somebody vouches that only members have an address (B4)."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from app.actions import official_domains
from app.errors import BadInput
from app.models.official import LONGEST_DOMAIN
from app.permissions import Permission
from app.places import country_codes
from app.queries import officials
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.labels import country_name, options
from app.web.text import clean_line


class DomainForm(FlaskForm):
    """One domain of a parliament."""

    parliament = StringField(
        _l("Parliament"),
        filters=[clean_line],
        validators=[DataRequired(_l("Write what it is called.")), Length(max=200)],
        description=_l("Members are offered this name when they sign up."),
    )
    country = SelectField(_l("Country"), validators=[Optional()])
    domain = StringField(
        _l("Mail domain"),
        filters=[clean_line],
        validators=[DataRequired(_l("Write the part after the @.")), Length(max=LONGEST_DOMAIN)],
        description=_l("The part after the @, such as parliament.example. What lies below it belongs to it."),
    )


@blueprint.get("/parliaments")
@requires(Permission.EDIT_PARLIAMENTS)
def parliaments() -> ResponseReturnValue:
    """The list, and the form for one more."""
    return _page(_form())


@blueprint.post("/parliaments")
@requires(Permission.EDIT_PARLIAMENTS)
@password_again
def add_parliament() -> ResponseReturnValue:
    """Put a domain on the list."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            official_domains.add(
                parliament=form.parliament.data or "",
                country=form.country.data or None,
                domain=form.domain.data or "",
                by=viewer(),
            )
    except BadInput as wrong:
        form.domain.errors = [str(wrong)]
        return _page(form), 422
    flash(_("Added. Coordinators see whose address is confirmed there."), "success")
    return redirect(url_for("admin.parliaments"))


@blueprint.get("/parliaments/<domain_id>/members")
@requires(Permission.EDIT_PARLIAMENTS)
@password_again
def vouching(domain_id: str) -> ResponseReturnValue:
    """What follows from vouching, before the button."""
    row = next((one for one in officials.listed() if one.id == domain_id), None)
    if row is None:
        abort(404)
    return render_template("admin/parliament_members.html", row=row)


@blueprint.post("/parliaments/<domain_id>/members")
@requires(Permission.EDIT_PARLIAMENTS)
@password_again
def vouch(domain_id: str) -> ResponseReturnValue:
    """From now on an address there may vet by itself."""
    with transaction():
        official_domains.vouch(domain_id=domain_id, by=viewer())
    flash(_("Recorded, under your name."), "success")
    return redirect(url_for("admin.parliaments"))


@blueprint.post("/parliaments/<domain_id>/members/take-back")
@requires(Permission.EDIT_PARLIAMENTS)
def unvouch(domain_id: str) -> ResponseReturnValue:
    """From now on a coordinator decides again."""
    with transaction():
        official_domains.take_back(domain_id=domain_id, by=viewer())
    flash(_("Taken back. A coordinator decides on every address there."), "success")
    return redirect(url_for("admin.parliaments"))


@blueprint.post("/parliaments/<domain_id>/remove")
@requires(Permission.EDIT_PARLIAMENTS)
def remove_parliament(domain_id: str) -> ResponseReturnValue:
    """Take a domain off the list."""
    with transaction():
        official_domains.remove(domain_id=domain_id, by=viewer())
    flash(_("Removed from the list."), "success")
    return redirect(url_for("admin.parliaments"))


def _form() -> DomainForm:
    form = DomainForm()
    by_name = sorted((country_name(code), code) for code in country_codes())
    form.country.choices = options([("", _("Several countries")), *((code, name) for name, code in by_name)])
    return form


def _page(form: DomainForm) -> str:
    return render_template("admin/parliaments.html", form=form, listed=officials.listed())
