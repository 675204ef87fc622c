"""Answers to reminders by their links: the letter is in the post, I go on, remind me later, I need a pause.

Whoever has the mail may answer once each; nobody is logged in, and nothing is shown to them.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from app.actions import audit, letters, preferences, signs
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import inserting, session
from app.errors import NotFound
from app.mail.gathering import Due, gather
from app.models import MailAnswer, OutgoingMail
from app.permissions import Viewer
from app.queries import mailed_links, offices, reminder_mails, sponsors
from app.queries.accounts import viewer_of
from app.queries.letters import today_in
from app.reminder_words import ReminderAnswer, ReminderKind
from app.reminders import ABOUT_POST

PAUSE: Final = timedelta(days=28)
"""A pause by a link ends by itself: whoever was forwarded the mail silences nobody for long."""


def answer(token: str, said: ReminderAnswer) -> OutgoingMail:
    """Do what the link says, once, and return the mail that it was in. Whatever it says, it is a sign of life.

    Raises NotFound for a link that may not act (any more), and where there is nothing left to do: the match has ended,
    say, or it is too late to remind again.
    """
    mail = mailed_links.answerable(token, said)
    if mail is None or not _use_up(mail, said):
        raise NotFound("This link has been used or is too old.")
    reader = offices.reader_then(mail)
    if reader is None:
        raise NotFound("This link has been used or is too old.")
    by = viewer_of(reader)
    ended = signs.note(by.sponsor_id)
    _ACTS[said](mail, by)
    answered = audit.Happening(AuditAction(f"answer_{said}"), AuditEntity.OUTGOING_MAIL, mail.id, ("answer",))
    audit.record_many([*ended, answered], by=by.account_id)
    return mail


def _use_up(mail: OutgoingMail, said: ReminderAnswer) -> bool:
    """Whether this is the first time; of two at once the second waits here until the first is done."""
    using = inserting(MailAnswer).values(mail_id=mail.id, answer=said, answered_at=now()).on_conflict_do_nothing()
    return session().scalar(using.returning(MailAnswer.mail_id)) is not None


def _note_letter(mail: OutgoingMail, by: Viewer) -> None:
    [match_id] = (part.match_id for part in reminder_mails.parts(mail) if part.kind in ABOUT_POST)
    letters.record_sent(match_id=match_id or "", by=by, sent_on=today_in(mail.account.time_zone))


def _put_off(mail: OutgoingMail, _by: Viewer) -> None:
    """A reminder that was put off is an occasion of its own, queued now and asked about again when it goes."""
    later = mailed_links.put_off(mail)
    if not later:
        raise NotFound("It is too late to remind you again.")
    account, moment = mail.account, now()
    gather([Due(one, account.id, reminder_mails.going_out_to(one, account, moment)) for one in later])


def _go_on(mail: OutgoingMail, by: Viewer) -> None:
    """To the yearly question this is the answer; to whoever asked after a long silence it is the sign of life."""
    if any(part.kind is ReminderKind.RE_CONSENT for part in reminder_mails.parts(mail)):
        preferences.go_on_for_a_year(by=by)


def _pause(mail: OutgoingMail, by: Viewer) -> None:
    """Whoever takes a pause already keeps it as it is, which may be the longer one."""
    today = today_in(mail.account.time_zone)
    sponsor = sponsors.own(by)
    if sponsor is None or not sponsor.takes_pause(today):
        preferences.pause(by=by, resumes_on=today + PAUSE)


_ACTS: Mapping[ReminderAnswer, Callable[[OutgoingMail, Viewer], None]] = {
    ReminderAnswer.SENT: _note_letter,
    ReminderAnswer.GO_ON: _go_on,
    ReminderAnswer.LATER: _put_off,
    ReminderAnswer.PAUSE: _pause,
}
