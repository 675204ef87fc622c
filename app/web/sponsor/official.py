"""A member of a parliament shows who they are by an official address (docs/decisions/0009)."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.actions import officials as official_actions
from app.errors import BadInput, NotFound, TooManyAttempts
from app.extensions import limiter
from app.permissions import Permission
from app.queries import officials, sponsors
from app.transaction import transaction
from app.vocabulary import SponsorRole
from app.web.access import requires, viewer
from app.web.entering import own_account
from app.web.sponsor.blueprint import blueprint
from app.web.sponsor.office_forms import OfficialForm

ASKING = "6 per day"
"""Official mailboxes that one sponsor names; mails to one mailbox are counted apart."""


@blueprint.get("/home/official")
@requires(Permission.DECIDE_FOR_ONESELF)
def official() -> ResponseReturnValue:
    """What is proven, what waits to be, and the field for an address."""
    return _page(OfficialForm(formdata=None))


@blueprint.post("/home/official")
@requires(Permission.DECIDE_FOR_ONESELF)
@limiter.limit(ASKING, key_func=own_account)
def name_official() -> ResponseReturnValue:
    """Mail the official address a link."""
    form = OfficialForm()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction():
            official_actions.ask(form.email.data, by=viewer())
    except BadInput as unknown:
        form.email.errors = [str(unknown)]
        return _page(form), 422
    except TooManyAttempts:
        form.email.errors = [_("This mailbox has got enough of our mails for today. Try again tomorrow.")]
        return _page(form), 429
    flash(_("We have mailed that address. Open the link there, and type your password."), "success")
    return redirect(url_for("sponsor.official"))


def _page(form: OfficialForm) -> str:
    me = sponsors.own(viewer())
    if me is None or me.role is not SponsorRole.PARLIAMENTARIAN:
        raise NotFound("There is no such page.")
    return render_template(
        "sponsor/official.html", sponsor=me, form=form, proven=officials.proven(me.id), wanted=officials.wanted(me.id)
    )
