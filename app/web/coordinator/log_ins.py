"""Closing a sponsor's log-in, with a reason, and opening it again (docs/threats.md, A6, A9, Z4)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import closing as actions
from app.errors import NotFound
from app.models import Sponsor
from app.permissions import Permission
from app.queries import accounts, closing, desk
from app.transaction import transaction
from app.web.access import password_again, requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.forms import ReasonForm


@blueprint.get("/sponsors/<sponsor_id>/log-in")
@requires(Permission.VET_SPONSORS)
@password_again
def sponsor_log_in(sponsor_id: str) -> ResponseReturnValue:
    """What follows from closing a sponsor's log-in, or from opening it again."""
    return _page(_found(sponsor_id), ReasonForm(formdata=None))


@blueprint.post("/sponsors/<sponsor_id>/log-in")
@requires(Permission.VET_SPONSORS)
@password_again
def close_sponsor(sponsor_id: str) -> ResponseReturnValue:
    """Close it; whom they stand by is handed back."""
    form = ReasonForm()
    if not form.validate():
        return _page(_found(sponsor_id), form), 422
    with transaction():
        actions.close_sponsor(sponsor_id=sponsor_id, reason=form.reason.data, by=viewer())
    flash(_("Their log-in is closed. Whom they stood by is back with the coordinators."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


@blueprint.post("/sponsors/<sponsor_id>/open-again")
@requires(Permission.VET_SPONSORS)
@password_again
def open_sponsor_again(sponsor_id: str) -> ResponseReturnValue:
    """Open it again."""
    with transaction():
        actions.open_sponsor_again(sponsor_id=sponsor_id, by=viewer())
    flash(_("Their log-in is open again. If they were vetted, they wait to be vetted anew."), "success")
    return redirect(url_for("coordinator.sponsor", sponsor_id=sponsor_id))


def _page(sponsor: Sponsor, form: ReasonForm) -> str:
    return render_template(
        "coordinator/sponsor_log_in.html",
        sponsor=sponsor,
        form=form,
        closed=sponsor.account.disabled_at is not None,
        erased=accounts.is_erased(sponsor.account),
        closing=closing.closing_of(sponsor.account_id),
        is_self=viewer().sponsor_id == sponsor.id,
    )


def _found(sponsor_id: str) -> Sponsor:
    sponsor = desk.sponsor(viewer(), sponsor_id)
    if sponsor is None:
        raise NotFound("There is no such sponsor.")
    return sponsor
