"""Logging in and out, and confirming an address."""

from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from app.actions import accounts as account_actions
from app.actions import sessions
from app.errors import NotFound
from app.models import Account, TokenPurpose
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts
from app.transaction import transaction
from app.web.access import LoggedIn, logged_in, public, viewer
from app.web.public.blueprint import blueprint
from app.web.public.forms import LoginForm


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """The form; whoever is logged in goes on to their own page."""
    if current_user.is_authenticated:
        return redirect(landing(viewer()))
    return render_template("account/login.html", form=LoginForm(next=request.args.get("next", "")))


@blueprint.post("/login")
@public
def login_check() -> ResponseReturnValue:
    """Check address and password and begin a session. The answer never says which of the two was wrong."""
    form = LoginForm()
    if not form.validate():
        return render_template("account/login.html", form=form), 422
    account = sessions.verified_account(email=form.email.data, password=form.password.data)
    if account is None:
        form.email.errors = [_("This address and password do not belong together.")]
        return render_template("account/login.html", form=form), 422
    looking = _begin_session(account, form.password.data)
    return redirect(own_path(form.next.data) or landing(looking))


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End this session; harmless for whoever is not logged in."""
    if current_user.is_authenticated:
        with transaction():
            sessions.close_session(current_user.get_id())
        logout_user()
    cookie.clear()
    return redirect(url_for("public.home"))


@blueprint.get("/unconfirmed")
@logged_in
def unconfirmed() -> ResponseReturnValue:
    """The address is still to be confirmed: look into your mail, or have it sent again."""
    if viewer().confirmed:
        return redirect(landing(viewer()))
    return render_template("account/unconfirmed.html")


@blueprint.post("/unconfirmed")
@logged_in
def send_again() -> ResponseReturnValue:
    """Send the confirming mail once more, at most every ten minutes."""
    with transaction():
        account = accounts.by_id(viewer().account_id)
        if account is not None and account.email_confirmed_at is None:
            account_actions.ask_to_confirm(account)
    flash(_("If the last mail is more than ten minutes old, a new one is on its way."), "success")
    return redirect(url_for("public.unconfirmed"))


@blueprint.get("/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """A page with a button: fetching the link changes nothing, since mail scanners fetch links."""
    if accounts.mailed_token(token, TokenPurpose.CONFIRM_ADDRESS) is None:
        return render_template("account/link_used.html"), 404
    return render_template("account/confirm.html", token=token)


@blueprint.post("/confirm/<token>")
@public
def confirm_now(token: str) -> ResponseReturnValue:
    """Confirm the address the link was sent to."""
    try:
        with transaction():
            account_actions.confirm_address(token)
    except NotFound:
        return render_template("account/link_used.html"), 404
    flash(_("Thank you. Your address is confirmed."), "success")
    return redirect(url_for("public.login"))


def _begin_session(account: Account, password: str) -> Viewer:
    """A session with a new token in a cookie that holds nothing from before."""
    account_id = account.id
    with transaction():
        token = sessions.open_session(account_id, password=password)
    looking = accounts.viewer_of_session(token)
    if looking is None:
        abort(403)
    cookie.clear()
    login_user(LoggedIn(viewer=looking, token=token))
    cookie.pop("_id", None)  # a hash of address and browser, which nobody here compares
    return looking


def landing(looking: Viewer) -> str:
    """Where somebody's work begins."""
    if not looking.confirmed:
        return url_for("public.unconfirmed")
    if allowed(looking, Permission.SEE_DESK):
        return url_for("coordinator.desk")
    if allowed(looking, Permission.SEE_ADMIN):
        return url_for("admin.home")
    return url_for("sponsor.home")


def own_path(target: str | None) -> str | None:
    """`target` if it is a path of our own, else None (docs/threats.md, W4)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 33 or ord(character) == 127 for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
