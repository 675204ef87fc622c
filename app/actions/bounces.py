"""Mail that came back: what its report changes."""

from enum import StrEnum
from typing import Final

from sqlalchemy import select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.bounces import Fate, Report
from app.database import locked, session
from app.mail.suppressions import suppress
from app.models import OutgoingMail
from app.queries import offices
from app.queries.return_paths import mail_returned_to
from app.transitions import MAIL_MOVES, check_move
from app.vocabulary import OutgoingState, SuppressionReason

MAY_HAVE_GONE = frozenset({OutgoingState.SENT, OutgoingState.IN_DOUBT})
GOES_AGAIN = frozenset({OutgoingState.QUEUED, OutgoingState.WAITING, OutgoingState.SENDING})
"""A mail in doubt that a person had sent again: what comes back is its first try."""

CAME_BACK: Final = "bounced_"
"""Begins the reason of a mail that came back; the status code of the report follows."""


class Verdict(StrEnum):
    """What a report came to."""

    BOUNCED = "bounced"
    DELAYED = "delayed"
    ALREADY = "already"
    FORGED = "forged"


COUNTED: Final = ("messages", *Verdict, "other", "unreadable")
"""What reading a mailbox counts: its mails, what their reports came to, mails without one, and what cannot be read."""


def take(*, report: Report, by: str | None) -> Verdict:
    """Let a report have its effect: a mail that failed for good is marked, and its address gets nothing more.

    Only of a mail that provably is ours, and once: read again, the report changes nothing, also where somebody lifted
    the suppression meanwhile. A refusal for what the mail is, or for who we are, suppresses nobody. `by` is None for
    the command line.
    """
    mail = mail_returned_to(report.sent_to)
    if mail is None:
        return Verdict.FORGED
    if report.fate is Fate.DELAYED:
        return Verdict.DELAYED
    key = (offices.reader_then(mail) or mail.account).email_key
    mail = session().scalars(locked(select(OutgoingMail).where(OutgoingMail.id == mail.id))).one()
    went = mail.state in MAY_HAVE_GONE
    if went:
        check_move(MAIL_MOVES, mail.state, OutgoingState.FAILED)
        mail.state, mail.reason = OutgoingState.FAILED, f"{CAME_BACK}{report.status}"
    suppressed = (went or mail.state in GOES_AGAIN) and report.is_about_mailbox and _suppress(key, mail)
    if not (went or suppressed):
        return Verdict.ALREADY
    fields = ["state"] if went else []
    audit.record(action=AuditAction.BOUNCE, by=by, entity=AuditEntity.OUTGOING_MAIL, entity_id=mail.id, fields=fields)
    return Verdict.BOUNCED


def _suppress(key: str, mail: OutgoingMail) -> bool:
    return suppress(key, SuppressionReason.BOUNCED, mail_id=mail.id)
