"""Whose caseload a prisoner is of, and giving them to one more coordinator (docs/threats.md, A9, Z5)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.actions import caseloads as actions
from app.errors import NotFound
from app.models import Prisoner
from app.permissions import Permission, allowed
from app.queries import caseloads, desk
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.labels import options


class CoordinatorForm(FlaskForm):
    """Who is to look after a prisoner."""

    coordinator = SelectField(_l("Coordinator"), validators=[InputRequired(_l("Choose somebody."))])


@blueprint.get("/prisoners/<prisoner_id>/caseload")
@requires(Permission.GIVE_PRISONERS)
@password_again
def caseload(prisoner_id: str) -> ResponseReturnValue:
    """Who looks after a prisoner, and who could."""
    return _page(_found(prisoner_id), CoordinatorForm(formdata=None))


@blueprint.post("/prisoners/<prisoner_id>/caseload")
@requires(Permission.GIVE_PRISONERS)
@password_again
def give_prisoner(prisoner_id: str) -> ResponseReturnValue:
    """Add the prisoner to a coordinator's caseload."""
    found, form = _found(prisoner_id), CoordinatorForm()
    _offer(form, found)
    if not form.validate():
        return _page(found, form), 422
    with transaction():
        actions.give_one(prisoner_id=prisoner_id, account_id=form.coordinator.data, by=viewer())
    flash(_("They look after the prisoner as well now, and are told by mail that something changed."), "success")
    return redirect(url_for("coordinator.caseload", prisoner_id=prisoner_id))


def _found(prisoner_id: str) -> Prisoner:
    found = desk.prisoner(viewer(), prisoner_id) if allowed(viewer(), Permission.SEE_PRISONERS) else None
    if found is None:
        raise NotFound("There is no such prisoner.")
    return found


def _offer(form: CoordinatorForm, prisoner: Prisoner) -> None:
    """Offer whoever does not look after the prisoner yet, and not oneself."""
    taken = {viewer().account_id, *caseloads.coordinators_of(prisoner.id)}
    free = [(one.id, one.email) for one in caseloads.coordinators() if one.id not in taken]
    form.coordinator.choices = options([("", _("Choose a coordinator")), *free])


def _page(prisoner: Prisoner, form: CoordinatorForm) -> str:
    _offer(form, prisoner)
    has = caseloads.coordinators_of(prisoner.id)
    return render_template(
        "coordinator/caseload.html",
        prisoner=prisoner,
        form=form,
        coordinators=[one.email for one in caseloads.coordinators() if one.id in has],
    )
