"""The state of the mail, for whoever runs the programme or the program: numbers, and nobody's name."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.permissions import Permission
from app.queries import mail_health
from app.web import mail_words
from app.web.access import requires
from app.web.admin.blueprint import blueprint


@blueprint.get("/mail")
@requires(Permission.WATCH_MAIL)
def mail() -> ResponseReturnValue:
    """Whether mail runs as it should, how much of it waits, what failed, and when the worker was there."""
    health = mail_health.health()
    problems = [mail_words.PROBLEMS[problem] for problem in health.signs.problems]
    return render_template("admin/mail.html", health=health, problems=problems, jobs=mail_words.JOBS)
