"""Imports: upload a list, read what it would change, apply exactly that."""

from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import uploads
from app.actions.uploads import Preview, Unexplained
from app.errors import BadInput, NotFound, StaleRecord
from app.models import ImportUpload
from app.permissions import Permission, allowed
from app.queries import uploads as upload_queries
from app.transaction import transaction
from app.web.access import current_viewer, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.import_forms import ApplyForm, MappingForm, UploadForm, mapping_form
from app.web.coordinator.import_rows import SECTIONS, shown_page
from app.web.coordinator.import_words import COUNT_LABELS
from app.web.paging import page_number

MAX_UPLOAD_BYTES: Final = 30_000_000
"""The largest list that a browser may send. Every other request keeps the site's small limit."""


@blueprint.url_value_preprocessor
def let_lists_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the limit before anything reads the form, and only for whoever may import: a body is read to its end
    before its sender is turned away."""
    if endpoint == f"{blueprint.name}.upload" and allowed(current_viewer(), Permission.IMPORT_PRISONERS):
        request.max_content_length = MAX_UPLOAD_BYTES


@blueprint.get("/imports")
@requires(Permission.IMPORT_PRISONERS)
def imports() -> ResponseReturnValue:
    """Upload a list; those that wait for a decision, and the last ones that were applied."""
    _forget_expired()
    return _imports_page(UploadForm())


@blueprint.post("/imports")
@requires(Permission.IMPORT_PRISONERS)
def upload() -> ResponseReturnValue:
    """Keep a list that can be read, and show what it would change; a broken file is refused and not kept."""
    form = UploadForm()
    if not form.validate():
        return _imports_page(form), 422
    content, filename = form.file.data.read(), form.file.data.filename
    try:
        mapping = uploads.read_mapping_file(form.mapping.data.stream) if form.mapping.data else None
    except BadInput as wrong:
        form.mapping.errors = [str(wrong)]
        return _imports_page(form), 422
    options = form.list_options(mapping=mapping)
    try:
        uploads.check(content, filename=filename, options=options)
        with transaction():
            upload_id = uploads.keep(content, filename=filename, options=options, by=viewer())
    except BadInput as wrong:
        form.file.errors = [str(wrong)]
        return _imports_page(form), 422
    return redirect(url_for("coordinator.import_preview", upload_id=upload_id))


@blueprint.get("/imports/<upload_id>")
@requires(Permission.IMPORT_PRISONERS)
def import_preview(upload_id: str) -> ResponseReturnValue:
    """What applying the list would do: counts, and one section's rows, page by page."""
    _forget_expired()
    found = _found(upload_id)
    read = uploads.preview(found, by=viewer())
    if isinstance(read, Unexplained):
        return redirect(url_for("coordinator.import_mapping", upload_id=upload_id))
    return _preview_page(found, read)


@blueprint.get("/imports/<upload_id>/mapping")
@requires(Permission.IMPORT_PRISONERS)
def import_mapping(upload_id: str) -> ResponseReturnValue:
    """Ask what the headings of an unknown list mean."""
    found = _found(upload_id)
    return _mapping_page(found, _mapping_form(found))


@blueprint.post("/imports/<upload_id>/mapping")
@requires(Permission.IMPORT_PRISONERS)
def explain_headings(upload_id: str) -> ResponseReturnValue:
    """Keep what the headings mean, and show what the list would change so."""
    found = _found(upload_id)
    form = _mapping_form(found)
    if not form.validate():
        return _mapping_page(found, form), 422
    try:
        options = uploads.explained(found, form.mapping())
    except BadInput as wrong:
        form.form_errors.append(str(wrong))
        return _mapping_page(found, form), 422
    with transaction():
        uploads.change_options(upload_id, options, by=viewer())
    return redirect(url_for("coordinator.import_preview", upload_id=upload_id))


@blueprint.post("/imports/<upload_id>/apply")
@requires(Permission.IMPORT_PRISONERS)
def apply_import(upload_id: str) -> ResponseReturnValue:
    """Apply what was shown, all of it or nothing; where the records changed meanwhile, show it afresh."""
    found = _found(upload_id)
    read, form = uploads.preview(found, by=viewer()), ApplyForm()
    if isinstance(read, Unexplained):
        return redirect(url_for("coordinator.import_mapping", upload_id=upload_id))
    if not form.validate():
        return _preview_page(found, read), 422
    try:
        with transaction():
            done = uploads.apply(upload_id, read=read.order, seen_digest=form.digest.data, by=viewer())
    except StaleRecord as stale:
        return _fresh_preview(upload_id, str(stale))
    counts = done.counts()
    text = _("Applied. New people: %(new)s. Changed: %(changed)s.", new=counts["new"], changed=counts["changed"])
    flash(text, "success")
    return redirect(url_for("coordinator.imports"))


@blueprint.post("/imports/<upload_id>/throw-away")
@requires(Permission.IMPORT_PRISONERS)
def throw_away_import(upload_id: str) -> ResponseReturnValue:
    """Forget a list without applying it."""
    with transaction():
        uploads.throw_away(upload_id, by=viewer())
    flash(_("Thrown away. Nothing was changed."), "success")
    return redirect(url_for("coordinator.imports"))


def _forget_expired() -> None:
    if upload_queries.any_expired():
        with transaction():
            uploads.forget_expired()


def _found(upload_id: str) -> ImportUpload:
    found = upload_queries.find(viewer(), upload_id)
    if found is None:
        raise NotFound("There is no such upload.")
    return found


def _imports_page(form: UploadForm) -> str:
    return render_template(
        "coordinator/imports.html",
        form=form,
        waiting=upload_queries.waiting(viewer()),
        applied=upload_queries.last_imports(),
    )


def _preview_page(found: ImportUpload, read: Preview, *, warning: str | None = None) -> str:
    wanted = request.args.get("show", "")
    section = wanted if wanted in SECTIONS else next((name for name in SECTIONS if getattr(read, name)), SECTIONS[0])
    skipped = read.counts["skipped"]
    return render_template(
        "coordinator/import.html",
        upload=found,
        staged=read.order.staged,
        country=read.order.country,
        counts={name: len(getattr(read, name)) for name in SECTIONS},
        waiting=read.waiting,
        rows=read.counts["rows"],
        unchanged=read.counts["unchanged"],
        skipped=[(COUNT_LABELS[name], number) for name, number in skipped.items() if number],
        publicity=read.order.publicity,
        basis=read.order.basis,
        mapped=found.options["mapping"] is not None,
        section=section,
        page=shown_page(read, section, number=page_number()),
        form=ApplyForm(formdata=None, digest=read.digest) if read.does_something else None,
        warning=warning,
        kept_until=found.uploaded_at + upload_queries.KEPT_FOR,
    )


def _fresh_preview(upload_id: str, warning: str) -> ResponseReturnValue:
    """The preview of the records as they are now, with 409 for the one that no longer holds."""
    found = _found(upload_id)
    read = uploads.preview(found, by=viewer())
    if isinstance(read, Unexplained):
        return redirect(url_for("coordinator.import_mapping", upload_id=upload_id))
    return _preview_page(found, read, warning=warning), 409


def _mapping_form(found: ImportUpload) -> MappingForm:
    unknown = uploads.unexplained(found)
    if unknown is None:
        raise NotFound("This list's headings are known.")
    return mapping_form(unknown.headings, known=found.options["mapping"] or {})


def _mapping_page(found: ImportUpload, form: MappingForm) -> str:
    return render_template("coordinator/import_mapping.html", upload=found, form=form)
