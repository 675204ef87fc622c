"""A row's way through the outbox: claimed by one worker, given its next step, or found with its worker gone.

Every function here belongs inside `with transaction():`, and every claim is committed before anything is handed over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ScalarSelect, bindparam, func, select, update

from app.database import session
from app.mail.outcomes import Step
from app.models import OutgoingMail
from app.transitions import MAIL_MOVES, check_move
from app.vocabulary import OutgoingState

LEASE = timedelta(minutes=10)
"""Longer than any hand-over: about a dozen answers are waited for, each no longer than the mail timeout."""

LEASE_RAN_OUT = "lease_ran_out"
EXPIRED_AT_ONCE = 500

log = structlog.get_logger()


def _due(state: OutgoingState) -> ScalarSelect[str]:
    """The mail in this state that has been due longest, and that nobody else is claiming."""
    check_move(MAIL_MOVES, state, OutgoingState.SENDING)
    due = select(OutgoingMail.id).where(OutgoingMail.state == state, OutgoingMail.due_at <= bindparam("moment"))
    return due.order_by(OutgoingMail.due_at).limit(1).with_for_update(skip_locked=True).scalar_subquery()


# One statement each, made once: delivery spends most of its time here. One state at a time: the index then gives the
# first row without sorting the queue.
_CLAIM = (
    update(OutgoingMail)
    .where(OutgoingMail.id == func.coalesce(_due(OutgoingState.WAITING), _due(OutgoingState.QUEUED)))
    .values(
        state=OutgoingState.SENDING,
        lease_until=bindparam("lease"),
        attempts=OutgoingMail.attempts + 1,
        reason=None,
    )
    .returning(OutgoingMail.id, OutgoingMail.attempts)
)
_RECORD = (
    update(OutgoingMail)
    .where(
        OutgoingMail.id == bindparam("mail"),
        OutgoingMail.state == OutgoingState.SENDING,
        OutgoingMail.lease_until == bindparam("lease"),
    )
    .values(
        state=bindparam("next"),
        attempts=bindparam("tried"),
        reason=bindparam("why"),
        due_at=func.coalesce(bindparam("due", type_=OutgoingMail.due_at.type), OutgoingMail.due_at),
        sent_at=bindparam("sent"),
        lease_until=None,
    )
)


@dataclass(frozen=True)
class Claim:
    """A mail that is this worker's to send until `lease_until`, and never again after."""

    mail_id: str
    lease_until: datetime
    attempts: int


def claim_next(moment: datetime) -> Claim | None:
    """Claim the mail that has been due longest, those tried before first; None when nothing is due.

    Rows that another worker is claiming are passed over.
    """
    lease_until = moment + LEASE
    claimed = session().connection().execute(_CLAIM, {"moment": moment, "lease": lease_until}).one_or_none()
    return Claim(claimed.id, lease_until, claimed.attempts) if claimed else None


def record(claim: Claim, step: Step, *, moment: datetime) -> OutgoingState | None:
    """Write down what came of the claim, and return the mail's state.

    None when the claim no longer holds: the mail was erased with its account, or its lease ran out and a person has
    been asked. Then nothing is written, since what stands there is newer than what this worker knows.
    """
    check_move(MAIL_MOVES, OutgoingState.SENDING, step.state)
    values = {
        "mail": claim.mail_id,
        "lease": claim.lease_until,
        "next": step.state,
        "tried": step.attempts,
        "why": step.reason,
        "due": step.due_at,
        "sent": moment if step.state is OutgoingState.SENT else None,
    }
    if session().connection().execute(_RECORD, values).rowcount == 0:
        log.warning("mail_claim_lost", mail=claim.mail_id, wanted=step.state)
        return None
    log.info("mail_handled", mail=claim.mail_id, state=step.state, reason=step.reason)
    return step.state


def give_up_expired(moment: datetime) -> int:
    """Put mails whose worker is gone `in_doubt`, and return how many.

    The worker may have died before or after the server took the mail: nobody can know, so it is never sent again
    unless a person says so.
    """
    expired = (
        select(OutgoingMail)
        .where(OutgoingMail.state == OutgoingState.SENDING, OutgoingMail.lease_until < moment)
        .limit(EXPIRED_AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    mails = session().scalars(expired).all()
    for mail in mails:
        check_move(MAIL_MOVES, mail.state, OutgoingState.IN_DOUBT)
        mail.state, mail.reason, mail.lease_until = OutgoingState.IN_DOUBT, LEASE_RAN_OUT, None
        log.warning("mail_in_doubt", mail=mail.id, reason=LEASE_RAN_OUT)
    return len(mails)
