"""Why not that one: a prisoner and any sponsor whom the coordinator thinks of; and whoever the last run left alone."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.clock import today
from app.errors import NotFound
from app.models import Prisoner, Sponsor
from app.permissions import EVERYWHERE, Permission
from app.queries import alone as alone_queries
from app.queries import desk, reasons
from app.queries.exact import exact_loss
from app.vocabulary import SupportKind
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.reason_words import RULE_LABELS, WHAT_CHANGES, at_least, exactly, scarce_words, what_changes
from app.web.coordinator.rows import named_terms, named_urgency
from app.web.paging import page_number

REASONS_IN_A_ROW = 3


@blueprint.get("/prisoners/<prisoner_id>/why-not")
@requires(Permission.DECIDE_PROPOSALS)
def why_not(prisoner_id: str) -> ResponseReturnValue:
    """Find the sponsor to ask about, among those of the coordinator's regions."""
    searched = request.args.get("q", "").strip()[:80]
    return render_template(
        "coordinator/why_not.html",
        prisoner=_prisoner(prisoner_id),
        searched=searched,
        found=reasons.sponsors_named(viewer(), searched),
        few=reasons.FEW,
    )


@blueprint.get("/prisoners/<prisoner_id>/why-not/<sponsor_id>")
@requires(Permission.DECIDE_PROPOSALS)
def why_not_pair(prisoner_id: str, sponsor_id: str) -> ResponseReturnValue:
    """The first hard rule that forbids a pair, or what it would cost; with `exact` what it would cost exactly."""
    exact = None
    if "exact" in request.args:
        _prisoner(prisoner_id)
        exact = exact_loss(prisoner_id, sponsor_id, kind=_sponsor(sponsor_id).support_kind, day=today())
    prisoner, sponsor = _prisoner(prisoner_id), _sponsor(sponsor_id)
    found = reasons.of_pair(prisoner.id, sponsor.id, day=today())
    return render_template(
        "coordinator/why_not_pair.html",
        prisoner=prisoner,
        sponsor=sponsor,
        reasons=found,
        exact=exactly(exact) if exact is not None else None,
        terms=named_terms(found.now.terms),
        urgency=named_urgency(found.now.vulnerability),
        changes=what_changes(found.now.rule.name) if found.now.rule else None,
        scarce=scarce_words(found),
        loss=_loss_words(found),
    )


def _loss_words(found: reasons.PairReasons) -> str | None:
    loss = found.then.explanation.loss_at_least if found.then else None
    return at_least(loss) if loss is not None else None


@blueprint.get("/alone")
@requires(Permission.DECIDE_PROPOSALS)
def alone() -> ResponseReturnValue:
    """Prisoners of the caseload whom the last run left alone, the most urgent first, and what keeps sponsors away."""
    counts = alone_queries.counts(viewer())
    asked, tier = request.args.get("kind", ""), request.args.get("tier", "")
    kind = SupportKind(asked) if asked in list(SupportKind) else next(iter(counts), next(iter(SupportKind)))
    narrowed = int(tier) if tier in {str(number) for number in range(6)} else None
    listed = alone_queries.listed(viewer(), kind, number=page_number(), tier=narrowed)
    return render_template(
        "coordinator/alone.html",
        listed=listed,
        rows=[_alone_row(row) for row in listed.page.items] if listed else [],
        kinds=[(each, counts.get(each)) for each in SupportKind],
        kind=kind,
        tier=narrowed,
        everywhere=EVERYWHERE in viewer().regions,
    )


def _alone_row(row: alone_queries.AloneRow) -> dict[str, Any]:
    """A row with its reasons in words: the few rules that keep most away, and what would change the first that may."""
    most = list(row.ruled_out.items())[:REASONS_IN_A_ROW]
    held = ["held"] if row.is_held else []  # asked last, though nothing else would help
    changeable = held + [name for name in row.ruled_out if name in WHAT_CHANGES]
    return {
        "of": row,
        "rules": [(RULE_LABELS.get(name, name), count) for name, count in most],
        "others": sum(row.ruled_out.values()) - sum(count for _name, count in most),
        "changes": what_changes((changeable or list(row.ruled_out))[0]) if row.ruled_out else None,
    }


def _prisoner(prisoner_id: str) -> Prisoner:
    found = desk.prisoner(viewer(), prisoner_id)
    if found is None:
        raise NotFound("There is no such prisoner.")
    return found


def _sponsor(sponsor_id: str) -> Sponsor:
    found = desk.sponsor(viewer(), sponsor_id)
    if found is None:
        raise NotFound("There is no such sponsor.")
    return found
