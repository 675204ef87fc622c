"""What the site writes: one module for each mail, with `why_not` (who must not get it now) and `render` (its text).

Both read what they need at the moment of sending; nothing was decided when the mail was queued.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.mail import mailboxes
from app.mail.mailboxes import Mailbox, mailbox_of_account
from app.mail.messages import (
    address_changed,
    already_registered,
    birthday_ahead,
    condolence,
    confirm_address,
    confirm_new_address,
    in_transfer,
    letter_due,
    moved,
    offer,
    offer_unanswered,
    offer_withdrawn,
    password_changed,
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
from app.mail.outcomes import Refusal
from app.models import OutgoingMail, TokenPurpose
from app.queries import mails


@dataclass(frozen=True)
class Kind:
    """One kind of mail: when it must not go, how it is written, its token, whose mailbox, and when it waits."""

    why_not: Callable[[OutgoingMail], str | None]
    render: Callable[[Draft], Rendered]
    token: TokenPurpose | None = None
    mailbox: Callable[[OutgoingMail], Mailbox] = mailbox_of_account
    not_before: Callable[[OutgoingMail, datetime], datetime] | None = None


def _reminder(render: Callable[[Draft], Rendered]) -> Kind:
    return Kind(reminding.why_not, render, not_before=reminding.not_before)


KINDS: Mapping[Message, Kind] = {
    Message.CONFIRM_ADDRESS: Kind(confirm_address.why_not, confirm_address.render, TokenPurpose.CONFIRM_ADDRESS),
    Message.ALREADY_REGISTERED: Kind(already_registered.why_not, already_registered.render),
    Message.SPONSOR_VETTED: Kind(sponsor_vetted.why_not, sponsor_vetted.render),
    Message.SPONSOR_REJECTED: Kind(sponsor_rejected.why_not, sponsor_rejected.render),
    Message.OFFER: Kind(offer.why_not, offer.render),
    Message.RELEASED: Kind(released.why_not, released.render),
    Message.CONDOLENCE: Kind(condolence.why_not, condolence.render),
    Message.MOVED: Kind(moved.why_not, moved.render),
    Message.IN_TRANSFER: Kind(in_transfer.why_not, in_transfer.render),
    Message.RETURNED: Kind(returned.why_not, returned.render),
    Message.OFFER_WITHDRAWN: Kind(offer_withdrawn.why_not, offer_withdrawn.render),
    Message.LETTER_DUE: _reminder(letter_due.render),
    Message.BIRTHDAY_AHEAD: _reminder(birthday_ahead.render),
    Message.OFFER_UNANSWERED: _reminder(offer_unanswered.render),
    Message.RESET_PASSWORD: Kind(reset_password.why_not, reset_password.render, TokenPurpose.RESET),
    Message.CONFIRM_NEW_ADDRESS: Kind(
        confirm_new_address.why_not, confirm_new_address.render, TokenPurpose.CHANGE_ADDRESS, mailboxes.new_mailbox
    ),
    Message.ADDRESS_CHANGED: Kind(address_changed.why_not, address_changed.render, mailbox=mailboxes.old_mailbox),
    Message.PASSWORD_CHANGED: Kind(password_changed.why_not, password_changed.render),
    Message.SECOND_FACTOR_CHANGED: Kind(second_factor_changed.why_not, second_factor_changed.render),
}

ELSEWHERE = frozenset(message for message, kind in KINDS.items() if kind.mailbox is not mailbox_of_account)
"""Mails that go to another mailbox than the account's own: what its server says of them says nothing of the own one."""


def kind_of(mail: OutgoingMail) -> Kind:
    """The kind of this mail; raises ValueError for a name that no message has."""
    return KINDS[Message(mail.message)]


def why_not(mail: OutgoingMail) -> str | None:
    """Why the mail must not go to its recipient now, or None: what holds for every mail, then what holds for this.

    A mailbox that a server refused for good gets nothing more (M2).
    """
    if mail.account.disabled_at is not None:
        return "account_disabled"
    elsewhere = kind_of(mail).mailbox is not mailbox_of_account
    if not elsewhere and mails.failed_before(mail.account_id, reason=Refusal.RECIPIENT, elsewhere=ELSEWHERE):
        return "address_refused"
    return kind_of(mail).why_not(mail)


def not_before(mail: OutgoingMail, moment: datetime) -> datetime | None:
    """When a mail that is due may go, where that is later than `moment`; None when it may go now."""
    waits_until = kind_of(mail).not_before
    earliest = waits_until(mail, moment) if waits_until else moment
    return earliest if earliest > moment else None
