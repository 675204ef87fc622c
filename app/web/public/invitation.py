"""The link of an invitation to work here (docs/threats.md, A7). Fetching it changes nothing; its form acts, once."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import passwords
from app.actions import accounts as actions
from app.errors import NotFound
from app.extensions import limiter
from app.models import TokenPurpose
from app.queries import accounts
from app.transaction import transaction
from app.web.access import public
from app.web.entering import network
from app.web.forms import NewPasswordForm
from app.web.public.blueprint import blueprint
from app.web.public.reset import TRYING


@blueprint.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """The form behind the mailed link."""
    if accounts.mailed_token(token, TokenPurpose.INVITE) is None:
        return render_template("account/link_used.html"), 404
    return render_template("account/invitation.html", form=NewPasswordForm(formdata=None), token=token)


@blueprint.post("/invitation/<token>")
@public
@limiter.limit(TRYING, key_func=network)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Set the password. Nobody is logged in by it: the log-in then leads to the second factor first (A8)."""
    if accounts.mailed_token(token, TokenPurpose.INVITE) is None:
        return render_template("account/link_used.html"), 404
    form = NewPasswordForm()
    if not form.validate():
        return render_template("account/invitation.html", form=form, token=token), 422
    password_hash = passwords.make_hash(form.password.data)
    try:
        with transaction():
            actions.accept_invitation(token, password_hash=password_hash)
    except NotFound:
        return render_template("account/link_used.html"), 404
    flash(_("Your password is set. Log in with it, and set up your second factor."), "success")
    return redirect(url_for("public.login"))
