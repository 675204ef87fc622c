"""Mails of which only a person can say whether they went."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import MAIL_QUEUED, locked, session
from app.errors import BadInput, InvalidTransition, NotAllowed, NotFound, StaleRecord
from app.models import OutgoingMail
from app.permissions import Permission, Viewer, allowed
from app.queries.scope import mails_of
from app.transitions import MAIL_MOVES, check_move
from app.vocabulary import OutgoingState


class Finding(StrEnum):
    """What a person found out about a mail in doubt: it went, or it is to be sent again."""

    SENT = "sent"
    REQUEUE = "requeue"


_STATES = {Finding.SENT: OutgoingState.SENT, Finding.REQUEUE: OutgoingState.QUEUED}


def resolve(*, mail_id: str, finding: Finding, by: Viewer, seen_due_at: datetime | None) -> OutgoingMail:
    """Settle a mail in doubt, for somebody who may, about a recipient of theirs.

    `seen_due_at` is when the mail was due as the person saw it: it moves whenever a mail is sent again. None for the
    command line, which shows nothing first. Raises NotAllowed, NotFound outside the person's scope, StaleRecord when
    the mail was settled since they saw it, InvalidTransition when it is not in doubt.
    """
    if not allowed(by, Permission.SETTLE_MAILS):
        raise NotAllowed("Only coordinators settle mails, and administrators those to staff.")
    mail = session().scalar(locked(select(OutgoingMail).where(OutgoingMail.id == mail_id, mails_of(by))))
    if mail is None:
        raise NotFound("There is no such mail.")
    if seen_due_at is not None and mail.due_at != seen_due_at:
        raise StaleRecord("Somebody settled this mail since you opened the page.")
    return _settle(mail, finding, by=by.account_id)


def resolve_unsigned(*, mail_id: str, finding: Finding) -> OutgoingMail:
    """The same for the command line, whose user may do everything; the audit trail names nobody.

    Raises BadInput when there is no such mail, InvalidTransition when it is not in doubt.
    """
    mail = session().scalar(locked(select(OutgoingMail).where(OutgoingMail.id == mail_id)))
    if mail is None:
        raise BadInput(f"There is no mail {mail_id}.")
    return _settle(mail, finding, by=None)


def _settle(mail: OutgoingMail, finding: Finding, *, by: str | None) -> OutgoingMail:
    if mail.state is not OutgoingState.IN_DOUBT:
        raise InvalidTransition(f"This mail is {mail.state.value}, not in doubt: there is nothing to settle.")
    check_move(MAIL_MOVES, mail.state, _STATES[finding])
    mail.state, mail.reason = _STATES[finding], None
    if finding is Finding.SENT:
        mail.sent_at = now()
    else:
        mail.due_at, mail.attempts = now(), 0
        session().info[MAIL_QUEUED] = True
    audit.record(
        action=AuditAction(f"resolve_mail_{finding}"),
        by=by,
        entity=AuditEntity.OUTGOING_MAIL,
        entity_id=mail.id,
        fields=["state"],
    )
    return mail
