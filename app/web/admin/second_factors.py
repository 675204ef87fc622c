"""Taking away the second factor of somebody who lost it (docs/threats.md, A8 and A9)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import second_factors as second_factor_actions
from app.actions import sessions
from app.errors import NotFound
from app.permissions import Permission
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.admin.forms import WhoseForm


@blueprint.get("/second-factors")
@requires(Permission.RESET_SECOND_FACTOR)
@password_again
def second_factors() -> ResponseReturnValue:
    """Whose is to be taken away, and what follows."""
    return _page(WhoseForm(formdata=None, email=request.args.get("email", "")))


@blueprint.post("/second-factors")
@requires(Permission.RESET_SECOND_FACTOR)
@password_again
def reset_second_factor() -> ResponseReturnValue:
    """Take it away, log the person out everywhere and tell them by mail."""
    form, looking = WhoseForm(), viewer()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            account = second_factor_actions.reset(email=form.email.data, by=looking)
            sessions.end_all(account.id)
    except NotFound as nobody:
        form.email.errors = [str(nobody)]
        return _page(form), 422
    flash(_("Their second factor is taken away, and they are told by mail."), "success")
    return redirect(url_for("admin.home"))


def _page(form: WhoseForm) -> str:
    return render_template("admin/second_factors.html", form=form)
