"""Texts: the list, the page to write one on with its preview, its versions, and the way back to an earlier one."""

from itertools import zip_longest

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import texts as text_actions
from app.errors import InvalidText, NotFound, StaleRecord
from app.permissions import Permission
from app.queries import texts
from app.queries.texts import TextKey, Version
from app.transaction import transaction
from app.vocabulary import TextFamily
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.texts.forms import RestoreForm, TextForm, part_labels, text_form
from app.web.coordinator.texts.shown import Open, opened, text_rows
from app.web.sponsor.letters import TEMPLATE_NAMES

TEXT = "/texts/<family>/<name>/<language>"


@blueprint.get("/texts")
@requires(Permission.EDIT_TEXTS)
def all_texts() -> ResponseReturnValue:
    """Every text that can be edited: which are, by whom, since when."""
    return render_template("coordinator/texts.html", rows=text_rows(), names=TEMPLATE_NAMES)


@blueprint.get(TEXT)
@requires(Permission.EDIT_TEXTS)
def text(family: str, name: str, language: str) -> ResponseReturnValue:
    """The page to write one text on, beginning with the words in force."""
    found = _opened(family, name, language)
    form = text_form(found.key, found.words(language), seen_number=found.number, formdata=None)
    return _form_page(found, form)


@blueprint.post(TEXT)
@requires(Permission.EDIT_TEXTS)
def save_text(family: str, name: str, language: str) -> ResponseReturnValue:
    """Show how what was written looks, or put it into force as a new version."""
    found = _opened(family, name, language)
    form = text_form(found.key, {}, seen_number=found.number)
    if not form.validate():
        abort(400)
    if request.form.get("act") == "preview":
        form.show(text_actions.problems_of(found.key, form.parts, by=viewer()))
        return _form_page(found, form, previewed=True)
    try:
        with transaction():
            number = text_actions.save(key=found.key, parts=form.parts, by=viewer(), seen_number=form.version.data)
    except InvalidText as wrong:
        form.show(wrong.problems)
        return _form_page(found, form), 422
    except StaleRecord:
        return _stale_page(_opened(family, name, language), form), 409
    changed = number != form.version.data
    flash(_saved(found) if changed else _("Nothing differs from the words in force."), "success" if changed else "info")
    return redirect(url_for("coordinator.all_texts"))


@blueprint.get(f"{TEXT}/versions")
@requires(Permission.EDIT_TEXTS)
def text_versions(family: str, name: str, language: str) -> ResponseReturnValue:
    """All versions of one text, and one of them to read."""
    found = _opened(family, name, language)
    versions = texts.versions_of(found.key)
    return render_template(
        "coordinator/text_versions.html",
        found=found,
        names=TEMPLATE_NAMES,
        versions=[(version, _changed(found, version, before)) for version, before in _with_before(versions)],
        shown=_shown(versions),
        labels=part_labels(found.key),
        form=RestoreForm(formdata=None, version=found.number),
    )


@blueprint.post(f"{TEXT}/versions")
@requires(Permission.EDIT_TEXTS)
def restore_text(family: str, name: str, language: str) -> ResponseReturnValue:
    """Go back to an earlier version, or to what is built in; either is a new version."""
    found, form = _opened(family, name, language), RestoreForm()
    if not form.validate():
        abort(400)
    try:
        with transaction():
            text_actions.go_back(key=found.key, number=form.number.data, by=viewer(), seen_number=form.version.data)
    except InvalidText as wrong:
        return _no_longer_fit(found, form.number.data, wrong), 422
    flash(_saved(found), "success")
    return redirect(url_for("coordinator.all_texts"))


def _no_longer_fit(found: Open, number: int, wrong: InvalidText) -> str:
    """An earlier version that holds what is no longer allowed, to be mended and saved."""
    earlier = texts.version_of(found.key, number)
    form = text_form(found.key, (earlier.parts if earlier else None) or {}, seen_number=found.number, formdata=None)
    form.show(wrong.problems)
    return _form_page(found, form)


def _opened(family: str, name: str, language: str) -> Open:
    if family not in list(TextFamily):
        raise NotFound("There is no such text.")
    key = TextKey(TextFamily(family), name, language)
    if not text_actions.is_known(key):
        raise NotFound("There is no such text.")
    return opened(key)


def _saved(found: Open) -> str:
    if found.is_mail:
        return str(_("Saved. Every mail that goes from now on has these words; those that went stay as they were."))
    return str(_("Saved. Whoever begins a letter from now on begins with these words."))


def _form_page(found: Open, form: TextForm, *, previewed: bool = False) -> str:
    return render_template(
        "coordinator/text.html",
        found=found,
        names=TEMPLATE_NAMES,
        form=form,
        previews=found.previews(form.parts) if previewed else [],
    )


def _stale_page(found: Open, form: TextForm) -> str:
    """What was written beside what somebody else has saved meanwhile; saving again now is a decision."""
    form.has_seen(found.number)
    return render_template(
        "coordinator/text.html",
        found=found,
        names=TEMPLATE_NAMES,
        form=form,
        previews=[],
        theirs=found.words(found.key.language),
        labels=part_labels(found.key),
    )


def _shown(versions: list[Version]) -> Version | None:
    """The version that the address asks for; None where it asks for none."""
    wanted = request.args.get("number")
    if wanted is None:
        return None
    found = next((version for version in versions if str(version.number) == wanted), None)
    if found is None:
        raise NotFound("There is no such version.")
    return found


def _with_before(versions: list[Version]) -> list[tuple[Version, Version | None]]:
    """Each version with the one before it, newest first."""
    return list(zip_longest(versions, versions[1:]))


def _changed(found: Open, version: Version, before: Version | None) -> list[str]:
    """The names of the parts that a version changed."""
    built_in = found.built_in(version.key.language)
    new, old = version.parts or built_in, (before.parts if before else None) or built_in
    return [part for part in built_in if new.get(part) != old.get(part)]
