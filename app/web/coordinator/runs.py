"""Runs of the matching: at once where they take no longer than a page should, else by the worker, step by step."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import matching_tasks as task_actions
from app.actions import runs
from app.clock import today
from app.errors import NotFound
from app.permissions import Permission, allowed
from app.queries import matching_tasks
from app.transaction import transaction
from app.vocabulary import SupportKind
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.forms import RunForm
from app.web.progress import RUN_STAGES, progress_of


@blueprint.post("/runs")
@requires(Permission.RUN_MATCHING)
def run_matching() -> ResponseReturnValue:
    """Run the matching for one kind of support. Whoever asks while such a run is under way is led to that one."""
    form = RunForm()
    if not form.validate():
        return redirect(url_for("coordinator.desk"))
    kind = SupportKind(form.kind.data)
    under_way = matching_tasks.runs_under_way().get(kind)
    if under_way:
        flash(_("A run for this kind of support is under way already."), "info")
        return redirect(url_for("coordinator.run_progress", task_id=under_way.id))
    return _ask_worker(kind) if matching_tasks.is_large(kind) else _run_now(kind)


@blueprint.get("/runs/<task_id>")
@requires(Permission.RUN_MATCHING)
def run_progress(task_id: str) -> ResponseReturnValue:
    """How far a run is that the worker was asked for."""
    task = matching_tasks.run(task_id)
    if task is None or task.kind is None:
        raise NotFound("There is no such run.")
    return render_template(
        "coordinator/run.html",
        task=task,
        progress=progress_of(task, RUN_STAGES),
        decides=allowed(viewer(), Permission.DECIDE_PROPOSALS),
        form=RunForm(formdata=None, kind=task.kind.value),
    )


def _ask_worker(kind: SupportKind) -> ResponseReturnValue:
    with transaction():
        task_id = task_actions.ask_for_run(kind, by=viewer())
    return redirect(url_for("coordinator.run_progress", task_id=task_id))


def _run_now(kind: SupportKind) -> ResponseReturnValue:
    computed = runs.compute(kind, today())
    with transaction():
        runs.store(computed, by=viewer())
    # How many the run made in all is the whole programme's; the list below holds this coordinator's.
    made = _("The matching is done. What waits for you stands in the list.")
    flash(made if computed.plan.pairs else _("The matching is done. No pair is possible now."), "success")
    decides = allowed(viewer(), Permission.DECIDE_PROPOSALS)
    return redirect(url_for("coordinator.proposals" if decides else "coordinator.desk"))
