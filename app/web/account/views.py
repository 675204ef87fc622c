"""The page about one's own log-in, the browsers that are logged in, and the page that asks for the password again."""

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from app import places
from app.actions import accounts as actions
from app.actions import sessions
from app.queries import accounts
from app.transaction import transaction
from app.web.access import logged_in, viewer
from app.web.account.blueprint import blueprint
from app.web.account.forms import LanguageForm, PasswordAgainForm
from app.web.entering import landing, own_path
from app.web.own_password import is_own_password


@blueprint.get("")
@logged_in
def overview() -> ResponseReturnValue:
    """Address, password, language of mails, second factor, and where one is logged in."""
    account_id = viewer().account_id
    account = accounts.by_id(account_id)
    language = account.interface_language if account else ""
    return render_template(
        "account/overview.html",
        account=account,
        language=places.language_name(language, language) if language else "",
        wanted=accounts.wanted_address(account_id),
        factor=accounts.second_factor_of(account_id),
        sessions=accounts.sessions_of(account_id),
        this_one=accounts.token_digest(current_user.get_id()),
    )


@blueprint.get("/language")
@logged_in
def language() -> ResponseReturnValue:
    """Choose the language that mails come in."""
    account = accounts.by_id(viewer().account_id)
    chosen = account.interface_language if account else None
    return render_template("account/language.html", form=LanguageForm(formdata=None, language=chosen))


@blueprint.post("/language")
@logged_in
def choose_language() -> ResponseReturnValue:
    """Keep it: from now on every mail comes in it, those that wait already too."""
    form = LanguageForm()
    if not form.validate():
        return render_template("account/language.html", form=form), 422
    with transaction():
        actions.choose_language(form.language.data, by=viewer())
    flash(_("Saved. Our mails come in this language from now on."), "success")
    return redirect(url_for("account.overview"))


@blueprint.post("/sessions/<session_id>/end")
@logged_in
def end_session(session_id: str) -> ResponseReturnValue:
    """Log one of one's own browsers out."""
    with transaction():
        sessions.end_session(session_id, account_id=viewer().account_id)
    flash(_("That browser is logged out."), "success")
    return redirect(url_for("account.overview"))


@blueprint.post("/sessions/end")
@logged_in
def end_sessions() -> ResponseReturnValue:
    """Log out everywhere else, or (`here` too) everywhere."""
    here_too = "here" in request.form
    with transaction():
        sessions.end_everywhere(viewer().account_id, but=None if here_too else current_user.get_id())
    if here_too:
        logout_user()
        cookie.clear()
        flash(_("You are logged out everywhere."), "success")
        return redirect(url_for("public.login"))
    flash(_("Every other browser is logged out."), "success")
    return redirect(url_for("account.overview"))


@blueprint.get("/password-again")
@logged_in
def password_again() -> ResponseReturnValue:
    """Ask for the password before something dangerous."""
    return render_template("account/password_again.html", form=PasswordAgainForm(next=request.args.get("next", "")))


@blueprint.post("/password-again")
@logged_in
def password_given() -> ResponseReturnValue:
    """Take the password and go on to what it was asked for."""
    form = PasswordAgainForm()
    if not form.validate() or not is_own_password(form.present):
        return render_template("account/password_again.html", form=form), 422
    with transaction():
        sessions.confirm_password(current_user.get_id())
    return redirect(own_path(form.next.data) or landing(viewer()))
