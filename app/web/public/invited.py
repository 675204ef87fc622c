"""Where an invitation to an office leads.

Fetching a link changes nothing; its button acts, once.
"""

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import passwords
from app.actions import offices
from app.errors import NotFound
from app.extensions import limiter
from app.models import TokenPurpose
from app.queries import accounts
from app.transaction import transaction
from app.web.access import public
from app.web.entering import network
from app.web.public.blueprint import blueprint
from app.web.public.forms import OfficeForm
from app.web.public.reset import TRYING


@blueprint.get("/office/<token>")
@public
def office_invitation(token: str) -> ResponseReturnValue:
    """Where do you live, and with which password will you log in? By whom they are invited is not said yet."""
    if accounts.mailed_token(token, TokenPurpose.JOIN_OFFICE) is None:
        return _used()
    return render_template("account/office_invitation.html", form=OfficeForm(formdata=None), token=token)


@blueprint.post("/office/<token>")
@public
@limiter.limit(TRYING, key_func=network)
def join_office(token: str) -> ResponseReturnValue:
    """Take the password. Nobody is logged in by it; and nobody in a detaining country gets one."""
    if accounts.mailed_token(token, TokenPurpose.JOIN_OFFICE) is None:
        return _used()
    form = OfficeForm()
    if not form.validate():
        return render_template("account/office_invitation.html", form=form, token=token), 422
    if form.detaining:
        cookie.clear()
        return render_template("public/signup_refused.html")
    password_hash = passwords.make_hash(form.password.data)
    try:
        with transaction():
            offices.join(token, password_hash=password_hash)
    except NotFound:
        return _used()
    flash(_("Your password is set. Log in with this address and your password."), "success")
    return redirect(url_for("public.login"))


def _used() -> ResponseReturnValue:
    return render_template("account/link_used.html"), 404
