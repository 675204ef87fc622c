"""One's own data: a copy of it, and erasing oneself (docs/threats.md, P5)."""

import json

from flask import Response, flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from app.actions import own_data, privacy
from app.database import scrub
from app.errors import Conflict, HasDuties, NotFound
from app.models import Account
from app.permissions import Viewer
from app.queries import accounts, matches
from app.queries.duties import duty_of
from app.transaction import transaction
from app.web.access import logged_in, password_again, viewer
from app.web.account.blueprint import blueprint
from app.web.forms import PasswordForm
from app.web.own_password import is_own_password


@blueprint.get("/data")
@logged_in
@password_again
def data() -> ResponseReturnValue:
    """What is in the copy and what is not, before the button."""
    return render_template("account/data.html", is_sponsor=_is_sponsor(viewer()))


@blueprint.post("/data")
@logged_in
@password_again
def take_data() -> ResponseReturnValue:
    """The copy as a file: made now, kept nowhere."""
    try:
        with transaction():
            copy = own_data.own_copy(viewer().account_id)
    except Conflict:
        flash(_("You have taken as many copies as one day has. Please come back tomorrow."), "danger")
        return redirect(url_for("account.overview"))
    file = json.dumps(copy, ensure_ascii=False, indent=1)
    disposition = {"Content-Disposition": "attachment; filename=my-data.json"}
    return Response(file, content_type="application/json; charset=utf-8", headers=disposition)


@blueprint.get("/erase")
@logged_in
def erase() -> ResponseReturnValue:
    """What goes, what stays and why, and the password; for staff with duties, what has to come first."""
    return _erase_page(PasswordForm(formdata=None))


@blueprint.post("/erase")
@logged_in
def erase_now() -> ResponseReturnValue:
    """Erase oneself, take what was deleted out of the file, and forget who was here."""
    form, account = PasswordForm(), _own()
    if duty_of(account) is not None:
        return _erase_page(form), 409
    if not form.validate() or not is_own_password(form.present):
        return _erase_page(form), 422
    address = _own().email
    try:
        with transaction():
            privacy.erase(email=address, by=viewer().account_id)
    except HasDuties:
        return _erase_page(form), 409
    scrub()
    logout_user()
    cookie.clear()
    return redirect(url_for("public.erased"))


def _own() -> Account:
    account = accounts.by_id(viewer().account_id)
    if account is None:
        raise NotFound("There is no such account.")
    return account


def _is_sponsor(looking: Viewer) -> bool:
    """Whether the log-in is a sponsor's own; one that acts for them is about nobody but whoever has it."""
    return looking.sponsor_id is not None and not looking.is_office


def _erase_page(form: PasswordForm) -> str:
    looking = viewer()
    is_sponsor = _is_sponsor(looking)
    mine = matches.of_sponsor(looking) if is_sponsor else []
    return render_template(
        "account/erase.html",
        form=form,
        duty=duty_of(_own()),
        is_sponsor=is_sponsor,
        is_office=looking.is_office,
        supported=[match.prisoner.shown_name for match in mine],
    )
