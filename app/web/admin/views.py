"""The administrator's page: who was appointed to what, and how the mail and the audit trail stand."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.permissions import Permission
from app.queries import mails as mail_queries
from app.queries import staff
from app.web.access import requires
from app.web.admin.blueprint import blueprint


@blueprint.get("")
@requires(Permission.SEE_ADMIN)
def home() -> ResponseReturnValue:
    """Staff, mail by state, and the newest events of the audit trail."""
    members = staff.members()
    return render_template(
        "admin/home.html",
        members=members,
        names={member.id: member.email for member in members},
        mails=mail_queries.counts(),
        events=staff.newest_events(),
    )
