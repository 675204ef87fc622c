"""Answers to reminders by their links: the letter is in the post, remind me later, I need a pause.

Whoever has the mail may answer once each; nobody is logged in, and nothing is shown to them.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite

from app.actions import audit, letters, preferences
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import session
from app.errors import NotFound
from app.mail import outbox
from app.models import MailAnswer, OutgoingMail
from app.permissions import Viewer
from app.queries import mailed_links, sponsors
from app.queries.accounts import viewer_of
from app.queries.letters import today_in
from app.queries.reminders import going_out_to
from app.vocabulary import ReminderAnswer

PAUSE: Final = timedelta(days=28)
"""A pause by a link ends by itself: whoever was forwarded the mail silences nobody for long."""


def answer(token: str, said: ReminderAnswer) -> OutgoingMail:
    """Do what the link says, once, and return the reminder that it was in.

    Raises NotFound for a link that may not act (any more), and where there is nothing left to do: the match has ended,
    say, or it is too late to remind again.
    """
    mail = mailed_links.answerable(token, said)
    if mail is None or not _use_up(mail, said):
        raise NotFound("This link has been used or is too old.")
    by = viewer_of(mail.account)
    _ACTS[said](mail, by)
    audit.record(
        action=AuditAction(f"answer_{said}"),
        by=by.account_id,
        entity=AuditEntity.OUTGOING_MAIL,
        entity_id=mail.id,
        fields=["answer"],
    )
    return mail


def _use_up(mail: OutgoingMail, said: ReminderAnswer) -> bool:
    """Whether this is the first time; of two at once the second waits here until the first is done."""
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    using = insert(MailAnswer).values(mail_id=mail.id, answer=said, answered_at=now()).on_conflict_do_nothing()
    return session().scalar(using.returning(MailAnswer.mail_id)) is not None


def _note_letter(mail: OutgoingMail, by: Viewer) -> None:
    letters.record_sent(match_id=mail.match_id or "", by=by, sent_on=today_in(mail.account.time_zone))


def _put_off(mail: OutgoingMail, by: Viewer) -> None:
    """The reminder that was put off is an occasion of its own, queued now and asked about again when it goes."""
    occasion = mailed_links.put_off(mail)
    if occasion is None:
        raise NotFound("It is too late to remind you again.")
    outbox.enqueue(
        message=outbox.Message(mail.message),
        occasion=occasion.key,
        account_id=by.account_id,
        match_id=mail.match_id,
        due_at=going_out_to(occasion, mail.account, now()),
    )


def _pause(mail: OutgoingMail, by: Viewer) -> None:
    """Whoever takes a pause already keeps it as it is, which may be the longer one."""
    today = today_in(mail.account.time_zone)
    sponsor = sponsors.own(by)
    if sponsor is None or not sponsor.takes_pause(today):
        preferences.pause(by=by, resumes_on=today + PAUSE)


_ACTS: Mapping[ReminderAnswer, Callable[[OutgoingMail, Viewer], None]] = {
    ReminderAnswer.SENT: _note_letter,
    ReminderAnswer.LATER: _put_off,
    ReminderAnswer.PAUSE: _pause,
}
