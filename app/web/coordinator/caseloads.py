"""Whose caseload a prisoner is of, giving them to one more coordinator, and taking them from one (A6, A9, Z5)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.actions import caseloads as actions
from app.errors import HasDuties, NotFound
from app.models import Account, Prisoner
from app.permissions import Permission, allowed
from app.queries import caseloads, desk
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.labels import options


class CoordinatorForm(FlaskForm):
    """Who is to look after a prisoner."""

    coordinator = SelectField(_l("Coordinator"), validators=[InputRequired(_l("Choose somebody."))])


class TakeForm(FlaskForm):
    """Who is to look after a prisoner no longer."""

    taken_from = SelectField(_l("From whom"), validators=[InputRequired(_l("Choose somebody."))])


@blueprint.get("/prisoners/<prisoner_id>/caseload")
@requires(Permission.GIVE_PRISONERS)
@password_again
def caseload(prisoner_id: str) -> ResponseReturnValue:
    """Who looks after a prisoner, and who could."""
    return _page(_found(prisoner_id))


@blueprint.post("/prisoners/<prisoner_id>/caseload")
@requires(Permission.GIVE_PRISONERS)
@password_again
def give_prisoner(prisoner_id: str) -> ResponseReturnValue:
    """Add the prisoner to a coordinator's caseload."""
    found, form = _found(prisoner_id), CoordinatorForm()
    _offer(form, found)
    if not form.validate():
        return _page(found, giving=form), 422
    with transaction():
        actions.give_one(prisoner_id=prisoner_id, account_id=form.coordinator.data, by=viewer())
    flash(_("They look after the prisoner as well now, and are told by mail that something changed."), "success")
    return redirect(url_for("coordinator.caseload", prisoner_id=prisoner_id))


@blueprint.post("/prisoners/<prisoner_id>/caseload/take-back")
@requires(Permission.GIVE_PRISONERS)
@password_again
def take_prisoner(prisoner_id: str) -> ResponseReturnValue:
    """Take the prisoner out of a coordinator's caseload."""
    found, form = _found(prisoner_id), TakeForm()
    _offer_holders(form, found)
    if not form.validate():
        return _page(found, taking=form), 422
    try:
        with transaction():
            actions.take_one(prisoner_id=prisoner_id, account_id=form.taken_from.data, by=viewer())
    except HasDuties as refused:
        form.taken_from.errors = [str(refused)]
        return _page(found, taking=form), 422
    flash(_("They no longer look after the prisoner, and are told by mail that something changed."), "success")
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


def _offer_holders(form: TakeForm, prisoner: Prisoner) -> None:
    """Offer whoever looks after the prisoner, but oneself."""
    found = [(one.id, one.email) for one in _holders(prisoner) if one.id != viewer().account_id]
    form.taken_from.choices = options([("", _("Choose a coordinator")), *found])


def _holders(prisoner: Prisoner) -> list[Account]:
    has = caseloads.coordinators_of(prisoner.id)
    return [one for one in caseloads.coordinators() if one.id in has]


def _page(prisoner: Prisoner, *, giving: CoordinatorForm | None = None, taking: TakeForm | None = None) -> str:
    giving = giving or CoordinatorForm(formdata=None)
    taking = taking or TakeForm(formdata=None)
    _offer(giving, prisoner)
    _offer_holders(taking, prisoner)
    return render_template(
        "coordinator/caseload.html",
        prisoner=prisoner,
        giving=giving,
        taking=taking,
        coordinators=[one.email for one in _holders(prisoner)],
    )
