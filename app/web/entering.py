"""Going in: the cookie of a log-in session, where somebody's work begins, and where they may be sent on to."""

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from flask import abort, request, url_for
from flask import session as cookie
from flask_login import login_user

from app import browsers
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts
from app.web.access import LoggedIn, current_viewer

CODE_DUE = "code_due"
"""Under this name the cookie keeps the session that leads to the code page and nowhere else."""

HOUSEHOLD_BITS = 64


def enter(token: str) -> Viewer:
    """Put the session into a cookie that holds nothing from before (A5), and say who is looking now."""
    looking = accounts.viewer_of_session(token)
    if looking is None:
        abort(403)
    cookie.clear()
    login_user(LoggedIn(viewer=looking, token=token))
    cookie.pop("_id", None)  # a hash of address and browser, which nobody here compares
    return looking


def landing(looking: Viewer) -> str:
    """Where somebody's work begins."""
    if looking.awaits_second_factor:
        return url_for("account.second_factor")
    if allowed(looking, Permission.SEE_DESK):
        return url_for("coordinator.desk")
    if allowed(looking, Permission.SEE_ADMIN):
        return url_for("admin.home")
    return url_for("sponsor.home") if looking.sponsor_id else url_for("account.overview")


def own_path(target: str | None) -> str | None:
    """`target` if it is a path of our own, else None (docs/threats.md, W4)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 33 or ord(character) == 127 for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def network() -> str:
    """The network that asks: its address, and of one of today's long ones the half that names the household.

    Behind proxies of ours it is what the nearest trusted one says (`VESTKA_TRUSTED_PROXIES`), never a header alone.
    """
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, HOUSEHOLD_BITS), strict=False))


def own_account() -> str:
    """The account that asks, as a key for counting what it causes; the network where nobody is logged in."""
    looking = current_viewer()
    return looking.account_id if looking else network()


def browser_family() -> str:
    """The family of the browser that asks."""
    return browsers.family(request.headers.get("User-Agent", ""))
