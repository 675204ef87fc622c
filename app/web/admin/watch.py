"""The watch over staff: alerts, who was shown how many people today, whose contacts were opened and why, and the head
of the audit trail to keep.
"""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import alerts as alert_actions
from app.actions import audit_check
from app.actions import reading as reading_actions
from app.actions.audit_check import BrokenTrail
from app.permissions import Permission
from app.queries import alerts as alert_queries
from app.queries import audit, family_contacts, reading, staff
from app.reading import LIMITS, Window, nearly_spent
from app.retention import Category, period
from app.transaction import transaction
from app.web.access import requires, viewer
from app.web.admin.blueprint import blueprint
from app.web.paging import page_number


@blueprint.get("/watch")
@requires(Permission.WATCH_STAFF)
def watch() -> ResponseReturnValue:
    """Everything that an administrator is to keep an eye on."""
    page = alert_queries.listed(viewer(), number=page_number())
    return render_template(
        "admin/watch.html",
        page=page,
        about=staff.addresses(alert.about for alert in page.items if alert.about),
        readers=[(account, used, nearly_spent(used)) for account, used in reading.today()],
        hour=LIMITS[Window.HOUR] * reading.times_of(0),
        openings=family_contacts.newest_openings(),
        head=audit.head_event(),
        line=_signed_head(),
    )


def _signed_head() -> str | None:
    """The line to keep; None where the head itself is gone, which an alert tells of."""
    try:
        return audit_check.signed_head()
    except BrokenTrail:
        return None


@blueprint.get("/openings")
@requires(Permission.WATCH_STAFF)
def openings() -> ResponseReturnValue:
    """Who opened whose contact, and why."""
    page = family_contacts.openings(number=page_number())
    return render_template("admin/openings.html", page=page, kept_days=period(Category.CONTACT_OPENINGS).days)


@blueprint.post("/alerts/<alert_id>/seen")
@requires(Permission.WATCH_STAFF)
def alert_seen(alert_id: str) -> ResponseReturnValue:
    """Note who has looked."""
    with transaction():
        alert_actions.mark_seen(alert_id=alert_id, by=viewer())
    return redirect(url_for("admin.watch"))


@blueprint.post("/reading/<account_id>/more")
@requires(Permission.WATCH_STAFF)
def grant_reading(account_id: str) -> ResponseReturnValue:
    """Let a member of staff be shown as much again today."""
    with transaction():
        reading_actions.grant(account_id=account_id, by=viewer())
    flash(_("Granted for today. It stands in the audit trail."), "success")
    return redirect(url_for("admin.watch"))
