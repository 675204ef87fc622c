"""Asking for an account's present password: of somebody who is logged in, or who follows a mailed link."""

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
    return is_password_of(viewer().account_id, field)


def is_password_of(account_id: str, field: Field) -> bool:
    """The same of any account: whoever types its password is its owner, whichever mailbox they came from."""
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
