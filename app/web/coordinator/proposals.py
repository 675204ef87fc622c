"""Proposals: read the reasons, approve, decline with a reason, take an approval back."""

from collections import Counter
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.actions import matches as match_actions
from app.clock import today
from app.errors import BadInput, Conflict, NotFound, VestkaError
from app.models import Match
from app.permissions import Permission
from app.queries import desk, matches, reasons
from app.queries.exact import NoFigure, exact_loss
from app.queries.matches import ProposalFilter
from app.settings import current_settings
from app.transaction import transaction
from app.vocabulary import UNSENT, DeclineReason, MatchState, SupportKind
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.forms import DeclineForm
from app.web.coordinator.reason_words import at_least, exactly, scarce_words
from app.web.coordinator.rows import named_terms, named_urgency, proposal_rows, side_by_side
from app.web.forms import VersionForm
from app.web.paging import page_number

MOST_AT_ONCE = 50
TIER_CHOICES: Mapping[str, tuple[int, ...]] = {"1-5": (1, 2, 3, 4, 5)} | {str(tier): (tier,) for tier in range(6)}
"""What the address may say of tiers; the desk counts tier 0 apart from the others."""
"""An offer whose mail stands so can still be taken back."""


@blueprint.get("/proposals")
@requires(Permission.DECIDE_PROPOSALS)
def proposals() -> ResponseReturnValue:
    """Undecided proposals of this coordinator's people, with their reasons."""
    narrowed = _filter()
    page = matches.proposals(viewer(), narrowed, number=page_number())
    return render_template(
        "coordinator/proposals.html",
        page=page,
        rows=proposal_rows(page.items),
        narrowed=narrowed,
        kinds=list(SupportKind),
    )


@blueprint.get("/proposals/<match_id>")
@requires(Permission.DECIDE_PROPOSALS)
def proposal(match_id: str) -> ResponseReturnValue:
    """One pair: both people, the tier and every point, and the runner-up; with `exact` what they would cost exactly."""
    match = _found(match_id)
    exact = _exact_loss(match) if "exact" in request.args else None
    return _proposal_page(_found(match_id), DeclineForm(), exact=exact)


@blueprint.post("/proposals/<match_id>/approve")
@requires(Permission.DECIDE_PROPOSALS)
def approve(match_id: str) -> ResponseReturnValue:
    """Approve: the sponsor is offered the match by mail once the hold is over."""
    with transaction():
        match_actions.approve(match_id=match_id, by=viewer(), seen_version=_seen_version())
    flash(_approved_words(), "success")
    return redirect(url_for("coordinator.proposal", match_id=match_id))


@blueprint.post("/proposals/<match_id>/take-back")
@requires(Permission.DECIDE_PROPOSALS)
def take_back(match_id: str) -> ResponseReturnValue:
    """Undo an approval while its mail is held."""
    with transaction():
        match_actions.take_back(match_id=match_id, by=viewer())
    flash(_("Taken back. No mail has gone out."), "success")
    return redirect(url_for("coordinator.proposal", match_id=match_id))


@blueprint.post("/proposals/<match_id>/decline")
@requires(Permission.DECIDE_PROPOSALS)
def decline(match_id: str) -> ResponseReturnValue:
    """Decline, with a reason that is remembered."""
    form = DeclineForm()
    if not form.validate():
        return _proposal_page(_found(match_id), form), 422
    try:
        with transaction():
            match_actions.decline(
                match_id=match_id,
                by=viewer(),
                seen_version=form.version.data,
                reason=DeclineReason(form.reason.data),
                note=form.note.data or "",
            )
    except BadInput as wrong:
        form.note.errors = [str(wrong)]
        return _proposal_page(_found(match_id), form), 422
    flash(_("Declined. These two will not be proposed again."), "success")
    return redirect(url_for("coordinator.proposals"))


@blueprint.post("/proposals/approve")
@requires(Permission.DECIDE_PROPOSALS)
def approve_chosen() -> ResponseReturnValue:
    """Approve every ticked proposal, each on its own: one that no longer holds does not stop the others."""
    chosen = request.form.getlist("proposal")[:MOST_AT_ONCE]
    failures = [failure for choice in chosen if (failure := _approve_one(choice))]
    done = len(chosen) - len(failures)
    if done:
        flash(ngettext("%(num)d proposal approved.", "%(num)d proposals approved.", done), "success")
    # A message travels in the cookie, so it names nobody: docs/threats.md, W7.
    for failure, times in Counter(failures).items():
        flash(
            ngettext("One was not approved: %(why)s", "%(num)d were not approved: %(why)s", times, why=failure),
            "warning",
        )
    if not chosen:
        flash(_("Tick the proposals you have read first."), "warning")
    return redirect(url_for("coordinator.proposals"))


def _approve_one(choice: str) -> str | None:
    """Approve `id:version`; return what went wrong, in words."""
    match_id, _colon, version = choice.partition(":")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        return str(_("One choice could not be read."))
    try:
        with transaction():
            match_actions.approve(match_id=match_id, by=viewer(), seen_version=int(version))
    except VestkaError as failure:
        return str(failure)
    return None


def _exact_loss(match: Match) -> reasons.Loss | NoFigure | None:
    """What the runner-up would cost, whoever they are: a figure gives nobody away."""
    following = reasons.runner_up(match.run_id, match.prisoner_id)
    if following is None or following.sponsor_id is None or match.state is not MatchState.PROPOSED:
        return None
    return exact_loss(match.prisoner_id, following.sponsor_id, kind=match.kind, day=today())


def _proposal_page(match: Match, form: DeclineForm, *, exact: reasons.Loss | NoFigure | None = None) -> str:
    form.version.data = match.version
    mail = desk.offer_mail(match.id)
    found = reasons.of_proposal(viewer(), match, day=today())
    return render_template(
        "coordinator/proposal.html",
        match=match,
        terms=named_terms(match.terms),
        urgency=named_urgency(found.urgency),
        reasons=found,
        next_loss=at_least(found.next_best.loss_at_least) if found.next_best else None,
        next_scarce=scarce_words(found.next_best.reasons) if found.next_best else [],
        beside=side_by_side(match, found.next_best),
        exact=exactly(exact) if exact is not None else None,
        carried=matches.carried_by(match.sponsor_id),
        supporters=matches.supporters_of(match.prisoner_id, match.kind),
        mail=mail,
        may_take_back=match.state is MatchState.APPROVED and mail is not None and mail.state in UNSENT,
        form=form,
    )


def _found(match_id: str) -> Match:
    match = matches.for_coordinator(viewer(), match_id)
    if match is None:
        raise NotFound("There is no such match.")
    return match


def _seen_version() -> int:
    form = VersionForm()
    if not form.validate():
        raise Conflict(_("The page was out of date. Look again, then decide."))
    version: int = form.version.data
    return version


def _approved_words() -> str:
    seconds = current_settings().offer_hold_seconds
    if not seconds:
        return str(_("Approved. The sponsor is told by mail."))
    text = _("Approved. The mail goes out in %(seconds)d seconds; until then you can take it back.", seconds=seconds)
    return str(text)


def _filter() -> ProposalFilter:
    tier, kind = request.args.get("tier", ""), request.args.get("kind", "")
    return ProposalFilter(
        tiers=TIER_CHOICES.get(tier, ()),
        kind=SupportKind(kind) if kind in list(SupportKind) else None,
    )
