"""Links that prove whose a mailbox is: the one signed up with, a new one, an official one (docs/threats.md, A7, B4).

Fetching a link changes nothing. What acts is its button with the account's password, once: whoever reads the mailbox
and whoever made the account have to be one person, or somebody could name another's mailbox and have its owner press.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import passwords
from app.actions import accounts as account_actions
from app.actions import credentials, officials
from app.errors import NotFound
from app.extensions import limiter
from app.models import TokenPurpose
from app.queries import accounts
from app.transaction import transaction
from app.web.access import public
from app.web.entering import network
from app.web.forms import PasswordForm
from app.web.own_password import is_password_of
from app.web.public.blueprint import blueprint
from app.web.public.forms import AddressForm
from app.web.public.reset import ASKING, NOBODYS, TRYING


class _Proof(NamedTuple):
    """What one of these links is for: its page, what its button does with the token, and what is said then."""

    purpose: TokenPurpose
    page: str
    act: Callable[[str], object]
    done: LazyString


SIGNED_UP: Final = _Proof(
    TokenPurpose.CONFIRM_ADDRESS,
    "account/confirm.html",
    account_actions.confirm_address,
    _l("Thank you. Your address is confirmed."),
)
NEW: Final = _Proof(
    TokenPurpose.CHANGE_ADDRESS,
    "account/new_address.html",
    credentials.change_address,
    _l("Your new address holds from now on. Log in with it."),
)
OFFICIAL: Final = _Proof(
    TokenPurpose.PROVE_OFFICIAL,
    "account/official_address.html",
    officials.prove,
    _l("Thank you. Your official address is confirmed."),
)


@blueprint.get("/unconfirmed")
@public
def unconfirmed() -> ResponseReturnValue:
    """Nobody logs in before their address is confirmed: look into your mail, or have it sent again."""
    return render_template("account/unconfirmed.html", form=AddressForm(formdata=None))


@blueprint.post("/unconfirmed")
@public
@limiter.limit(ASKING, key_func=network)
def send_again() -> ResponseReturnValue:
    """Send the confirming mail once more, at most every ten minutes; the answer is the same for every address (A2)."""
    form = AddressForm()
    if not form.validate():
        return render_template("account/unconfirmed.html", form=form), 422
    passwords.matches(None, NOBODYS)  # takes far longer than what differs between a known and an unknown address
    with transaction():
        account_actions.ask_to_confirm_again(form.email.data)
    flash(_("If this address waits to be confirmed, a mail is on its way: at most one in ten minutes."), "success")
    return redirect(url_for("public.unconfirmed"))


@blueprint.get("/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Whether the mailbox is that of whoever signed up."""
    return _ask(token, SIGNED_UP)


@blueprint.post("/confirm/<token>")
@public
@limiter.limit(TRYING, key_func=network)
def confirm_now(token: str) -> ResponseReturnValue:
    """Confirm the address the link was sent to."""
    return _act(token, SIGNED_UP)


@blueprint.get("/address/<token>")
@public
def new_address(token: str) -> ResponseReturnValue:
    """Whether the mailbox is to become the account's."""
    return _ask(token, NEW)


@blueprint.post("/address/<token>")
@public
@limiter.limit(TRYING, key_func=network)
def take_address(token: str) -> ResponseReturnValue:
    """Take the new address; every browser is logged out."""
    return _act(token, NEW)


@blueprint.get("/official/<token>")
@public
def official_address(token: str) -> ResponseReturnValue:
    """Whether the official mailbox is that of whoever named it."""
    return _ask(token, OFFICIAL)


@blueprint.post("/official/<token>")
@public
@limiter.limit(TRYING, key_func=network)
def prove_address(token: str) -> ResponseReturnValue:
    """The official address is proven."""
    return _act(token, OFFICIAL)


def _ask(token: str, proof: _Proof) -> ResponseReturnValue:
    if accounts.mailed_token(token, proof.purpose) is None:
        return _used()
    return render_template(proof.page, form=PasswordForm(formdata=None))


def _act(token: str, proof: _Proof) -> ResponseReturnValue:
    """Use the link up, once the password shows that it is the account's owner who presses."""
    found = accounts.mailed_token(token, proof.purpose)
    if found is None:
        return _used()
    form, account_id = PasswordForm(), found.account_id
    if not form.validate() or not is_password_of(account_id, form.present):
        return render_template(proof.page, form=form), 422
    try:
        with transaction():
            proof.act(token)
    except NotFound:
        return _used()
    flash(proof.done, "success")
    return redirect(url_for("public.login"))


def _used() -> ResponseReturnValue:
    return render_template("account/link_used.html"), 404
