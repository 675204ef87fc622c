"""Taking prisoners back from somebody's caseload, after a look at what follows (docs/threats.md, A6, A9)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app.actions import caseloads as actions
from app.errors import BadInput, HasDuties, NotFound
from app.permissions import Permission
from app.queries import caseloads, staff
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.admin.staff_forms import HeldForm


@blueprint.get("/staff/<account_id>/take-back")
@requires(Permission.APPOINT_STAFF)
@password_again
def taking_back(account_id: str) -> ResponseReturnValue:
    """Which prisoners, and once that is said, how many leave and whom nobody looks after then."""
    form = HeldForm(request.args, meta={"csrf": False})
    form.offer()
    says_whom = bool(form.country.data or form.facility.data)
    return _page(account_id, form, shows_effect=says_whom and form.validate())


@blueprint.post("/staff/<account_id>/take-back")
@requires(Permission.APPOINT_STAFF)
@password_again
def take_prisoners(account_id: str) -> ResponseReturnValue:
    """Take them out of the caseload, without showing who they are."""
    form = HeldForm()
    form.offer()
    if not form.validate():
        return _page(account_id, form), 422
    whom = actions.Held(country=form.country.data or None, facility_id=form.facility.data or None)
    try:
        with transaction():
            number = actions.take(account_id=account_id, whom=whom, by=viewer())
    except (BadInput, HasDuties) as refused:
        form.form_errors.append(str(refused))
        return _page(account_id, form), 422
    flash(ngettext("%(num)d prisoner left their caseload.", "%(num)d prisoners left their caseload.", number))
    return redirect(url_for("admin.staff_member", account_id=account_id))


def _page(account_id: str, form: HeldForm, *, shows_effect: bool = False) -> str:
    actions.check_is_another(account_id, viewer())
    member = staff.member(account_id)
    if member is None:
        raise NotFound("There is no such member of staff.")
    who = caseloads.held(country=form.country.data or None, facility_id=form.facility.data or None)
    leaving = caseloads.leaving(account_id, who) if shows_effect else None
    return render_template("admin/staff_take_back.html", member=member, form=form, leaving=leaving)
