"""One's own second factor: setting it up with a picture, recovery codes, switching it off (docs/threats.md, A8)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app import one_time_codes
from app.actions import limits, second_factors, sessions
from app.attempts import Attempt
from app.clock import now
from app.errors import BadInput, TooManyAttempts
from app.models import SecondFactor
from app.queries import accounts
from app.transaction import transaction
from app.web.access import logged_in, password_again, viewer
from app.web.account.blueprint import blueprint
from app.web.entering import enter
from app.web.forms import CodeForm, wait_sentence


@blueprint.get("/second-factor")
@logged_in
def second_factor() -> ResponseReturnValue:
    """What a second factor is, and whether one is set up."""
    account_id = viewer().account_id
    return render_template(
        "account/second_factor.html",
        factor=accounts.second_factor_of(account_id),
        codes_left=accounts.recovery_codes_left(account_id),
    )


@blueprint.post("/second-factor")
@logged_in
@password_again
def begin_second_factor() -> ResponseReturnValue:
    """Make the seed for one's app."""
    with transaction():
        second_factors.begin(by=viewer())
    return redirect(url_for("account.app"))


@blueprint.get("/second-factor/app")
@logged_in
@password_again
def app() -> ResponseReturnValue:
    """The picture for the app, and the field for its first code."""
    begun = _begun()
    if begun is None:
        return redirect(url_for("account.second_factor"))
    return _app_page(begun, CodeForm(formdata=None))


@blueprint.post("/second-factor/app")
@logged_in
@password_again
def confirm_app() -> ResponseReturnValue:
    """Switch it on with a first code, log every other browser out, and show the recovery codes once."""
    form, looking, begun = CodeForm(), viewer(), _begun()
    if begun is None:
        return redirect(url_for("account.second_factor"))
    if not form.validate():
        return _app_page(begun, form), 422
    token = current_user.get_id()
    try:
        with transaction():
            limits.begin([(Attempt.CODE, looking.account_id)])
        with transaction():
            codes = second_factors.confirm(by=looking, typed=form.code.data)
            limits.forget(Attempt.CODE, looking.account_id)
            sessions.end_all(looking.account_id, but=token)
            renewed = sessions.renew(token, second_factor_at=now())
    except (BadInput, TooManyAttempts) as wrong:
        form.code.errors = [wait_sentence(wrong.seconds) if isinstance(wrong, TooManyAttempts) else str(wrong)]
        return _app_page(begun, form), 422
    enter(renewed)
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.post("/second-factor/codes")
@logged_in
@password_again
def renew_codes() -> ResponseReturnValue:
    """Fresh recovery codes, shown once."""
    with transaction():
        codes = second_factors.renew_recovery_codes(by=viewer())
    return render_template("account/recovery_codes.html", codes=codes)


@blueprint.get("/second-factor/off")
@logged_in
@password_again
def second_factor_off() -> ResponseReturnValue:
    """What follows from switching it off."""
    return render_template("account/second_factor_off.html")


@blueprint.post("/second-factor/off")
@logged_in
@password_again
def switch_off() -> ResponseReturnValue:
    """Switch it off."""
    with transaction():
        second_factors.remove(by=viewer())
    flash(_("Your log-in asks for the password only."), "success")
    return redirect(url_for("account.overview"))


def _begun() -> SecondFactor | None:
    """One's second factor while it waits for its first code."""
    found = accounts.second_factor_of(viewer().account_id)
    return found if found is not None and found.confirmed_at is None else None


def _app_page(begun: SecondFactor, form: CodeForm) -> str:
    seed = begun.seed or ""
    picture = Markup(one_time_codes.picture(seed))  # noqa: S704  # drawn from the seed by a library of ours
    groups = [seed[start : start + 4] for start in range(0, len(seed), 4)]
    return render_template("account/app.html", form=form, picture=picture, groups=groups)
