"""Matches that both sides took up: let one rest, let it go on, end it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import matches as match_actions
from app.errors import Conflict, NotFound
from app.models import Match
from app.permissions import Permission
from app.queries import matches
from app.transaction import transaction
from app.vocabulary import EndReason, MatchState
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.forms import StandingForm


@blueprint.get("/matches/<match_id>")
@requires(Permission.DECIDE_PROPOSALS)
def standing(match_id: str) -> ResponseReturnValue:
    """What the match can become, and what that means for the sponsor."""
    match = _found(match_id)
    form = StandingForm(formdata=None, version=match.version)
    form.ask_about(match.state)
    return render_template("coordinator/standing.html", match=match, form=form)


@blueprint.post("/matches/<match_id>")
@requires(Permission.DECIDE_PROPOSALS)
def change_standing(match_id: str) -> ResponseReturnValue:
    """Let the match rest, go on, or end, with a reason."""
    match, form = _found(match_id), StandingForm()
    form.ask_about(match.state)
    sponsor_id = match.sponsor_id
    if not form.validate():
        return render_template("coordinator/standing.html", match=match, form=form), 422
    _change(match_id, form)
    told = form.telling.data and form.after.data != MatchState.ACTIVE
    flash(_("Recorded. The sponsor is told by mail.") if told else _("Recorded. No mail goes out."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


def _change(match_id: str, form: StandingForm) -> None:
    seen = {"match_id": match_id, "by": viewer(), "seen_version": form.version.data, "note": form.note.data}
    with transaction():
        if form.after.data == MatchState.ENDED:
            match_actions.end(**seen, reason=EndReason(form.reason.data), telling=form.telling.data)
        elif form.after.data == MatchState.PAUSED:
            match_actions.pause(**seen, telling=form.telling.data)
        else:
            match_actions.go_on(**seen)


def _found(match_id: str) -> Match:
    match = matches.for_coordinator(viewer(), match_id)
    if match is None:
        raise NotFound("There is no such match.")
    if match.state not in match_actions.TAKEN_UP:
        raise Conflict(_("This match does not go on: there is nothing to pause or to end."))
    return match
