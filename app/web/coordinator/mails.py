"""Mails: what went to one sponsor or will, and what nobody but a person can settle."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import mails as mail_actions
from app.actions.mails import Finding
from app.errors import Conflict, NotFound
from app.permissions import Permission
from app.queries import desk, doubtful, mail_log
from app.queries.doubtful import Doubtful
from app.transaction import transaction
from app.vocabulary import OutgoingState
from app.web.access import requires, viewer
from app.web.coordinator.blueprint import blueprint
from app.web.coordinator.forms import SettleForm
from app.web.paging import page_number


@blueprint.get("/sponsors/<sponsor_id>/mails")
@requires(Permission.VET_SPONSORS)
def sponsor_mails(sponsor_id: str) -> ResponseReturnValue:
    """What was mailed to a sponsor of this coordinator's regions or will be, when, and why not."""
    sponsor = desk.sponsor(viewer(), sponsor_id)
    if sponsor is None:
        raise NotFound("There is no such sponsor.")
    asked = request.args.get("state", "")
    state = OutgoingState(asked) if asked in list(OutgoingState) else None
    page = mail_log.of_person(viewer(), sponsor.account_id, number=page_number(), state=state)
    return render_template(
        "coordinator/sponsor_mails.html", sponsor=sponsor, page=page, state=state, states=list(OutgoingState)
    )


@blueprint.get("/mails")
@requires(Permission.SETTLE_MAILS)
def mails_in_doubt() -> ResponseReturnValue:
    """The mails in doubt, with what a person can say of each."""
    page = doubtful.page(viewer(), number=page_number())
    return render_template("coordinator/mails_in_doubt.html", page=page)


@blueprint.post("/mails/<mail_id>")
@requires(Permission.SETTLE_MAILS)
def settle_mail(mail_id: str) -> ResponseReturnValue:
    """Record that a mail in doubt went, or have it sent again."""
    _found(mail_id)
    form = SettleForm()
    if not form.validate():
        abort(400)
    finding = Finding(form.finding.data)
    try:
        with transaction():
            mail_actions.resolve(mail_id=mail_id, finding=finding, by=viewer(), seen_due_at=form.seen.data)
    except Conflict:
        return _settled_page(mail_id, finding), 409
    said = {Finding.SENT: _("Recorded: it went."), Finding.REQUEUE: _("It is sent again, within a minute or two.")}
    flash(said[finding], "success")
    return redirect(url_for("coordinator.mails_in_doubt"))


def _settled_page(mail_id: str, finding: Finding) -> str:
    """What the person wanted beside what stands now, for whoever came second."""
    return render_template(
        "coordinator/mail_settled.html",
        row=_found(mail_id),
        finding=finding,
        settled=doubtful.last_settled(mail_id),
    )


def _found(mail_id: str) -> Doubtful:
    found = doubtful.find(viewer(), mail_id)
    if found is None:
        raise NotFound("There is no such mail.")
    return found
