"""The way back for whoever forgot their password (docs/threats.md, A2, A7).

Fetching a link changes nothing; its button acts, once.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import passwords
from app.actions import credentials
from app.errors import NotFound
from app.extensions import limiter
from app.models import TokenPurpose
from app.queries import accounts
from app.transaction import transaction
from app.web.access import public
from app.web.entering import network
from app.web.forms import NewPasswordForm
from app.web.public.blueprint import blueprint
from app.web.public.forms import AddressForm

ASKING = "20 per hour"
"""From one network; mails to one mailbox are counted apart."""

TRYING = "60 per hour"
NOBODYS = "a password that is nobody's"


@blueprint.get("/reset")
@public
def reset() -> ResponseReturnValue:
    """For which address?"""
    return render_template("account/reset.html", form=AddressForm(formdata=None))


@blueprint.post("/reset")
@public
@limiter.limit(ASKING, key_func=network)
def ask_to_reset() -> ResponseReturnValue:
    """Mail a link to the address if it has an account; the answer is the same for every address."""
    form = AddressForm()
    if not form.validate():
        return render_template("account/reset.html", form=form), 422
    passwords.matches(None, NOBODYS)  # takes far longer than what differs between a known and an unknown address
    with transaction():
        credentials.ask_to_reset(form.email.data)
    return redirect(url_for("public.reset_sent"))


@blueprint.get("/reset/sent")
@public
def reset_sent() -> ResponseReturnValue:
    """What happens next: look into your mail."""
    return render_template("account/reset_sent.html")


@blueprint.get("/reset/<token>")
@public
def new_password(token: str) -> ResponseReturnValue:
    """The form behind the mailed link."""
    if accounts.mailed_token(token, TokenPurpose.RESET) is None:
        return render_template("account/link_used.html"), 404
    return render_template("account/new_password.html", form=NewPasswordForm(formdata=None), token=token)


@blueprint.post("/reset/<token>")
@public
@limiter.limit(TRYING, key_func=network)
def set_password(token: str) -> ResponseReturnValue:
    """Set the password. Nobody is logged in by it: the second factor stays due."""
    if accounts.mailed_token(token, TokenPurpose.RESET) is None:
        return render_template("account/link_used.html"), 404
    form = NewPasswordForm()
    if not form.validate():
        return render_template("account/new_password.html", form=form, token=token), 422
    password_hash = passwords.make_hash(form.password.data)
    try:
        with transaction():
            credentials.reset_password(token, password_hash=password_hash)
    except NotFound:
        return render_template("account/link_used.html"), 404
    flash(_("Your new password is set. Log in with it."), "success")
    return redirect(url_for("public.login"))
