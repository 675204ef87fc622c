"""The policy: the one in force and those before it, a changed one with its dry run, and putting that into force."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import matching_tasks as task_actions
from app.actions import policies as policy_actions
from app.clock import today
from app.errors import BadInput, Conflict, NotFound
from app.permissions import Permission
from app.queries import dry_runs, matching_tasks, policies
from app.queries.policies import Version
from app.transaction import transaction
from app.vocabulary import SupportKind
from app.web.access import requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.admin.policy_forms import PolicyForm, policy_form
from app.web.admin.policy_rows import changed_rows, number_groups, people_tables
from app.web.admin.policy_words import GROUPS, NUMBER_LABELS
from app.web.progress import DRY_RUN_STAGES, progress_of


@blueprint.get("/policy")
@requires(Permission.SET_POLICY)
def policy() -> ResponseReturnValue:
    """The policy in force, or an earlier version, with every number; and all versions."""
    versions = policies.versions()
    in_force, shown = versions[0], _shown(versions)
    return render_template(
        "admin/policy.html",
        shown=shown,
        in_force=in_force,
        groups=number_groups(shown.numbers, in_force.numbers),
        versions=versions,
        labels=NUMBER_LABELS,
        form=policy_form(shown.numbers, seen_version=in_force.number, formdata=None),
    )


@blueprint.get("/policy/change")
@requires(Permission.SET_POLICY)
def change_policy() -> ResponseReturnValue:
    """Write a changed policy, beginning with the one in force."""
    in_force = policies.versions()[0]
    return _form_page(policy_form(in_force.numbers, seen_version=in_force.number), in_force)


@blueprint.post("/policy/change")
@requires(Permission.SET_POLICY)
def change_policy_further() -> ResponseReturnValue:
    """Go on writing the policy that was compared."""
    form, in_force = _sent_form()
    return _form_page(form, in_force)


@blueprint.post("/policy/compare")
@requires(Permission.SET_POLICY)
def compare_policy() -> ResponseReturnValue:
    """The dry run: what the changed policy would do, beside the one in force, on today's data. Writes nothing."""
    form, in_force = _sent_form()
    if not form.check(in_force):
        return _form_page(form, in_force), 422
    if not changed_rows(form.numbers(), in_force.numbers):
        form.form_errors.append(_("Nothing differs from the policy in force. Change a number first."))
        return _form_page(form, in_force), 422
    written = policies.written(form.numbers())
    if any(matching_tasks.is_large(kind) for kind in SupportKind):
        with transaction():
            task_id = task_actions.ask_for_dry_run(written, by=viewer())
        return redirect(url_for("admin.dry_run", task_id=task_id))
    found = {kind.value: dry_runs.plain(kind, today(), written) for kind in SupportKind}
    return _comparison_page(form, in_force, found)


@blueprint.get("/policy/dry-runs/<task_id>")
@requires(Permission.SET_POLICY)
def dry_run(task_id: str) -> ResponseReturnValue:
    """A dry run that the worker was asked for, since it takes longer than a page should: how far, or its answer."""
    task = matching_tasks.dry_run(viewer(), task_id)
    if task is None:
        raise NotFound("There is no such dry run.")
    in_force, found = policies.versions()[0], task.found
    beside = found["version"] if found else in_force.number
    form = policy_form(matching_tasks.numbers_of(task), seen_version=beside, formdata=None)
    if found and beside == in_force.number:
        return _comparison_page(form, in_force, found["kinds"])
    progress = progress_of(task, DRY_RUN_STAGES)
    return render_template("admin/dry_run.html", task=task, progress=progress, form=form)


@blueprint.post("/policy")
@requires(Permission.SET_POLICY)
def put_policy() -> ResponseReturnValue:
    """Put the policy that was compared into force, as a new version."""
    in_force = policies.versions()[0]
    form = policy_form(in_force.numbers, seen_version=in_force.number)
    try:
        written = policies.written(form.numbers()) if form.validate() else None
    except BadInput:
        written = None
    if written is None:
        raise Conflict(_("The page was out of date. Compare again, then decide."))
    with transaction():
        version = policy_actions.put_into_force(written, by=viewer(), seen_version=form.version.data)
    flash(_("Version %(number)d is in force. The next run of the matching follows it.", number=version), "success")
    return redirect(url_for("admin.policy"))


def _sent_form() -> tuple[PolicyForm, Version]:
    """What was sent, as a change of the policy in force, and that one; what came into force meanwhile stands.

    Raises Conflict for a form that began with no version we have.
    """
    versions = policies.versions()
    in_force = versions[0]
    form = policy_form(in_force.numbers, seen_version=in_force.number)
    begun_with = next((version for version in versions if version.number == form.version.data), None)
    if begun_with is None:
        raise Conflict(_("The page was out of date. Compare again, then decide."))
    if begun_with is not in_force:
        form.move_on(begun_with, in_force)
        text = _(
            "Version %(number)d has been put into force since you began. It stands, but for what you changed.",
            number=in_force.number,
        )
        flash(text, "warning")
    return form, in_force


def _shown(versions: list[Version]) -> Version:
    wanted = request.args.get("version")
    if wanted is None:
        return versions[0]
    found = next((version for version in versions if str(version.number) == wanted), None)
    if found is None:
        raise NotFound("There is no such version.")
    return found


def _comparison_page(form: PolicyForm, in_force: Version, found: Mapping[str, Mapping[str, Any]]) -> str:
    shown = [dry_runs.shown(kind, found[kind.value], viewer()) for kind in SupportKind]
    return render_template(
        "admin/policy_comparison.html",
        in_force=in_force,
        changed=changed_rows(form.numbers(), in_force.numbers),
        runs=[(run, people_tables(run)) for run in shown],
        form=form,
    )


def _form_page(form: PolicyForm, in_force: Version) -> str:
    groups = [(group, [form.number_field(place) for place in group.places(in_force.numbers)]) for group in GROUPS]
    return render_template("admin/policy_form.html", form=form, in_force=in_force, groups=groups)
