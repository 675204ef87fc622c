"""Asking for the present password on pages of somebody who is logged in."""

from flask_babel import gettext as _
from wtforms import Field

from app.actions import limits, sessions
from app.attempts import Attempt
from app.errors import TooManyAttempts
from app.transaction import transaction
from app.web.access import viewer
from app.web.forms import wait_sentence


def is_own_password(field: Field) -> bool:
    """Whether the field holds one's present password; otherwise it says what is wrong. Attempts are counted (A3)."""
    account_id = viewer().account_id
    try:
        with transaction():
            limits.begin([(Attempt.PASSWORD_AGAIN, account_id)])
    except TooManyAttempts as late:
        field.errors = [wait_sentence(late.seconds)]
        return False
    if not sessions.knows_password(account_id, field.data):
        field.errors = [_("This is not your password.")]
        return False
    with transaction():
        limits.forget(Attempt.PASSWORD_AGAIN, account_id)
    return True
