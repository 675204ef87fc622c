"""Exports: ask for one, decide on somebody else's, download one's own once.

Every act here takes people's data out of the house.
"""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.actions import exports as export_actions
from app.clock import today
from app.errors import BadInput, NotFound
from app.models import PERSONS_ALONE
from app.permissions import Permission, allowed
from app.queries import exports as queries
from app.transaction import transaction
from app.watch_words import ExportSubject
from app.web.access import password_again, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.labels import choices
from app.web.paging import page_number
from app.web.text import clean_line


class ExportForm(FlaskForm):
    """What is to be in the file, and what it is for."""

    subject = RadioField(
        _l("What do you need?"), choices=choices(ExportSubject), validators=[InputRequired(_l("Choose one."))]
    )
    reason = StringField(
        _l("What is it for?"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Write a few words, so that a colleague can decide.")),
            Length(max=export_actions.LONGEST_REASON),
        ],
        description=_l("A colleague reads this. Name no prisoner and no sponsor."),
    )


@blueprint.get("/exports")
@requires(Permission.EXPORT)
@password_again
def exports() -> ResponseReturnValue:
    """What was asked for, and the form to ask for more."""
    return _page(ExportForm())


@blueprint.post("/exports")
@requires(Permission.EXPORT)
@password_again
def ask_export() -> ResponseReturnValue:
    """Ask for a file; a large one waits for a colleague."""
    form = ExportForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            export_actions.ask(subject=ExportSubject(form.subject.data), reason=form.reason.data or "", by=viewer())
    except BadInput as wrong:
        form.form_errors.append(str(wrong))
        return _page(form), 422
    flash(_("Asked. The administrators are told."), "success")
    return redirect(url_for("coordinator.exports"))


@blueprint.post("/exports/<export_id>/approve")
@requires(Permission.DECIDE_EXPORTS)
@password_again
def approve_export(export_id: str) -> ResponseReturnValue:
    """Let a colleague download what they asked for."""
    with transaction():
        export_actions.approve(export_id=export_id, by=viewer())
    flash(_("Approved. They can download it once, within a day."), "success")
    return redirect(url_for("coordinator.exports"))


@blueprint.post("/exports/<export_id>/decline")
@requires(Permission.DECIDE_EXPORTS)
def decline_export(export_id: str) -> ResponseReturnValue:
    """Do not let them."""
    with transaction():
        export_actions.decline(export_id=export_id, by=viewer())
    flash(_("Declined. Nothing was exported."), "success")
    return redirect(url_for("coordinator.exports"))


@blueprint.post("/exports/<export_id>/download")
@requires(Permission.EXPORT)
@password_again
def download_export(export_id: str) -> ResponseReturnValue:
    """The file, made now and kept nowhere."""
    wanted = queries.find(viewer(), export_id, decides=False)
    if wanted is None:
        raise NotFound("There is no such export.")
    name = f"vestka-{wanted.subject}-{today()}.csv"
    with transaction():
        file = export_actions.download(export_id=export_id, by=viewer())
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(file, mimetype="text/csv", headers=headers)


def _page(form: ExportForm) -> str:
    decides = allowed(viewer(), Permission.DECIDE_EXPORTS)
    page = queries.listed(viewer(), decides=decides, number=page_number())
    return render_template(
        "coordinator/exports.html",
        form=form,
        page=page,
        decides=decides,
        open_until={one.id: queries.open_until(one) for one in page.items if queries.is_open(one)},
        alone=PERSONS_ALONE,
    )
