"""Changing one's own password and address."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app import passwords
from app.actions import credentials
from app.errors import NotAllowed
from app.extensions import limiter
from app.queries import accounts
from app.transaction import transaction
from app.web.access import logged_in, viewer
from app.web.account.blueprint import blueprint
from app.web.account.forms import AddressForm, ChangePasswordForm
from app.web.entering import enter, own_account
from app.web.own_password import is_own_password

ASKING = "10 per day"
"""So often one account may ask for another address; mails to one mailbox are counted apart."""


@blueprint.get("/password")
@logged_in
def password() -> ResponseReturnValue:
    """Choose another password."""
    return render_template("account/password.html", form=ChangePasswordForm(formdata=None))


@blueprint.post("/password")
@logged_in
def change_password() -> ResponseReturnValue:
    """Take the new password; every other browser is logged out."""
    form = ChangePasswordForm()
    if not form.validate() or not is_own_password(form.present):
        return render_template("account/password.html", form=form), 422
    password_hash = passwords.make_hash(form.password.data)
    looking, token = viewer(), current_user.get_id()
    with transaction():
        renewed = credentials.change_password(by=looking, password_hash=password_hash, token=token)
    enter(renewed)
    flash(_("Your password is changed, and every other browser is logged out."), "success")
    return redirect(url_for("account.overview"))


@blueprint.get("/address")
@logged_in
def address() -> ResponseReturnValue:
    """Choose another address."""
    _refuse_offices()
    return _address_page(AddressForm(formdata=None))


@blueprint.post("/address")
@logged_in
@limiter.limit(ASKING, key_func=own_account)
def ask_for_address() -> ResponseReturnValue:
    """Mail the new address, whether or not it is known here (A2); nothing changes before it has confirmed."""
    _refuse_offices()
    form = AddressForm()
    if not form.validate() or not is_own_password(form.present):
        return _address_page(form), 422
    looking = viewer()
    with transaction():
        credentials.ask_for_address(form.email.data, by=looking)
    flash(_("We have mailed the new address. Open the link there, and type your password."), "success")
    return redirect(url_for("account.overview"))


def _refuse_offices() -> None:
    """An office has the address that it was invited with (Z4): before anything is typed (`credentials`)."""
    if viewer().is_office:
        raise NotAllowed("Ask whom you act for to invite your other address.")


def _address_page(form: AddressForm) -> str:
    return render_template("account/address.html", form=form, account=accounts.by_id(viewer().account_id))
