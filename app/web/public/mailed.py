"""Pages behind the links in reminders: they act without a log-in, and only when a button is pressed (M6, M10).

Nothing on them says who is reminded of whom: whoever holds a link holds a mail, which may have been passed on.
"""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.actions import preferences, reminder_answers
from app.errors import NotAllowed, NotFound
from app.extensions import csrf
from app.models import OutgoingMail
from app.queries import mailed_links
from app.reminder_words import ReminderAnswer
from app.transaction import transaction
from app.web.access import public
from app.web.public.blueprint import blueprint


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """A page with a button; fetching it changes nothing."""
    wish = mailed_links.unsubscribing(token)
    if wish is None:
        return _not_ours()
    return render_template("mailed/unsubscribe.html", token=token, kinds=wish.kinds)


@blueprint.post("/unsubscribe/<token>")
@public
@csrf.exempt  # type: ignore[untyped-decorator]
def unsubscribe_now(token: str) -> ResponseReturnValue:
    """End these reminders, or (`all`) every reminder.

    The one page that asks for no token of a form: mail programs press its button themselves (RFC 8058), without
    cookies, and take nothing but an answer of 200 for a yes.
    """
    wish = mailed_links.unsubscribing(token)
    if wish is None:
        return _not_ours()
    from_all = "all" in request.form
    with transaction():
        preferences.unsubscribe(wish.account_id, wish.kinds, from_all=from_all)
    return render_template("mailed/unsubscribed.html", token=token, kinds=wish.kinds, from_all=from_all)


@blueprint.get("/reminders/<token>/<answer>")
@public
def answer(token: str, answer: str) -> ResponseReturnValue:
    """What the button does; fetching the page changes nothing."""
    said = _read(answer)
    mail = mailed_links.answerable(token, said) if said else None
    if said is None or mail is None:
        return _not_ours()
    again_on = _again_on(mail) if said is ReminderAnswer.LATER else None
    return render_template("mailed/answer.html", token=token, said=said, again_on=again_on)


@blueprint.post("/reminders/<token>/<answer>")
@public
def answer_now(token: str, answer: str) -> ResponseReturnValue:
    """Do what the link says, once."""
    said = _read(answer)
    if said is None:
        return _not_ours()
    try:
        with transaction():
            reminder_answers.answer(token, said)
    except (NotFound, NotAllowed):
        return _not_ours()
    return render_template("mailed/answered.html", said=said)


def _read(answer: str) -> ReminderAnswer | None:
    return ReminderAnswer(answer) if answer in list(ReminderAnswer) else None


def _again_on(mail: OutgoingMail) -> date | None:
    return min((occasion.goes_on for occasion in mailed_links.put_off(mail)), default=None)


def _not_ours() -> ResponseReturnValue:
    """For a link that we did not make as for one that has done its work: nobody learns which it is."""
    return render_template("mailed/link_used.html"), 404
