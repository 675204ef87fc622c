"""Who may open which page: declared beside each view, checked before it, denied by default.

Only the web sees the request; everything behind it is handed a `Viewer`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user
from werkzeug.exceptions import HTTPException

from app.clock import now
from app.errors import NotAllowed
from app.extensions import login_manager
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts
from app.settings import current_settings

View = TypeVar("View", bound=Callable[..., Any])

FILE_ENDPOINTS = frozenset({"static", "bootstrap.static"})
"""Views that Flask and Bootstrap-Flask register themselves: style, script and icons, the same for everybody."""


MOST_FIELDS = 500


class Door(Enum):
    """Who may come in where no permission is asked for."""

    EVERYBODY = "everybody"
    LOGGED_IN = "logged in"


Access = Door | Permission


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.declared_access = access  # type: ignore[attr-defined]
        return view

    return mark


public = _declare(Door.EVERYBODY)
logged_in = _declare(Door.LOGGED_IN)

PASSWORD_LASTS = timedelta(minutes=10)


def password_again(view: View) -> View:
    """Declare that a view also asks for the password again, unless it was given in the last ten minutes (A9).

    For dangerous acts and the pages that lead to them: whoever finds an open browser must not do these.
    """
    view.asks_password_again = True  # type: ignore[attr-defined]
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare that a view is for whoever holds `permission`."""
    return _declare(permission)


def declared_access(endpoint: str) -> Access | None:
    """What the view behind `endpoint` declared; None where it declared nothing."""
    if endpoint in FILE_ENDPOINTS:
        return Door.EVERYBODY
    return getattr(current_app.view_functions[endpoint], "declared_access", None)


@dataclass
class LoggedIn(UserMixin):
    """What Flask-Login carries through a request: who is looking, and the session that vouches for it."""

    viewer: Viewer
    token: str

    def get_id(self) -> str:
        return self.token


def current_viewer() -> Viewer | None:
    """Who is looking; None for a stranger."""
    return cast(LoggedIn, current_user).viewer if current_user.is_authenticated else None


def viewer() -> Viewer:
    """Who is looking, in a view that only people who are logged in can reach."""
    found = current_viewer()
    if found is None:
        raise NotAllowed("Please log in first.")
    return found


def _load(token: str) -> LoggedIn | None:
    looking = accounts.viewer_of_session(token)
    return LoggedIn(viewer=looking, token=token) if looking else None


def _check() -> ResponseReturnValue | None:
    _refuse_foreign_host()
    if request.endpoint is None:
        return None
    _refuse_nonsense()
    access = declared_access(request.endpoint)
    if access is Door.EVERYBODY:
        return None
    looking = current_viewer()
    if looking is None:
        return redirect(url_for("public.login", next=_own_path()))
    if access is not Door.LOGGED_IN:
        led_away = _check_permission(looking, access)
        if led_away is not None:
            return led_away
    return _check_password(request.endpoint)


def _check_permission(looking: Viewer, access: Permission | None) -> ResponseReturnValue | None:
    if not looking.confirmed:
        return redirect(url_for("public.unconfirmed"))
    if looking.awaits_second_factor:
        return redirect(url_for("account.second_factor"))
    if access is None or not allowed(looking, access):
        raise NotAllowed("This page is not for your account.")
    return None


def _check_password(endpoint: str) -> ResponseReturnValue | None:
    """Lead to the page that asks for the password where the view wants it again."""
    if not getattr(current_app.view_functions[endpoint], "asks_password_again", False):
        return None
    given = accounts.password_given_at(current_user.get_id())
    if given is not None and given > now() - PASSWORD_LASTS:
        return None
    return redirect(url_for("account.password_again", next=_own_path() or _page_of_form()))


def _page_of_form() -> str | None:
    """The page at the address that was posted to, where it has one: what was posted is asked for again there."""
    try:
        current_app.create_url_adapter(request).match(request.path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return None
    return request.path


def _refuse_foreign_host() -> None:
    """A proxy in front may repeat our own name (W5). The `Host` itself Flask holds against TRUSTED_HOSTS."""
    forwarded = request.headers.get("X-Forwarded-Host")
    if forwarded is not None and forwarded != current_settings().public_host:
        abort(400)


def _refuse_nonsense() -> None:
    """What no form and no link of ours sends: thousands of fields, or NUL bytes, which one database cannot take."""
    if len(request.form) > MOST_FIELDS:
        abort(413)
    texts = (*(request.view_args or {}).values(), *request.args.values(), *request.form.values())
    if any("\0" in str(text) for text in texts):
        abort(400)


def _own_path() -> str | None:
    """Where to go on after logging in: only pages can be come back to, not acts."""
    return request.full_path.rstrip("?") if request.method == "GET" else None


def init_app(app: Flask) -> None:
    """Check every request before its view runs."""
    login_manager.session_protection = None
    login_manager.user_loader(_load)
    app.before_request(_check)
    app.context_processor(lambda: {"viewer": current_viewer(), "Permission": Permission, "allowed": allowed})
