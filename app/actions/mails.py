"""Mails of which only a person can say whether they went."""

from enum import StrEnum

from sqlalchemy import select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import MAIL_QUEUED, locked, session
from app.errors import BadInput, InvalidTransition
from app.models import OutgoingMail
from app.transitions import MAIL_MOVES, check_move
from app.vocabulary import OutgoingState


class Finding(StrEnum):
    """What a person found out about a mail in doubt: it went, or it is to be sent again."""

    SENT = "sent"
    REQUEUE = "requeue"


_STATES = {Finding.SENT: OutgoingState.SENT, Finding.REQUEUE: OutgoingState.QUEUED}


def resolve(*, mail_id: str, finding: Finding, by: str | None) -> OutgoingMail:
    """Settle a mail in doubt. `by` is the id of the account that decides, None for the command line.

    Raises BadInput when there is no such mail, InvalidTransition when it is not in doubt.
    """
    mail = session().scalar(locked(select(OutgoingMail).where(OutgoingMail.id == mail_id)))
    if mail is None:
        raise BadInput(f"There is no mail {mail_id}.")
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
