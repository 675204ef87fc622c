"""A sponsor's home, and the offers they answer."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import matches as match_actions
from app.errors import Conflict, NotEligible, NotFound
from app.models import Match, Sponsor
from app.permissions import Permission
from app.queries import letters, matches, nearby, people, sponsors
from app.transaction import transaction
from app.vocabulary import MatchState, RefusalReason
from app.web.access import requires, viewer
from app.web.sponsor.blueprint import blueprint
from app.web.sponsor.forms import RefuseForm
from app.web.sponsor.letters import waited
from app.web.sponsor.news import news
from app.web.sponsor.reasons import reasons
from app.web.sponsor.standing import standing

LETTERS_ON_HOME = 5


@blueprint.get("/home")
@requires(Permission.OWN_HOME)
def home() -> ResponseReturnValue:
    """Where things stand, and the one next thing."""
    me, mine, taken_up = _me(), matches.of_sponsor(viewer()), matches.taken_up(viewer())
    following = letters.next_letter(viewer(), sponsor=me)
    supported = [match for match in mine if match.state is not MatchState.APPROVED]
    return render_template(
        "sponsor/home.html",
        sponsor=me,
        standing=standing(me, mine),
        offers=[match for match in mine if match.state is MatchState.APPROVED],
        supported=list(zip(supported, people.cards([match.prisoner for match in supported]), strict=True)),
        news=news(viewer()),
        accepted_at=taken_up.first_at,
        accepted_by_office=taken_up.by_office,
        resting=taken_up.resting,
        following=following,
        waited=waited(following),
        sent=letters.latest(viewer(), count=LETTERS_ON_HOME),
    )


@blueprint.get("/matches/<match_id>")
@requires(Permission.OWN_HOME)
def match(match_id: str) -> ResponseReturnValue:
    """One person: who they are, why the two were matched, what is asked and what is not."""
    found = _own(match_id)
    return render_template(
        "sponsor/match.html",
        match=found,
        person=people.person(found.prisoner, writing_from=_me().country),
        reasons=reasons(found),
        desk=letters.desk(found, sponsor=_me()),
        writable=letters.writable(viewer(), match_id) is not None,
        nearby=nearby.of_match(match_id, account_id=viewer().account_id),
    )


@blueprint.post("/matches/<match_id>/accept")
@requires(Permission.ANSWER_OFFER)
def accept(match_id: str) -> ResponseReturnValue:
    """Take up the offer."""
    try:
        with transaction():
            match_actions.accept(match_id=match_id, by=viewer())
    except NotEligible as changed:
        # The rule's own sentence is for coordinators: it may tell of a release, a death or a conflict.
        raise Conflict(
            _("Something has changed since we made this offer. Your coordinator will write to you.")
        ) from changed
    flash(_("Thank you. You two are matched now."), "success")
    return redirect(url_for("sponsor.match", match_id=match_id))


@blueprint.route("/matches/<match_id>/refuse", methods=["GET", "POST"])
@requires(Permission.ANSWER_OFFER)
def refuse(match_id: str) -> ResponseReturnValue:
    """Ask for somebody else, with a reason from a list."""
    found = _own(match_id)
    if found.state is not MatchState.APPROVED:
        raise Conflict(_("You have answered this offer already."))
    form = RefuseForm()
    if not form.validate_on_submit():
        return render_template("sponsor/refuse.html", match=found, form=form), 422 if form.errors else 200
    with transaction():
        match_actions.refuse(
            match_id=match_id, by=viewer(), reason=RefusalReason(form.reason.data), note=form.note.data or ""
        )
    flash(_("Thank you for saying so. We will look for somebody else for you."), "success")
    return redirect(url_for("sponsor.home"))


def _me() -> Sponsor:
    found = sponsors.own(viewer())
    if found is None:
        raise NotFound("There is no such sponsor.")
    return found


def _own(match_id: str) -> Match:
    found = matches.own(viewer(), match_id)
    if found is None:
        raise NotFound("There is no such match.")
    return found
