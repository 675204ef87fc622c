"""The outbox: what actions write to. A row stands for a reason to mail somebody; its text is made when it is sent.

Every function here belongs inside the caller's `with transaction():`, so that a change and its mail are kept together
or not at all.
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select, true, update

from app.clock import now
from app.database import MAIL_QUEUED, WRITING, inserting, session
from app.models import OutgoingMail, Reminder
from app.vocabulary import UNSENT, OutgoingState


class Message(StrEnum):
    """The mails that the site knows how to write; `app.mail.messages` has one module for each, reminders share one."""

    CONFIRM_ADDRESS = "confirm_address"
    ALREADY_REGISTERED = "already_registered"
    SPONSOR_VETTED = "sponsor_vetted"
    SPONSOR_REJECTED = "sponsor_rejected"
    OFFER = "offer"
    RELEASED = "released"
    CONDOLENCE = "condolence"
    MOVED = "moved"
    IN_TRANSFER = "in_transfer"
    RETURNED = "returned"
    OFFER_WITHDRAWN = "offer_withdrawn"
    MATCH_RESTS = "match_rests"
    MATCH_ENDED = "match_ended"
    LETTER_DUE = "letter_due"
    BIRTHDAY_AHEAD = "birthday_ahead"
    HOLIDAY_AHEAD = "holiday_ahead"
    ACTION_IDEA = "action_idea"
    SPEAK_UP_DATE = "speak_up_date"
    OFFER_UNANSWERED = "offer_unanswered"
    OFFER_LAPSED = "offer_lapsed"
    LONG_QUIET = "long_quiet"
    MANDATE_ENDING = "mandate_ending"
    RE_CONSENT = "re_consent"
    SEVERAL_REMINDERS = "several_reminders"
    RESET_PASSWORD = "reset_password"  # noqa: S105  # a name, not a password
    CONFIRM_NEW_ADDRESS = "confirm_new_address"
    ADDRESS_CHANGED = "address_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    OFFICE_INVITED = "office_invited"
    OFFICE_JOINED = "office_joined"
    PROVE_OFFICIAL = "prove_official"
    ALERT = "alert"
    INVITATION = "invitation"
    ACCESS_CHANGED = "access_changed"
    LOGIN_CLOSED = "login_closed"


class Withdrawal(StrEnum):
    """Why a mail that had not gone yet was taken out of the outbox."""

    TAKEN_BACK = "taken_back"
    MATCH_CHANGED = "match_changed"
    EVENT_RECORDED = "event_recorded"
    SPONSOR_LEFT = "sponsor_left"
    ACCOUNT_CLOSED = "account_closed"


def enqueue(
    *,
    message: Message,
    occasion: str,
    account_id: str,
    match_id: str | None = None,
    due_at: datetime | None = None,
) -> OutgoingMail | None:
    """Put a mail into the outbox, to go at `due_at` (now, where none is given).

    One mail per occasion, ever: for an occasion that exists already nothing is added, None is returned and the
    transaction goes on, however many do this at once. `app.mail.occasions` makes them. The account and the match must
    be in the database or in the session. Raises RuntimeError outside `transaction()`, where the row would be lost
    without a word.
    """
    if not session().info.get(WRITING):
        raise RuntimeError("a mail is put into the outbox inside `with transaction():`")
    moment = now()
    adding = (
        inserting(OutgoingMail)
        .values(
            message=message,
            occasion=occasion,
            account_id=account_id,
            match_id=match_id,
            state=OutgoingState.QUEUED,
            created_at=moment,
            due_at=due_at or moment,
        )
        .on_conflict_do_nothing(index_elements=["occasion"])
        .returning(OutgoingMail)
    )
    session().info[MAIL_QUEUED] = True
    return session().scalars(adding).one_or_none()


def wake() -> None:
    """Wake the worker at the end of the transaction, as a mail would: so that nobody sees by the time it takes (A2)."""
    session().info[MAIL_QUEUED] = True


def withdraw_unsent(match_id: str, *, reason: Withdrawal, message: Message | None = None) -> int:
    """Suppress every mail about the match (or only its `message`) that has not gone yet, and return how many.

    A mail already being handed over is not among them: 0 where one was expected means that it went, or is going.
    """
    return withdraw_all_unsent([match_id], reason=reason, message=message)


def withdraw_all_unsent(match_ids: Collection[str], *, reason: Withdrawal, message: Message | None = None) -> int:
    """The same for several matches, as many as one statement may name."""
    which = true() if message is None else OutgoingMail.message == message
    if message is None:
        _leave_out(match_ids, reason)
    return _withdraw(OutgoingMail.match_id.in_(match_ids) & which, reason)


def _leave_out(match_ids: Collection[str], reason: Withdrawal) -> None:
    """Take reminders about the matches out of the mails that they share with others; what is left still goes."""
    unsent = select(OutgoingMail.id).where(OutgoingMail.state.in_(UNSENT))
    taking_out = (
        update(Reminder)
        .where(Reminder.match_id.in_(match_ids), Reminder.left_out.is_(None), Reminder.mail_id.in_(unsent))
        .values(left_out=reason)
        .execution_options(synchronize_session=False)
    )
    session().execute(taking_out)


def withdraw_all_to(account_id: str, *, reason: Withdrawal) -> int:
    """Suppress every mail to the account that has not gone yet, whatever it is about, and return how many."""
    return _withdraw(OutgoingMail.account_id == account_id, reason)


def _withdraw(which: ColumnElement[bool], reason: Withdrawal) -> int:
    taking_out = (
        update(OutgoingMail)
        .where(which, OutgoingMail.state.in_(UNSENT))
        .values(state=OutgoingState.SUPPRESSED, reason=reason)
        .execution_options(synchronize_session="fetch")
    )
    return session().execute(taking_out).rowcount  # type: ignore[attr-defined, no-any-return]
