"""What sponsors steer themselves: how much and of what they hear, a pause, and leaving."""

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from app.actions import preferences
from app.errors import BadInput, CapacityExceeded, NotFound
from app.models import Sponsor
from app.permissions import Permission
from app.queries import mail_log, matches, sponsors
from app.queries.letters import today_in
from app.transaction import transaction
from app.vocabulary import MatchState
from app.web.access import requires, viewer
from app.web.sponsor.blueprint import blueprint
from app.web.sponsor.preference_forms import PauseForm, SettingsForm


@blueprint.get("/home/settings")
@requires(Permission.CHOOSE_PREFERENCES)
def settings() -> ResponseReturnValue:
    """Everything that a sponsor may choose."""
    me = _me()
    return _settings_page(me, SettingsForm.as_chosen(me))


@blueprint.post("/home/settings")
@requires(Permission.CHOOSE_PREFERENCES)
def choose() -> ResponseReturnValue:
    """Keep what was chosen."""
    form = SettingsForm(_me())
    if not form.validate():
        return _settings_page(_me(), form), 422
    try:
        with transaction():
            preferences.choose(form.chosen(), by=viewer(), seen_version=form.version.data)
    except CapacityExceeded as too_few:
        form.capacity.errors = [str(too_few)]
        return _settings_page(_me(), form), 422
    except BadInput as wrong_day:
        form.available_until.errors = [str(wrong_day)]
        return _settings_page(_me(), form), 422
    flash(_("Saved. It holds from now on."), "success")
    return redirect(url_for("sponsor.settings"))


@blueprint.post("/home/go-on")
@requires(Permission.CHOOSE_PREFERENCES)
def go_on() -> ResponseReturnValue:
    """The yearly yes."""
    with transaction():
        preferences.go_on_for_a_year(by=viewer())
    flash(_("Thank you for staying with us. We ask again in a year."), "success")
    return redirect(url_for("sponsor.settings"))


@blueprint.get("/home/pause")
@requires(Permission.CHOOSE_PREFERENCES)
def pause() -> ResponseReturnValue:
    """What a pause means, and until when it shall be."""
    return _pause_page(PauseForm(formdata=None, resumes_on=_me().resumes_on))


@blueprint.post("/home/pause")
@requires(Permission.CHOOSE_PREFERENCES)
def begin_pause() -> ResponseReturnValue:
    """Take a pause, or change the end of one."""
    form = PauseForm()
    if not form.validate():
        return _pause_page(form), 422
    try:
        with transaction():
            preferences.pause(by=viewer(), resumes_on=form.resumes_on.data)
    except BadInput as wrong_day:
        form.resumes_on.errors = [str(wrong_day)]
        return _pause_page(form), 422
    flash(_("Have a good pause. We send you no reminders and offer you nobody."), "success")
    return redirect(url_for("sponsor.home"))


@blueprint.post("/home/pause/end")
@requires(Permission.CHOOSE_PREFERENCES)
def end_pause() -> ResponseReturnValue:
    """Go on."""
    with transaction():
        preferences.end_pause(by=viewer())
    flash(_("Welcome back."), "success")
    return redirect(url_for("sponsor.home"))


@blueprint.get("/home/leave")
@requires(Permission.DECIDE_FOR_ONESELF)
def leave() -> ResponseReturnValue:
    """What follows from leaving, before the button."""
    mine = matches.of_sponsor(viewer())
    return render_template(
        "sponsor/leave.html",
        supported=[match.prisoner.shown_name for match in mine if match.state is not MatchState.APPROVED],
        offers=[match for match in mine if match.state is MatchState.APPROVED],
        resting=matches.taken_up(viewer()).resting,
    )


@blueprint.post("/home/leave")
@requires(Permission.DECIDE_FOR_ONESELF)
def leave_now() -> ResponseReturnValue:
    """Leave: everybody is handed back, and this log-in is closed."""
    with transaction():
        preferences.leave(by=viewer())
    logout_user()
    cookie.clear()
    flash(_("You have left, and your log-in is closed. Thank you for what you gave."), "success")
    return redirect(url_for("public.home"))


def _settings_page(me: Sponsor, form: SettingsForm) -> str:
    return render_template(
        "sponsor/settings.html",
        sponsor=me,
        form=form,
        pausing=_pauses(me),
        carried=matches.carried_by(me.id),
        mailed=mail_log.gone_lately(me.account_id, me.account.time_zone),
    )


def _pause_page(form: PauseForm) -> str:
    offers = [match for match in matches.of_sponsor(viewer()) if match.state is MatchState.APPROVED]
    return render_template("sponsor/pause.html", form=form, pausing=_pauses(_me()), offers=offers)


def _pauses(me: Sponsor) -> bool:
    return me.takes_pause(today_in(me.account.time_zone))


def _me() -> Sponsor:
    found = sponsors.own(viewer())
    if found is None:
        raise NotFound("There is no such sponsor.")
    return found
