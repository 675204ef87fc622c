"""What the site writes: one module for each mail, with `why_not` (who must not get it now) and `render` (its text).

Both read what they need at the moment of sending; nothing was decided when the mail was queued.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.mail import mailboxes
from app.mail.mailboxes import Mailbox, mailbox_of_account
from app.mail.messages import (
    access_changed,
    address_changed,
    alert,
    already_registered,
    condolence,
    confirm_address,
    confirm_new_address,
    in_transfer,
    invitation,
    login_closed,
    match_ended,
    match_rests,
    moved,
    offer,
    offer_lapsed,
    offer_withdrawn,
    office_invited,
    office_joined,
    password_changed,
    prove_official,
    released,
    reminding,
    reset_password,
    returned,
    second_factor_changed,
    sponsor_rejected,
    sponsor_vetted,
)
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outbox import Message
from app.mail.words import IMPERSONAL, TO_A_SPONSOR
from app.models import OutgoingMail, TokenPurpose
from app.placeholders import Declared
from app.queries import suppressions
from app.queries.mails import Claimed
from app.reminder_words import ReminderKind
from app.vocabulary import SuppressionReason


@dataclass(frozen=True)
class Kind:
    """One kind of mail: when it must not go, how it is written, its token, whose mailbox, and when it has to wait.

    `settle` keeps of a mail's contents what may go, in a transaction right before it is written, or says why none may.
    `placeholders` is what its words may ask for once coordinators edit them; None where nobody may edit them.
    """

    why_not: Callable[[OutgoingMail], str | None]
    render: Callable[[Draft], Rendered]
    token: TokenPurpose | None = None
    mailbox: Callable[[OutgoingMail], Mailbox] = mailbox_of_account
    not_before: Callable[[OutgoingMail, datetime], datetime] | None = None
    settle: Callable[[OutgoingMail], str | None] | None = None
    placeholders: Declared | None = IMPERSONAL


_REMINDER = Kind(
    reminding.why_not,
    reminding.render,
    mailbox=mailboxes.mailbox_of_reader,
    not_before=reminding.not_before,
    placeholders=TO_A_SPONSOR,
)


def _notice(why_not: Callable[[OutgoingMail], str | None], render: Callable[[Draft], Rendered]) -> Kind:
    return Kind(why_not, render, mailbox=mailboxes.mailbox_of_reader, placeholders=TO_A_SPONSOR)


KINDS: Mapping[Message, Kind] = {
    Message.CONFIRM_ADDRESS: Kind(confirm_address.why_not, confirm_address.render, TokenPurpose.CONFIRM_ADDRESS),
    Message.ALREADY_REGISTERED: Kind(already_registered.why_not, already_registered.render),
    # Whether they are who they say concerns the sponsor in person, whoever reads their other mails.
    Message.SPONSOR_VETTED: Kind(sponsor_vetted.why_not, sponsor_vetted.render, placeholders=TO_A_SPONSOR),
    Message.SPONSOR_REJECTED: Kind(sponsor_rejected.why_not, sponsor_rejected.render, placeholders=TO_A_SPONSOR),
    Message.OFFER: _notice(offer.why_not, offer.render),
    Message.RELEASED: _notice(released.why_not, released.render),
    Message.CONDOLENCE: _notice(condolence.why_not, condolence.render),
    Message.MOVED: _notice(moved.why_not, moved.render),
    Message.IN_TRANSFER: _notice(in_transfer.why_not, in_transfer.render),
    Message.RETURNED: _notice(returned.why_not, returned.render),
    Message.OFFER_WITHDRAWN: _notice(offer_withdrawn.why_not, offer_withdrawn.render),
    Message.MATCH_RESTS: _notice(match_rests.why_not, match_rests.render),
    Message.MATCH_ENDED: _notice(match_ended.why_not, match_ended.render),
    Message.OFFER_LAPSED: _notice(offer_lapsed.why_not, offer_lapsed.render),
    **{Message(kind): _REMINDER for kind in ReminderKind},
    # A line for each of its reminders stands in it, so nobody edits its words.
    Message.SEVERAL_REMINDERS: replace(_REMINDER, settle=reminding.settle, placeholders=None),
    Message.RESET_PASSWORD: Kind(reset_password.why_not, reset_password.render, TokenPurpose.RESET),
    Message.CONFIRM_NEW_ADDRESS: Kind(
        confirm_new_address.why_not, confirm_new_address.render, TokenPurpose.CHANGE_ADDRESS, mailboxes.new_mailbox
    ),
    Message.ADDRESS_CHANGED: Kind(address_changed.why_not, address_changed.render, mailbox=mailboxes.old_mailbox),
    Message.PASSWORD_CHANGED: Kind(password_changed.why_not, password_changed.render),
    Message.SECOND_FACTOR_CHANGED: Kind(second_factor_changed.why_not, second_factor_changed.render),
    Message.OFFICE_INVITED: Kind(office_invited.why_not, office_invited.render, TokenPurpose.JOIN_OFFICE),
    Message.OFFICE_JOINED: Kind(office_joined.why_not, office_joined.render),
    Message.PROVE_OFFICIAL: Kind(
        prove_official.why_not, prove_official.render, TokenPurpose.PROVE_OFFICIAL, mailboxes.official_mailbox
    ),
    Message.ALERT: Kind(alert.why_not, alert.render, placeholders=None),
    Message.INVITATION: Kind(invitation.why_not, invitation.render, TokenPurpose.INVITE),
    Message.ACCESS_CHANGED: Kind(access_changed.why_not, access_changed.render),
    Message.LOGIN_CLOSED: Kind(login_closed.why_not, login_closed.render),
}


def kind_of(mail: OutgoingMail) -> Kind:
    """The kind of this mail; raises ValueError for a name that no message has."""
    return KINDS[Message(mail.message)]


def why_never(claimed: Claimed) -> str | None:
    """Why no mail at all goes to this recipient, or None: one mail alone goes to a log-in that is closed."""
    if claimed.mail.account.disabled_at is not None and claimed.mail.message != Message.LOGIN_CLOSED:
        return "account_disabled"
    # As of any mailbox that refuses: an invented sponsor is not to be told by it.
    return SuppressionReason.REFUSED if claimed.is_to_invented else None


def why_not(mail: OutgoingMail, mailbox: Mailbox) -> str | None:
    """Why this mail must not go to the mailbox now, or None: what holds for its kind, then what holds for every mail.

    A mailbox that a server refused or returned for good gets nothing more (M2).
    """
    return kind_of(mail).why_not(mail) or suppressions.reason_for(mailbox.key)


def not_before(mail: OutgoingMail, moment: datetime) -> datetime | None:
    """When a mail that is due may go, where that is later than `moment`; None when it may go now."""
    waits_until = kind_of(mail).not_before
    earliest = waits_until(mail, moment) if waits_until else moment
    return earliest if earliest > moment else None
