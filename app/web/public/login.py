"""Logging in and out."""

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from app.actions import limits, sessions
from app.addresses import address_key
from app.attempts import Attempt
from app.errors import BadInput, Conflict, TooManyAttempts
from app.models import Account
from app.queries import accounts
from app.transaction import transaction
from app.web.access import public, viewer
from app.web.entering import CODE_DUE, browser_family, enter, landing, network, own_path
from app.web.forms import CodeForm, wait_sentence
from app.web.public.blueprint import blueprint
from app.web.public.forms import LoginForm


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """The form, or the one for the code where that is due; whoever is logged in goes on to their own page."""
    if current_user.is_authenticated:
        return redirect(landing(viewer()))
    wanted = request.args.get("next", "")
    if accounts.awaited_code(cookie.get(CODE_DUE)):
        return render_template("account/code.html", form=CodeForm(formdata=None, next=wanted))
    return render_template("account/login.html", form=LoginForm(next=wanted))


@blueprint.post("/login")
@public
def login_check() -> ResponseReturnValue:
    """Check address and password, or the code that is due after them, and begin a session.

    The answer never says which of address and password was wrong. Attempts are counted for the address and for the
    network that asks, whether or not the address is known (A3).
    """
    if "code" in request.form and "password" not in request.form:
        return _check_code()
    form = LoginForm()
    if not form.validate():
        return render_template("account/login.html", form=form), 422
    tried = [
        (Attempt.LOG_IN_OF_ACCOUNT, address_key(form.email.data) or form.email.data.casefold()),
        (Attempt.LOG_IN_FROM_NETWORK, network()),
    ]
    try:
        with transaction():
            limits.begin(tried)
    except TooManyAttempts as late:
        form.email.errors = [wait_sentence(late.seconds)]
        return render_template("account/login.html", form=form), 429, {"Retry-After": str(late.seconds)}
    account = sessions.verified_account(email=form.email.data, password=form.password.data)
    return _not_together(form) if account is None else _begin_session(account, form)


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End this session; harmless for whoever is not logged in."""
    token = current_user.get_id() if current_user.is_authenticated else cookie.get(CODE_DUE)
    if token:
        with transaction():
            sessions.close_session(token)
        logout_user()
    cookie.clear()
    return redirect(url_for("public.home"))


def _not_together(form: LoginForm) -> ResponseReturnValue:
    form.email.errors = [_("This address and password do not belong together.")]
    return render_template("account/login.html", form=form), 422


def _begin_session(account: Account, form: LoginForm) -> ResponseReturnValue:
    account_id, key, checked = account.id, account.email_key, account.password_hash
    try:
        with transaction():
            limits.forget(Attempt.LOG_IN_OF_ACCOUNT, key)
            limits.take_back(Attempt.LOG_IN_FROM_NETWORK, network())
            begun = sessions.open_session(
                account_id, password=form.password.data, checked_hash=checked, browser=browser_family()
            )
    except Conflict:
        return _not_together(form)
    wanted = own_path(form.next.data)
    if not begun.code_due:
        return _go_on(begun.token, wanted)
    cookie.clear()
    cookie[CODE_DUE] = begun.token
    return redirect(url_for("public.login", next=wanted))


def _check_code() -> ResponseReturnValue:
    """The second step: a code of the app, or a recovery code."""
    form, token = CodeForm(), cookie.get(CODE_DUE)
    account_id = accounts.awaited_code(token)
    if token is None or account_id is None:
        flash(_("That took too long. Please log in again."), "info")
        return redirect(url_for("public.login", next=own_path(form.next.data)))
    if not form.validate():
        return render_template("account/code.html", form=form), 422
    try:
        with transaction():
            limits.begin([(Attempt.CODE, account_id)])
        with transaction():
            renewed = sessions.pass_code(token, typed=form.code.data)
            limits.forget(Attempt.CODE, account_id)
    except TooManyAttempts as late:
        form.code.errors = [wait_sentence(late.seconds)]
        return render_template("account/code.html", form=form), 429, {"Retry-After": str(late.seconds)}
    except BadInput as wrong:
        form.code.errors = [str(wrong)]
        return render_template("account/code.html", form=form), 422
    return _go_on(renewed, own_path(form.next.data))


def _go_on(token: str, wanted: str | None) -> ResponseReturnValue:
    looking = enter(token)
    return redirect(landing(looking) if looking.awaits_second_factor else wanted or landing(looking))
