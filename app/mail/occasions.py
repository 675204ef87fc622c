"""What each mail is about, as the unique key of its row in the outbox: one mail for each occasion, ever.

One function for each kind of mail. What may rightly happen again says so in its occasion, such as an offer that was
taken back and made anew. Reminders go
by `app.mail.gathering`: one mail for a person and day, and a key for each `app.reminders.Occasion` in it.
"""

from datetime import date, datetime
from typing import Final

from app.mail.outbox import Message

RESEND_MINUTES: Final = 10
"""An address is asked to be confirmed at most once in so many minutes, however often somebody signs up with it."""


def confirmation(account_id: str, *, at: datetime) -> str:
    """An account's address is to be confirmed."""
    slot = int(at.timestamp()) // (RESEND_MINUTES * 60)
    return f"{Message.CONFIRM_ADDRESS}:{account_id}:{slot}"


def reset(account_id: str, *, at: datetime) -> str:
    """Somebody wants to set the account's password anew: at most once in as many minutes as a confirmation."""
    slot = int(at.timestamp()) // (RESEND_MINUTES * 60)
    return f"{Message.RESET_PASSWORD}:{account_id}:{slot}"


def invitation(account_id: str, *, at: datetime) -> str:
    """Somebody is invited to work here: at most once in as many minutes as a confirmation."""
    slot = int(at.timestamp()) // (RESEND_MINUTES * 60)
    return f"{Message.INVITATION}:{account_id}:{slot}"


def login_changed(message: Message, account_id: str, *, at: datetime) -> str:
    """The password or the second factor of an account was changed, or what it opens."""
    return f"{message}:{account_id}:{at.isoformat()}"


def address(message: Message, change_id: str) -> str:
    """An account is to get, or has got, another address, or a sponsor to prove one; `change_id` is the row that says
    which: an `AddressChange`, or an `OfficialAddress`."""
    return f"{message}:{change_id}"


def change_of(occasion: str) -> str:
    """The id of the row that an occasion made by `address` is about."""
    return occasion.rpartition(":")[2]


def already_registered(account_id: str, *, on: date) -> str:
    """Somebody signed up with an address that has an account: at most once a day."""
    return f"{Message.ALREADY_REGISTERED}:{account_id}:{on.isoformat()}"


def vetting(message: Message, sponsor_id: str, *, version: int) -> str:
    """A sponsor was vetted or turned away; `version` is the sponsor's before the decision."""
    return f"{message}:{sponsor_id}:{version}"


def offer(match_id: str, *, version: int) -> str:
    """A match is offered to its sponsor; `version` is the match's once it is approved."""
    return f"{Message.OFFER}:{match_id}:{version}"


def standing(message: Message, match_id: str, *, version: int) -> str:
    """A coordinator let a match rest or ended it; `version` is the match's once that is written."""
    return f"{message}:{match_id}:{version}"


def lapse(match_id: str, *, version: int) -> str:
    """An offer has lapsed; `version` is the match's before it did."""
    return f"{Message.OFFER_LAPSED}:{match_id}:{version}"


def notice(message: Message, match_id: str, *, happening_id: str) -> str:
    """A sponsor is told of what happened to the prisoner of a match."""
    return f"{message}:{match_id}:{happening_id}"


def office_invited(office_id: str, *, at: datetime) -> str:
    """Somebody is invited to act for a sponsor: asked again, a fresh link as seldom as a confirmation."""
    slot = int(at.timestamp()) // (RESEND_MINUTES * 60)
    return f"{Message.OFFICE_INVITED}:{office_id}:{slot}"


def office_joined(office_id: str) -> str:
    """Somebody whom a sponsor invited has followed the invitation."""
    return f"{Message.OFFICE_JOINED}:{office_id}"


def alert(alert_id: str, account_id: str) -> str:
    """An administrator is told of an alert."""
    return f"{Message.ALERT}:{alert_id}:{account_id}"
