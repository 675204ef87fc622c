"""The desk: what needs this coordinator today, and the button that runs the matching."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.models import MatchingTask
from app.permissions import Permission, allowed
from app.queries import alone as alone_queries
from app.queries import desk as desk_queries
from app.queries import handed_back, mail_health, matches, matching_tasks, quarantine
from app.queries.desk import LastRun
from app.vocabulary import SupportKind
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.forms import RunForm
from app.web.coordinator.rows import proposal_rows

FIRST = 5
"""How many proposals the desk itself shows."""


@blueprint.get("")
@requires(Permission.SEE_DESK)
def desk() -> ResponseReturnValue:
    """What needs this coordinator today, each number leading to its list."""
    decides, runs_matching = _may(Permission.DECIDE_PROPOSALS), _may(Permission.RUN_MATCHING)
    first = matches.most_urgent(viewer(), count=FIRST) if decides else []
    return render_template(
        "coordinator/desk.html",
        today=desk_queries.today(viewer()) if decides else None,
        proposals=proposal_rows(first),
        offers=desk_queries.unanswered_offers(viewer()) if decides else [],
        handed_back=handed_back.newest(viewer()) if decides else [],
        runs=_run_rows() if runs_matching else [],
        form=RunForm() if runs_matching else None,
        quarantined=quarantine.number_waiting(viewer()) if _may(Permission.IMPORT_PRISONERS) else None,
        mail_problems=mail_health.signs().problems if _may(Permission.WATCH_MAIL) else None,
        alone=alone_queries.counts(viewer()) if decides else {},
    )


def _run_rows() -> list[tuple[SupportKind, LastRun | None, MatchingTask | None]]:
    """Of each kind its last run, and the run that is under way."""
    last, under_way = desk_queries.last_runs(), matching_tasks.runs_under_way()
    return [(kind, last.get(kind), under_way.get(kind)) for kind in SupportKind]


def _may(permission: Permission) -> bool:
    return allowed(viewer(), permission)
