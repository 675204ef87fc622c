"""Sponsors to look after; each list leads to what helps: speak with them, let a match rest, end it, mark it silent."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import signs
from app.permissions import Permission
from app.queries import keeping
from app.transaction import transaction
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint


@blueprint.get("/keeping")
@requires(Permission.DECIDE_PROPOSALS)
def keeping_lists() -> ResponseReturnValue:
    """Silent sponsors, mandates that end, yearly questions without an answer, offers that lapsed."""
    return render_template("coordinator/keeping.html", due=keeping.due(viewer()))


@blueprint.post("/sponsors/<sponsor_id>/heard")
@requires(Permission.DECIDE_PROPOSALS)
def heard_from(sponsor_id: str) -> ResponseReturnValue:
    """They told me that they go on."""
    with transaction():
        signs.heard_from(sponsor_id=sponsor_id, by=viewer())
    flash(_("Noted: they go on. Nobody asks them again for a year."), "success")
    return redirect(url_for("coordinator.keeping_lists"))


@blueprint.post("/matches/<match_id>/silent")
@requires(Permission.DECIDE_PROPOSALS)
def mark_silent(match_id: str) -> ResponseReturnValue:
    """The match counts as silent from now on, until there is a sign of life."""
    with transaction():
        signs.mark_silent(match_id=match_id, by=viewer())
    flash(_("Marked as silent. The next matching run looks for somebody beside them."), "success")
    return redirect(url_for("coordinator.keeping_lists"))
