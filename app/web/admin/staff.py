"""Members of staff: who they are, inviting somebody, what they are appointed to (docs/threats.md, A9, Z7).

Administrators are shown no prisoner and no sponsor here, only numbers: what they appoint others to is not theirs.
"""

import secrets

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import passwords
from app.actions import staff as actions
from app.errors import BadInput, NotFound
from app.permissions import EVERYWHERE, Permission
from app.queries import caseloads, closing, staff
from app.transaction import transaction
from app.vocabulary import StaffRole
from app.web.access import password_again, requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.admin.staff_forms import ColleagueForm, GiveForm, InviteForm, RegionsForm, RolesForm

BETWEEN = ","


@blueprint.get("/staff", endpoint="staff")
@requires(Permission.APPOINT_STAFF)
def all_staff() -> ResponseReturnValue:
    """Everybody who works here."""
    return render_template("admin/staff.html", members=staff.listed())


@blueprint.get("/staff/invite")
@requires(Permission.APPOINT_STAFF)
@password_again
def invite_form() -> ResponseReturnValue:
    """Whom to invite, and to do what."""
    return _invite_page(InviteForm(formdata=None))


@blueprint.post("/staff/invite")
@requires(Permission.APPOINT_STAFF)
@password_again
def invite() -> ResponseReturnValue:
    """Make the log-in and mail the link that opens it."""
    form = InviteForm()
    if not form.validate():
        return _invite_page(form), 422
    nobodys = passwords.make_hash(secrets.token_urlsafe(48))
    try:
        with transaction():
            account = actions.invite(form.email.data, roles=form.roles.data, password_hash=nobodys, by=viewer())
            account_id = account.id
    except BadInput as wrong:
        form.email.errors = [str(wrong)]
        return _invite_page(form), 422
    flash(_("Invited. The link in the mail works for an hour; you can send another one below."), "success")
    return redirect(url_for("admin.staff_member", account_id=account_id))


@blueprint.get("/staff/<account_id>")
@requires(Permission.APPOINT_STAFF)
@password_again
def staff_member(account_id: str) -> ResponseReturnValue:
    """One member of staff, and everything that can be changed about them."""
    return member_page(account_id)


@blueprint.post("/staff/<account_id>/invite-again")
@requires(Permission.APPOINT_STAFF)
@password_again
def invite_again(account_id: str) -> ResponseReturnValue:
    """Mail a fresh link."""
    with transaction():
        actions.invite_again(account_id=account_id, by=viewer())
    flash(_("A new link is on its way, at most one in ten minutes."), "success")
    return redirect(url_for("admin.staff_member", account_id=account_id))


@blueprint.post("/staff/<account_id>/roles")
@requires(Permission.APPOINT_STAFF)
@password_again
def change_roles(account_id: str) -> ResponseReturnValue:
    """Appoint somebody to these roles and no others."""
    form = RolesForm()
    if not form.validate():
        return member_page(account_id, roles=form), 422
    seen = frozenset(role for role in StaffRole if role in (form.seen.data or "").split(BETWEEN))
    try:
        with transaction():
            actions.change_roles(account_id=account_id, roles=form.roles.data, seen=seen, by=viewer())
    except BadInput as wrong:
        form.roles.errors = [str(wrong)]
        return member_page(account_id, roles=form), 422
    return changed(account_id)


@blueprint.get("/staff/<account_id>/regions")
@requires(Permission.APPOINT_STAFF)
@password_again
def regions_form(account_id: str) -> ResponseReturnValue:
    """Which sponsors' countries somebody looks after."""
    has = _found(account_id).account.region_codes
    form = RegionsForm(formdata=None, everywhere=EVERYWHERE in has, regions=sorted(has))
    form.seen.data = BETWEEN.join(sorted(has))
    return _regions_page(account_id, form)


@blueprint.post("/staff/<account_id>/regions")
@requires(Permission.APPOINT_STAFF)
@password_again
def change_regions(account_id: str) -> ResponseReturnValue:
    """Have somebody look after these countries and no others."""
    form = RegionsForm()
    form.offer(_found(account_id).account.region_codes)
    if not form.validate():
        return _regions_page(account_id, form), 422
    seen = frozenset(code for code in (form.seen.data or "").split(BETWEEN) if code)
    try:
        with transaction():
            actions.change_regions(account_id=account_id, regions=form.chosen, seen=seen, by=viewer())
    except BadInput as wrong:
        form.regions.errors = [str(wrong)]
        return _regions_page(account_id, form), 422
    return changed(account_id)


def changed(account_id: str) -> ResponseReturnValue:
    """Back to the member of staff after a change."""
    flash(_("Changed. They are logged out everywhere, and told by mail that something changed."), "success")
    return redirect(url_for("admin.staff_member", account_id=account_id))


def member_page(
    account_id: str,
    *,
    roles: RolesForm | None = None,
    giving: GiveForm | None = None,
    handing_over: ColleagueForm | None = None,
) -> str:
    """The page of one member of staff, with forms that were filled in wrongly where there are any."""
    member = _found(account_id)
    has = member.account.staff_roles
    if roles is None:
        roles = RolesForm(formdata=None, roles=list(has))
        roles.seen.data = BETWEEN.join(sorted(has))
    if giving is None:
        giving = GiveForm(formdata=None)
        giving.offer()
    if handing_over is None:
        handing_over = ColleagueForm(formdata=None)
        handing_over.offer(caseloads.coordinators(), but=(account_id, viewer().account_id))
    return render_template(
        "admin/staff_member.html",
        member=member,
        closing=closing.closing_of(account_id),
        is_self=account_id == viewer().account_id,
        roles=roles,
        giving=giving,
        handing_over=handing_over,
    )


def _found(account_id: str) -> staff.Member:
    member = staff.member(account_id)
    if member is None:
        raise NotFound("There is no such member of staff.")
    return member


def _invite_page(form: InviteForm) -> str:
    return render_template("admin/staff_invite.html", form=form)


def _regions_page(account_id: str, form: RegionsForm) -> str:
    member = _found(account_id)
    form.offer(member.account.region_codes)
    return render_template("admin/staff_regions.html", member=member, form=form)
