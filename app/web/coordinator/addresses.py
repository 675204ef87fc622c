"""Addresses that nobody vouches for: reminders of letters wait until a coordinator has looked (M9)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.actions import addresses as address_actions
from app.errors import NotFound
from app.permissions import Permission
from app.queries import addresses, events
from app.queries.people import address_lines
from app.transaction import transaction
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.forms import VersionForm
from app.web.paging import page_number
from app.web.text import clean_line


class VerifyForm(VersionForm):
    """The record as it was seen, and the source."""

    source = StringField(
        _l("Where you know it from"),
        filters=[clean_line],
        validators=[DataRequired(_l("Say where you know it from.")), Length(max=address_actions.LONGEST_SOURCE)],
    )


@blueprint.get("/addresses")
@requires(Permission.RECORD_EVENTS)
def addresses_due() -> ResponseReturnValue:
    """Whose addresses are to be looked at."""
    return _page(number=page_number())


@blueprint.post("/addresses/<prisoner_id>")
@requires(Permission.RECORD_EVENTS)
def verify_address(prisoner_id: str) -> ResponseReturnValue:
    """One address is right, by this source."""
    if events.prisoner_in_scope(viewer(), prisoner_id) is None:
        raise NotFound("There is no such prisoner.")
    form = VerifyForm()
    if not form.validate():
        flash(_("Say where you know the address from, in a few words. Nothing was recorded."), "danger")
        return _page(number=1), 422
    with transaction():
        address_actions.verify(
            prisoner_id=prisoner_id, by=viewer(), seen_version=form.version.data, source=form.source.data
        )
    flash(_("Recorded. Letters to this address are asked for again."), "success")
    return redirect(url_for("coordinator.addresses_due"))


def _page(*, number: int) -> str:
    page = addresses.due(viewer(), number=number)
    ids = [prisoner.id for prisoner in page.items]
    sources, checks = addresses.sources_of(ids), addresses.checks_of(ids)
    rows = [
        (prisoner, address_lines(prisoner), sources.get(prisoner.id), checks.get(prisoner.id))
        for prisoner in page.items
    ]
    return render_template("coordinator/addresses.html", page=page, rows=rows)
