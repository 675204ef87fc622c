"""Contacts of a prisoner's family: listed without what is sealed, opened for a reason, shown once.

Only for whoever has the prisoner in their caseload. What opens, changes or removes one asks for the password again.
"""

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.actions import family_contacts as contact_actions
from app.actions.family_contacts import OpenedContact
from app.contact_words import OpeningReason
from app.errors import Conflict, NotFound
from app.models import Prisoner
from app.permissions import Permission
from app.queries import family_contacts
from app.queries.family_contacts import ContactRow
from app.retention import Category, period
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.contact_forms import ContactForm, OpeningForm
from app.web.forms import VersionForm

OF_PRISONER = "/prisoners/<prisoner_id>/contacts"
ONE = f"{OF_PRISONER}/<contact_id>"


@blueprint.get(OF_PRISONER)
@requires(Permission.FAMILY_CONTACTS)
def contacts(prisoner_id: str) -> ResponseReturnValue:
    """How many there are, of which kind, and since when."""
    return render_template(
        "coordinator/contacts.html",
        prisoner=_prisoner(prisoner_id),
        contacts=family_contacts.listed(prisoner_id),
        kept_days=period(Category.FAMILY_CONTACTS).days,
    )


@blueprint.get(f"{OF_PRISONER}/new")
@requires(Permission.FAMILY_CONTACTS)
def new_contact(prisoner_id: str) -> ResponseReturnValue:
    """The form for another one."""
    return _form_page(_held(prisoner_id), ContactForm())


@blueprint.post(f"{OF_PRISONER}/new")
@requires(Permission.FAMILY_CONTACTS)
def add_contact(prisoner_id: str) -> ResponseReturnValue:
    """Record it."""
    prisoner, form = _held(prisoner_id), ContactForm()
    if not form.validate():
        return _form_page(prisoner, form), 422
    with transaction():
        contact_actions.add(prisoner_id=prisoner_id, details=form.details(), by=viewer())
    flash(_("Recorded, and encrypted."), "success")
    return _back(prisoner_id)


@blueprint.get(ONE)
@requires(Permission.FAMILY_CONTACTS)
@password_again
def contact(prisoner_id: str, contact_id: str) -> ResponseReturnValue:
    """Ask why it is to be opened."""
    prisoner, row = _found(prisoner_id, contact_id)
    return render_template("coordinator/contact.html", prisoner=prisoner, contact=row, form=OpeningForm())


@blueprint.post(ONE)
@requires(Permission.FAMILY_CONTACTS)
@password_again
def open_contact(prisoner_id: str, contact_id: str) -> ResponseReturnValue:
    """Keep the reason, then show the contact: in this answer, and under no address that could be fetched again."""
    prisoner, row = _found(prisoner_id, contact_id)
    form = OpeningForm()
    if not form.validate():
        return render_template("coordinator/contact.html", prisoner=prisoner, contact=row, form=form), 422
    with transaction():
        opened = contact_actions.open_contact(
            prisoner_id=prisoner_id,
            contact_id=contact_id,
            by=viewer(),
            reason=OpeningReason(form.reason.data),
            words=form.words.data or "",
        )
    return render_template(
        "coordinator/contact_opened.html",
        prisoner=_prisoner(prisoner_id),
        contact=row,
        details=opened.details,
        form=_filled_in(opened),
    )


@blueprint.get(f"{ONE}/change")
@requires(Permission.FAMILY_CONTACTS)
def change_contact_later(prisoner_id: str, contact_id: str) -> ResponseReturnValue:
    """Where the page that asks for the password leads back to: what was typed is gone, so it is opened again."""
    _found(prisoner_id, contact_id)
    flash(_("Too much time had passed, so the correction was not saved. Open the contact again."), "warning")
    return redirect(url_for("coordinator.contact", prisoner_id=prisoner_id, contact_id=contact_id))


@blueprint.post(f"{ONE}/change")
@requires(Permission.FAMILY_CONTACTS)
@password_again
def change_contact(prisoner_id: str, contact_id: str) -> ResponseReturnValue:
    """Correct one that was opened."""
    prisoner, _row = _found(prisoner_id, contact_id)
    form = ContactForm()
    if not form.validate():
        return _form_page(prisoner, form, contact_id=contact_id), 422
    with transaction():
        contact_actions.change(
            prisoner_id=prisoner_id,
            contact_id=contact_id,
            details=form.details(),
            by=viewer(),
            seen_version=form.version.data or 0,
        )
    flash(_("Corrected."), "success")
    return _back(prisoner_id)


@blueprint.get(f"{ONE}/remove")
@requires(Permission.FAMILY_CONTACTS)
@password_again
def contact_removal(prisoner_id: str, contact_id: str) -> ResponseReturnValue:
    """What removing it means."""
    prisoner, row = _found(prisoner_id, contact_id)
    form = VersionForm(formdata=None, version=row.version)
    return render_template("coordinator/contact_removal.html", prisoner=prisoner, contact=row, form=form)


@blueprint.post(f"{ONE}/remove")
@requires(Permission.FAMILY_CONTACTS)
@password_again
def remove_contact(prisoner_id: str, contact_id: str) -> ResponseReturnValue:
    """Delete it for good."""
    _found(prisoner_id, contact_id)
    form = VersionForm()
    if not form.validate():
        return redirect(url_for("coordinator.contact_removal", prisoner_id=prisoner_id, contact_id=contact_id))
    with transaction():
        contact_actions.remove(
            prisoner_id=prisoner_id, contact_id=contact_id, by=viewer(), seen_version=form.version.data
        )
    flash(_("Removed for good."), "success")
    return _back(prisoner_id)


def _prisoner(prisoner_id: str) -> Prisoner:
    found = family_contacts.prisoner_of_caseload(viewer(), prisoner_id)
    if found is None:
        raise NotFound("There is no such prisoner.")
    return found


def _held(prisoner_id: str) -> Prisoner:
    prisoner = _prisoner(prisoner_id)
    if prisoner.no_longer_held:
        raise Conflict(_("They are no longer held, so no new contact is recorded."))
    return prisoner


def _found(prisoner_id: str, contact_id: str) -> tuple[Prisoner, ContactRow]:
    prisoner, row = _prisoner(prisoner_id), family_contacts.row(prisoner_id, contact_id)
    if row is None:
        raise NotFound("There is no such contact.")
    return prisoner, row


def _filled_in(opened: OpenedContact) -> ContactForm:
    """The form for a correction; what was posted as the reason does not speak for it."""
    said = asdict(opened.details) | {"kind": opened.details.kind.value, "version": opened.version}
    return ContactForm(formdata=MultiDict(), data=said)


def _form_page(prisoner: Prisoner, form: ContactForm, *, contact_id: str | None = None) -> str:
    return render_template("coordinator/contact_form.html", prisoner=prisoner, form=form, contact_id=contact_id)


def _back(prisoner_id: str) -> ResponseReturnValue:
    return redirect(url_for("coordinator.contacts", prisoner_id=prisoner_id))
