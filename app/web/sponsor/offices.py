"""A sponsor's office: who acts for them, inviting, removing, and to whom mails go."""

import secrets

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import passwords
from app.actions import offices as office_actions
from app.errors import BadInput, Conflict, NotFound, TooManyAttempts
from app.extensions import limiter
from app.models import Office
from app.permissions import Permission
from app.queries import offices, sponsors
from app.transaction import transaction
from app.vocabulary import VettingState
from app.web.access import password_again, requires, viewer
from app.web.entering import own_account
from app.web.sponsor.blueprint import blueprint
from app.web.sponsor.office_forms import InviteForm, MailsForm

INVITING = "10 per day"
"""Invitations of one sponsor; mails to one mailbox are counted apart."""


@blueprint.get("/home/office")
@requires(Permission.OWN_HOME)
def office() -> ResponseReturnValue:
    """Who acts for the sponsor, for them to choose and for an office to know."""
    me = sponsors.own(viewer())
    if me is None:
        raise NotFound("There is no such sponsor.")
    standing = offices.of_sponsor(me.id)
    return render_template(
        "sponsor/office.html",
        sponsor=me,
        offices=standing,
        form=MailsForm.as_chosen(standing),
        vetted=me.vetting_state is VettingState.VETTED,
        full=len(standing) >= office_actions.MOST_OFFICES,
    )


@blueprint.post("/home/office/mails")
@requires(Permission.DECIDE_FOR_ONESELF)
def choose_mails() -> ResponseReturnValue:
    """To whom offers, news and reminders go."""
    form = MailsForm()
    with transaction():
        office_actions.choose_mails(form.office.data or None, by=viewer())
    flash(_("Saved. It holds from now on."), "success")
    return redirect(url_for("sponsor.office"))


@blueprint.get("/home/office/invite")
@requires(Permission.DECIDE_FOR_ONESELF)
@password_again
def invite() -> ResponseReturnValue:
    """What an office may do, and the field for its address."""
    return _invite_page(InviteForm(formdata=None))


@blueprint.post("/home/office/invite")
@requires(Permission.DECIDE_FOR_ONESELF)
@password_again
@limiter.limit(INVITING, key_func=own_account)
def invite_office() -> ResponseReturnValue:
    """Mail the invitation, whether or not the address is known here (A2)."""
    form = InviteForm()
    if not form.validate():
        return _invite_page(form), 422
    nobodys = passwords.make_hash(secrets.token_urlsafe(48))
    try:
        with transaction():
            office_actions.invite(form.email.data, password_hash=nobodys, by=viewer())
    except (BadInput, Conflict) as wrong:
        form.email.errors = [str(wrong)]
        return _invite_page(form), 422
    except TooManyAttempts:
        form.email.errors = [_("This mailbox has got enough of our mails for today. Try again tomorrow.")]
        return _invite_page(form), 429
    flash(
        _("We have mailed them. The link works for three days; you hear from us when they have followed it."), "success"
    )
    return redirect(url_for("sponsor.office"))


@blueprint.get("/home/office/<office_id>/remove")
@requires(Permission.DECIDE_FOR_ONESELF)
def removing_office(office_id: str) -> ResponseReturnValue:
    """What follows, before the button."""
    return render_template("sponsor/office_remove.html", office=_own(office_id))


@blueprint.post("/home/office/<office_id>/remove")
@requires(Permission.DECIDE_FOR_ONESELF)
def remove_office(office_id: str) -> ResponseReturnValue:
    """End it: sessions and access are over with the next request."""
    with transaction():
        office_actions.remove(office_id, by=viewer())
    flash(_("Removed. They no longer see anything here."), "success")
    return redirect(url_for("sponsor.office"))


def _own(office_id: str) -> Office:
    found = offices.own(viewer(), office_id)
    if found is None:
        raise NotFound("Nobody of this kind acts for you.")
    return found


def _invite_page(form: InviteForm) -> str:
    return render_template("sponsor/office_invite.html", form=form)
