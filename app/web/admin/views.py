"""The administrator's page: alerts, who was appointed to what, and how the mail and the audit trail stand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.permissions import Permission
from app.queries import alerts, audit, exports, staff
from app.queries import mails as mail_queries
from app.web.access import requires, viewer
from app.web.admin.blueprint import blueprint


@blueprint.get("")
@requires(Permission.SEE_ADMIN)
def home() -> ResponseReturnValue:
    """What wants to be looked at, staff, mail by state, and the newest events of the audit trail."""
    members = staff.members()
    return render_template(
        "admin/home.html",
        members=members,
        names={member.id: member.email for member in members},
        mails=mail_queries.counts(),
        events=audit.newest(viewer()),
        alerts=alerts.unseen(viewer()),
        unseen=alerts.number_unseen(viewer()),
        to_decide=exports.number_to_decide(viewer()),
    )
