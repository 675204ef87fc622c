"""Every page of the staff is counted here, just before it is rendered: nothing of it was shown yet (Z8)."""

from typing import Any

from flask import Flask, Response, before_render_template, g, request

from app.actions import reading as actions
from app.clock import now
from app.errors import ReadingSpent
from app.permissions import Viewer
from app.queries import shown
from app.reading import Amount, nearly_spent, opens_again, spent
from app.transaction import beside, transaction
from app.web.access import Door, current_viewer, declared_access

_ERRORS = "errors/"
_OF_A_PERSON = frozenset({"match_id", "prisoner_id", "sponsor_id"})


def _begin() -> None:
    """Count what is read for a page of the staff; public pages show public cases to everybody."""
    if request.endpoint is None or declared_access(request.endpoint) is Door.EVERYBODY:
        return
    looking = current_viewer()
    if looking is not None and looking.roles:
        shown.begin()


def _count(_app: Flask, *, template: Any, context: dict[str, Any], **_more: Any) -> None:
    people = shown.taken()
    looking = current_viewer() if people else None
    if looking is None or (template.name or "").startswith(_ERRORS):
        return
    context["reading"] = _checked(looking, len(people))


def _checked(looking: Viewer, people: int) -> dict[str, Any] | None:
    """What the page has to say of the budget. Raises ReadingSpent where it may not be shown."""
    opened = _opened()
    records = 1 if opened else 0
    amount = Amount(records=records, rows=people - records)
    try:
        with beside() as connection:
            used, canary = actions.count(connection, account_id=looking.account_id, shown=amount, opened=opened)
            beyond = spent(used)
            if beyond is not None:
                raise ReadingSpent(opens_again(beyond, now()))
    except ReadingSpent:
        with transaction():
            actions.refuse(account_id=looking.account_id)
        raise
    if canary is not None:
        g.opened_canary = canary
    near = nearly_spent(used)
    return {"window": near, "used": used.shown(near), "limit": used.limit(near)} if near else None


def _opened() -> list[str]:
    """The ids in the address: whose own page this is, where it is somebody's."""
    return [value for name, value in (request.view_args or {}).items() if name in _OF_A_PERSON]


def _tell_of_canary(response: Response) -> Response:
    """Tell the administrators who opened an invented record. After the page was made: a writing transaction would have
    it read everything again."""
    canary = g.pop("opened_canary", None)
    looking = current_viewer() if canary is not None else None
    if canary is not None and looking is not None:
        with transaction():
            actions.note_canary(canary_id=canary, account_id=looking.account_id)
    return response


def init_app(app: Flask) -> None:
    """Count every page from now on. After the rules of access: strangers are turned away before."""
    app.before_request(_begin)
    app.after_request(_tell_of_canary)
    before_render_template.connect(_count, app)
