"""What members of staff look after, handing it over, and closing a log-in (docs/threats.md, A6, A9)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.actions import caseloads as caseload_actions
from app.actions import closing as closing_actions
from app.actions import staff as actions
from app.errors import BadInput, Conflict, HasDuties, NotFound
from app.permissions import Permission
from app.queries import caseloads, staff
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.admin.staff import changed, member_page
from app.web.admin.staff_forms import CloseMemberForm, ColleagueForm, GiveForm, SponsorLogInForm


@blueprint.post("/staff/<account_id>/prisoners")
@requires(Permission.APPOINT_STAFF)
@password_again
def give_prisoners(account_id: str) -> ResponseReturnValue:
    """Add prisoners to somebody's caseload, without showing who they are."""
    form = GiveForm()
    form.offer()
    if not form.validate():
        return member_page(account_id, giving=form), 422
    whom = caseload_actions.Whom(
        country=form.country.data or None,
        facility_id=form.facility.data or None,
        unattended=form.unattended.data,
    )
    try:
        with transaction():
            number = caseload_actions.give(account_id=account_id, whom=whom, by=viewer())
    except BadInput as wrong:
        form.form_errors.append(str(wrong))
        return member_page(account_id, giving=form), 422
    flash(ngettext("%(num)d prisoner joined their caseload.", "%(num)d prisoners joined their caseload.", number))
    return redirect(url_for("admin.staff_member", account_id=account_id))


@blueprint.post("/staff/<account_id>/hand-over")
@requires(Permission.APPOINT_STAFF)
@password_again
def hand_over(account_id: str) -> ResponseReturnValue:
    """Hand somebody's regions and prisoners to a colleague."""
    form = ColleagueForm()
    form.offer(caseloads.coordinators(), but=(account_id, viewer().account_id))
    if not form.validate():
        return member_page(account_id, handing_over=form), 422
    with transaction():
        actions.hand_over(account_id=account_id, colleague_id=form.colleague.data, by=viewer())
    return changed(account_id)


@blueprint.get("/staff/<account_id>/close")
@requires(Permission.APPOINT_STAFF)
@password_again
def close_staff_form(account_id: str) -> ResponseReturnValue:
    """What follows from closing somebody's log-in."""
    return _close_page(account_id, CloseMemberForm(formdata=None))


@blueprint.post("/staff/<account_id>/close")
@requires(Permission.APPOINT_STAFF)
@password_again
def close_staff(account_id: str) -> ResponseReturnValue:
    """Close it, and hand over what they look after."""
    form = CloseMemberForm()
    _offer(form, account_id)
    if not form.validate():
        return _close_page(account_id, form), 422
    colleague = form.colleague.data or None
    try:
        with transaction():
            actions.close(account_id=account_id, reason=form.reason.data, hand_over_to=colleague, by=viewer())
    except HasDuties as duties:
        form.colleague.errors = [str(duties)]
        return _close_page(account_id, form), 422
    flash(_("Their log-in is closed, and every browser of theirs is logged out."), "success")
    return redirect(url_for("admin.staff_member", account_id=account_id))


@blueprint.post("/staff/<account_id>/open-again")
@requires(Permission.APPOINT_STAFF)
@password_again
def open_staff_again(account_id: str) -> ResponseReturnValue:
    """Open a closed log-in again."""
    with transaction():
        actions.open_again(account_id=account_id, by=viewer())
    flash(_("Their log-in is open again. They look after nobody until you give them something."), "success")
    return redirect(url_for("admin.staff_member", account_id=account_id))


@blueprint.get("/sponsor-log-ins")
@requires(Permission.CLOSE_ACCOUNTS)
@password_again
def sponsor_log_ins() -> ResponseReturnValue:
    """Closing or opening a sponsor's log-in by its address, without a look at the sponsor."""
    return _sponsor_page(SponsorLogInForm(formdata=None))


@blueprint.post("/sponsor-log-ins")
@requires(Permission.CLOSE_ACCOUNTS)
@password_again
def change_sponsor_log_in() -> ResponseReturnValue:
    """Close it, or open it again."""
    form = SponsorLogInForm()
    if not form.validate():
        return _sponsor_page(form), 422
    try:
        with transaction():
            if form.what.data == "close":
                closing_actions.close_sponsor_of(form.email.data, reason=form.reason.data or "", by=viewer())
            else:
                closing_actions.open_sponsor_of_again(form.email.data, by=viewer())
    except BadInput as unsaid:
        form.reason.errors = [str(unsaid)]
        return _sponsor_page(form), 422
    except (NotFound, Conflict) as refused:
        form.email.errors = [str(refused)]
        return _sponsor_page(form), 422
    flash(_("Done. It stands in the audit trail, and they are told by mail."), "success")
    return redirect(url_for("admin.home"))


def _offer(form: CloseMemberForm, account_id: str) -> None:
    form.offer(caseloads.coordinators(), but=(account_id, viewer().account_id))


def _close_page(account_id: str, form: CloseMemberForm) -> str:
    member = staff.member(account_id)
    if member is None:
        raise NotFound("There is no such member of staff.")
    _offer(form, account_id)
    return render_template("admin/staff_close.html", member=member, form=form)


def _sponsor_page(form: SponsorLogInForm) -> str:
    return render_template("admin/sponsor_log_ins.html", form=form)
