"""What the site writes: one module for each mail, with `why_not` (who must not get it now) and `render` (its text).

Both read what they need at the moment of sending; nothing was decided when the mail was queued.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.mail.messages import (
    alert,
    already_registered,
    birthday_ahead,
    condolence,
    confirm_address,
    in_transfer,
    letter_due,
    moved,
    offer,
    offer_unanswered,
    offer_withdrawn,
    released,
    reminding,
    returned,
    sponsor_rejected,
    sponsor_vetted,
)
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outbox import Message
from app.models import OutgoingMail, TokenPurpose
from app.queries import canaries, suppressions
from app.vocabulary import SuppressionReason


@dataclass(frozen=True)
class Kind:
    """One kind of mail: when it must not go, how it is written, which token it carries, and when it has to wait."""

    why_not: Callable[[OutgoingMail], str | None]
    render: Callable[[Draft], Rendered]
    token: TokenPurpose | None = None
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
    Message.ALERT: Kind(alert.why_not, alert.render),
}


def kind_of(mail: OutgoingMail) -> Kind:
    """The kind of this mail; raises ValueError for a name that no message has."""
    return KINDS[Message(mail.message)]


def why_not(mail: OutgoingMail) -> str | None:
    """Why the mail must not go to its recipient now, or None: what holds for every mail, then what holds for this.

    A mailbox that a server refused or returned for good gets nothing more (M2).
    """
    if mail.account.disabled_at is not None:
        return "account_disabled"
    if canaries.has_mailbox(mail.account_id):
        return SuppressionReason.REFUSED  # as of any mailbox that refuses: an invented sponsor is not to be told by it
    return suppressions.reason_for(mail.account.email_key) or kind_of(mail).why_not(mail)


def not_before(mail: OutgoingMail, moment: datetime) -> datetime | None:
    """When a mail that is due may go, where that is later than `moment`; None when it may go now."""
    waits_until = kind_of(mail).not_before
    earliest = waits_until(mail, moment) if waits_until else moment
    return earliest if earliest > moment else None
