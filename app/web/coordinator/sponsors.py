"""Sponsors: what they said, how they were checked, the decision, and whom they must not be paired with."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import officials as official_actions
from app.actions import sponsors as sponsor_actions
from app.clock import today
from app.errors import NotFound
from app.models import Sponsor
from app.permissions import Permission
from app.queries import desk, mail_log, offices, officials
from app.transaction import transaction
from app.vocabulary import VettingState
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.forms import ConflictForm, VetForm
from app.web.forms import VersionForm
from app.web.paging import page_number

TO_VET = "to_vet"
"""The choice of those who can be vetted now: they wait, and their address is confirmed."""


@blueprint.get("/sponsors")
@requires(Permission.VET_SPONSORS)
def sponsors() -> ResponseReturnValue:
    """The sponsors of this coordinator's regions; those who wait for vetting first."""
    state, searched = request.args.get("state", ""), request.args.get("q", "")[:80]
    narrowed = VettingState(state) if state in list(VettingState) else None
    page = desk.sponsors(viewer(), number=page_number(), searched=searched, state=narrowed, to_vet_only=state == TO_VET)
    return render_template(
        "coordinator/sponsors.html",
        page=page,
        states=list(VettingState),
        state=TO_VET if state == TO_VET else narrowed,
        searched=searched,
    )


@blueprint.get("/sponsors/<sponsor_id>")
@requires(Permission.VET_SPONSORS)
def sponsor(sponsor_id: str) -> ResponseReturnValue:
    """Everything a sponsor said, their matches and mails, and the vetting."""
    return _sponsor_page(_found(sponsor_id), VetForm())


@blueprint.post("/sponsors/<sponsor_id>/vet")
@requires(Permission.VET_SPONSORS)
def vet(sponsor_id: str) -> ResponseReturnValue:
    """Record the decision; the sponsor is told by mail."""
    form = VetForm()
    if not form.validate():
        return _sponsor_page(_found(sponsor_id), form), 422
    with transaction():
        sponsor_actions.vet(
            sponsor_id=sponsor_id,
            by=viewer(),
            seen_version=form.version.data,
            decision=VettingState(form.decision.data),
            reason=form.reason.data,
            translation_offered=form.translation_offered.data,
        )
    flash(_("Recorded. The sponsor is told by mail."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


@blueprint.post("/sponsors/<sponsor_id>/vet-official")
@requires(Permission.VET_SPONSORS)
def vet_official(sponsor_id: str) -> ResponseReturnValue:
    """Vet them on the official address that they have proven."""
    form = VersionForm()
    if not form.validate():
        abort(400)
    with transaction():
        official_actions.vet(sponsor_id=sponsor_id, by=viewer(), seen_version=form.version.data)
    flash(_("Recorded. The sponsor is told by mail."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


@blueprint.post("/sponsors/<sponsor_id>/reopen")
@requires(Permission.VET_SPONSORS)
def reopen(sponsor_id: str) -> ResponseReturnValue:
    """Have somebody vetted again who was vetted or turned away."""
    form = VersionForm()
    if not form.validate():
        abort(400)
    with transaction():
        sponsor_actions.reopen(sponsor_id=sponsor_id, by=viewer(), seen_version=form.version.data)
    flash(_("They wait for vetting again."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


@blueprint.post("/sponsors/<sponsor_id>/conflicts")
@requires(Permission.VET_SPONSORS)
def map_conflict(sponsor_id: str) -> ResponseReturnValue:
    """Keep a sponsor and a prisoner apart."""
    form = ConflictForm()
    if form.validate():
        with transaction():
            sponsor_actions.map_conflict(sponsor_id=sponsor_id, prisoner_id=form.prisoner.data, by=viewer())
        flash(_("Recorded. These two will not be paired."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


def _sponsor_page(sponsor: Sponsor, form: VetForm) -> str:
    form.version.data = sponsor.version
    if request.method == "GET":
        form.translation_offered.data = sponsor.translation_offered or sponsor.translation_wanted
    searched = request.args.get("q", "")[:80]
    return render_template(
        "coordinator/sponsor.html",
        sponsor=sponsor,
        form=form,
        matches=desk.matches_of_sponsor(viewer(), sponsor.id),
        conflicts=desk.conflicts_of_sponsor(viewer(), sponsor.id),
        mails=mail_log.of_person(viewer(), sponsor.account_id, size=mail_log.FEW),
        searched=searched,
        found=desk.prisoners_named(viewer(), searched),
        confirmed=sponsor.account.email_confirmed_at is not None,
        left=sponsor.account.disabled_at is not None,
        pausing=sponsor.takes_pause(today()),
        is_self=viewer().sponsor_id == sponsor.id,
        official=officials.proven(sponsor.id),
        offices=offices.of_sponsor(sponsor.id),
    )


def _found(sponsor_id: str) -> Sponsor:
    sponsor = desk.sponsor(viewer(), sponsor_id)
    if sponsor is None:
        raise NotFound("There is no such sponsor.")
    return sponsor
