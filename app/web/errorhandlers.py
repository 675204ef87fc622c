"""The one place where failures become pages. No page shows a trace, an id or what the person may not see."""

import structlog
from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app.clock import now
from app.errors import BadInput, Conflict, NotAllowed, NotFound, ReadingSpent, TooManyAttempts, Unavailable

log = structlog.get_logger()


def _page(status: int, *, title: str, text: str) -> tuple[str, int]:
    try:
        return render_template("errors/error.html", status=status, title=title, text=text), status
    except DBAPIError:
        return _bare_page(status, title=title, text=text)


def _bare_page(status: int, *, title: str, text: str) -> tuple[str, int]:
    """A page that asks neither the database nor the address for anything: one of them may be what failed.

    Past `render_template`, whose context processors ask who is logged in.
    """
    page = current_app.jinja_env.get_template("errors/bare.html")
    return page.render(status=status, title=title, text=text), status


def _not_allowed(failure: NotAllowed) -> ResponseReturnValue:
    return _page(403, title=_("This is not open to you"), text=str(failure))


def _not_found(_failure: Exception) -> ResponseReturnValue:
    text = _("There is no such page, or it is not yours to see.")
    return _page(404, title=_("Nothing here"), text=text)


def _conflict(failure: Conflict) -> ResponseReturnValue:
    return _page(409, title=_("Things have changed"), text=str(failure))


def _bad_input(failure: BadInput) -> ResponseReturnValue:
    """What no form could say beside its field, as where the world changed between the form's check and the act."""
    return _page(422, title=_("That did not work"), text=str(failure))


def _too_many(failure: TooManyAttempts) -> ResponseReturnValue:
    page, status = _page(429, title=_("A moment, please"), text=str(failure))
    return page, status, {"Retry-After": str(failure.seconds)}


def _reading_spent(failure: ReadingSpent) -> ResponseReturnValue:
    until = format_datetime(failure.until, "d MMMM, HH:mm")
    text = _(
        "You have been shown as many people as your work usually needs. Pages with people open again on %(until)s UTC. "
        "The administrators were told; one of them can let you read more today.",
        until=until,
    )
    page = render_template("errors/error.html", status=429, title=_("That was a lot of reading"), text=text)
    seconds = max(1, int((failure.until - now()).total_seconds()))
    return page, 429, {"Retry-After": str(seconds)}


def _stale(_failure: StaleDataError) -> ResponseReturnValue:
    text = _("Somebody changed this since you read it. Look again, then decide.")
    return _page(409, title=_("Things have changed"), text=text)


def _foreign_host(_failure: SecurityError) -> ResponseReturnValue:
    return _bare_page(400, title=_("That did not work"), text=_("This site does not answer under this name."))


def _http(failure: HTTPException) -> ResponseReturnValue:
    if failure.code is None or failure.code < 400:
        return failure
    if failure.code == 404:
        return _not_found(failure)
    texts = {
        400: _("The form could not be read. Go back, load the page again and repeat."),
        405: _("This address does not answer in that way."),
        413: _("That was too large. Shorten it and send it again."),
        429: _("That was tried too often just now. Please wait a while, then try again."),
    }
    return _page(failure.code, title=_("That did not work"), text=texts.get(failure.code, _("Please try again.")))


def _unavailable(failure: Exception) -> ResponseReturnValue:
    log.error("database_unavailable", kind=type(failure).__name__, endpoint=request.endpoint)
    text = _("We can't reach our records just now. Nothing was lost. Please try again in a few minutes.")
    return _bare_page(503, title=_("Back in a moment"), text=text)


def _unforeseen(failure: Exception) -> ResponseReturnValue:
    log.error("unforeseen", exc_info=failure, endpoint=request.endpoint)
    text = _("Something broke on our side. Nothing you did caused it, and it has been noted.")
    return _bare_page(500, title=_("Something went wrong"), text=text)


def init_app(app: Flask) -> None:
    """Register a page for every named failure and for the unforeseen."""
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(BadInput, _bad_input)
    app.register_error_handler(TooManyAttempts, _too_many)
    app.register_error_handler(ReadingSpent, _reading_spent)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(InternalError, _unavailable)  # a database that only reads
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Exception, _unforeseen)
