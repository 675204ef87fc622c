"""Quarantined rows: those that wait, each clash beside the people it may be about, and the decisions."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import quarantine as quarantine_actions
from app.errors import Conflict, NotFound
from app.models import QuarantinedRow
from app.permissions import Permission
from app.queries import desk
from app.queries import quarantine as queries
from app.queries.quarantine import Possible, person_of
from app.transaction import transaction
from app.vocabulary import LeaveOutReason, QuarantineState
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.import_rows import person_row
from app.web.coordinator.import_words import CLASH_LABELS
from app.web.coordinator.quarantine_forms import LEAVE_OUT, DecideForm
from app.web.coordinator.quarantine_rows import Matter, matter, rows_beside_one_another
from app.web.paging import page_number


@blueprint.get("/quarantine")
@requires(Permission.IMPORT_PRISONERS)
def quarantine() -> ResponseReturnValue:
    """The rows that wait for a person, and the last decisions."""
    page = queries.waiting(viewer(), number=page_number())
    rows = [(row, person_row(person_of(row), why=str(CLASH_LABELS.get(row.clash, row.clash)))) for row in page.items]
    return render_template(
        "coordinator/quarantine.html", page=page, rows=rows, decisions=queries.last_decisions(viewer())
    )


@blueprint.get("/quarantine/<group_id>")
@requires(Permission.IMPORT_PRISONERS)
def quarantine_group(group_id: str) -> ResponseReturnValue:
    """The rows of one clash beside the people they may be."""
    return _group_page(group_id)


@blueprint.post("/quarantine/rows/<row_id>/decide")
@requires(Permission.IMPORT_PRISONERS)
def decide_row(row_id: str) -> ResponseReturnValue:
    """Do what the coordinator decided about one row, and remember it."""
    row = _found(row_id)
    group_id, form = row.group_id, DecideForm()
    if row.state is not QuarantineState.WAITING:
        raise Conflict(_("Somebody has decided about this row already."))
    if not form.validate():
        return _group_page(group_id, failed=(row_id, form)), 422
    with transaction():
        _decide(row_id, form)
    flash(_("Decided, and remembered for the next list."), "success")
    left = any(other.state is QuarantineState.WAITING for other in queries.group(viewer(), group_id))
    return redirect(
        url_for("coordinator.quarantine_group", group_id=group_id) if left else url_for("coordinator.quarantine")
    )


@blueprint.post("/quarantine/rows/<row_id>/forget")
@requires(Permission.IMPORT_PRISONERS)
def forget_decision(row_id: str) -> ResponseReturnValue:
    """Forget a decision: the row waits again once a list brings it."""
    with transaction():
        quarantine_actions.forget(row_id, by=viewer())
    flash(_("Forgotten. The row waits again once a list brings it."), "success")
    return redirect(url_for("coordinator.quarantine"))


def _decide(row_id: str, form: DecideForm) -> None:
    by, seen, whom = viewer(), form.version.data, form.chosen()
    if form.decision.data == LEAVE_OUT:
        quarantine_actions.leave_out(row_id, reason=LeaveOutReason(form.reason.data), by=by, seen_version=seen)
    elif whom is None:
        quarantine_actions.new_person(row_id, by=by, seen_version=seen, seen_people=form.seen.data)
    else:
        prisoner_id, version = whom
        quarantine_actions.same_person(
            row_id, prisoner_id=prisoner_id, by=by, seen_version=seen, seen_prisoner_version=version
        )


def _found(row_id: str) -> QuarantinedRow:
    row = queries.find(viewer(), row_id)
    if row is None:
        raise NotFound("There is no such row.")
    return row


def _group_page(group_id: str, *, failed: tuple[str, DecideForm] | None = None) -> str:
    """The page of a clash; `failed` is a row's form that has to be filled in again."""
    rows = queries.group(viewer(), group_id)
    if not rows:
        raise NotFound("There is no such clash.")
    waiting = [row for row in rows if row.state is QuarantineState.WAITING]
    searched = request.args.get("q", "")[:80]
    looked_for = queries.people([prisoner.id for prisoner in desk.prisoners_named(viewer(), searched)])
    forms = dict([failed] if failed else [])
    return render_template(
        "coordinator/quarantine_group.html",
        group_id=group_id,
        rows=rows_beside_one_another(waiting),
        matters=[_matter(row, looked_for, forms.get(row.id)) for row in waiting],
        decided=[row for row in rows if row.state is not QuarantineState.WAITING],
        failed=failed[1] if failed else None,
        searched=searched,
        found=len(looked_for),
    )


def _matter(row: QuarantinedRow, looked_for: list[Possible], form: DecideForm | None) -> Matter:
    possible = queries.possible(row)
    shown = {one.held.key: one for one in (*looked_for, *possible)}
    form = form or DecideForm(formdata=None)
    form.version.data, form.seen.data = row.version, quarantine_actions.digest_of(possible)
    whom = [*possible, *(one for key, one in shown.items() if one not in possible)]
    return matter(row, quarantine_actions.foreseen(row, whom, by=viewer()), form)
