"""Mails of reminders as they stand: which occasions share one, which of these still hold, and when it may go."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Row, and_, bindparam, func, or_, select

from app.database import session
from app.models import Account, OutgoingMail, Reminder, Sponsor
from app.queries import reminders
from app.reminders import Occasion, ReminderKind, going_out, why_not_to, zone_of
from app.vocabulary import OutgoingState

SEVERAL = "several_reminders"
"""What a mail with more than one reminder is called; one alone is called by its kind."""

REMINDER_MESSAGES = (*ReminderKind, SEVERAL)
NOTHING_LEFT = "no_longer_due"
ONE_DAY = timedelta(days=1)
_GONE = (OutgoingState.SENT, OutgoingState.IN_DOUBT)

Part = Row[str, ReminderKind, str | None]
"""One reminder of a mail: its `occasion`, `kind` and `match_id`."""

# Asked before each reminder goes: the statements are made once, and asked past the session, which costs more than the
# answers.
_PARTS = (
    select(Reminder.occasion, Reminder.kind, Reminder.match_id)
    .where(Reminder.mail_id == bindparam("mail"), Reminder.left_out.is_(None))
    .order_by(Reminder.occasion)
)
_QUIET_DAYS = select(Sponsor.quiet_days).where(Sponsor.account_id == bindparam("account"))
_ANOTHER_TODAY = (
    select(OutgoingMail.id)
    .where(
        OutgoingMail.account_id == bindparam("account"),
        OutgoingMail.id != bindparam("mail"),
        OutgoingMail.message.in_(REMINDER_MESSAGES),
        or_(
            and_(
                OutgoingMail.state.in_(_GONE),
                func.coalesce(OutgoingMail.sent_at, OutgoingMail.due_at) >= bindparam("begins"),
                func.coalesce(OutgoingMail.sent_at, OutgoingMail.due_at) < bindparam("ends"),
            ),
            # Of two that are on their way at once, one waits: the same one, whoever asks.
            and_(OutgoingMail.state == OutgoingState.SENDING, OutgoingMail.id < bindparam("mail")),
        ),
    )
    .limit(1)
)


def parts(mail: OutgoingMail) -> Sequence[Part]:
    """The reminders that the mail has, without those that were left out, as they are written."""
    return session().connection().execute(_PARTS, {"mail": mail.id}).all()


def known(keys: Iterable[str]) -> set[str]:
    """Those of the occasions that have, or had, a mail."""
    return set(session().scalars(select(Reminder.occasion).where(Reminder.occasion.in_(list(keys)))))


def of_account(account_id: str, kind: ReminderKind) -> Sequence[str]:
    """The occasions of the kind that went to the account, or may have."""
    query = select(Reminder.occasion).join(OutgoingMail, OutgoingMail.id == Reminder.mail_id)
    gone = OutgoingMail.state.in_(_GONE), Reminder.left_out.is_(None)
    return session().scalars(query.where(OutgoingMail.account_id == account_id, Reminder.kind == kind, *gone)).all()


def reasons(mail: OutgoingMail, moment: datetime) -> Mapping[str, str | None]:
    """Of each of the mail's occasions why it must not go now, or None, as everything stands.

    The day is the one on which it would go, so that a mail that has to wait until tomorrow may be too late already.
    """
    occasions = [Occasion.parse(part.occasion) for part in parts(mail)]
    supporter = reminders.of_account(mail.account_id)
    if supporter is None:
        return {occasion.key: "match_changed" for occasion in occasions}
    day = _goes_at(occasions, mail.account, moment, supporter.sponsor.quiet_days).astimezone(
        zone_of(mail.account.time_zone)
    )
    return {occasion.key: why_not_to(supporter, occasion, on=day.date()) for occasion in occasions}


def why_not_send(mail: OutgoingMail, moment: datetime) -> str | None:
    """Why nothing of the mail may go now: the reason of its only reminder, or of the first; None where some may."""
    found = reasons(mail, moment)
    if any(reason is None for reason in found.values()):
        return None
    return next(iter(found.values()), NOTHING_LEFT)


def not_before(mail: OutgoingMail, moment: datetime) -> datetime:
    """When the mail may go that is due now: now, in its reader's own morning, else when the next begins.

    Where another with reminders has gone today, that is the next day's morning: nobody gets two on a day.
    """
    quiet_days = _quiet_days(mail.account_id)
    occasions = [Occasion.parse(part.occasion) for part in parts(mail)]
    goes_at = _goes_at(occasions, mail.account, moment, quiet_days)
    zone = zone_of(mail.account.time_zone)
    today = goes_at.astimezone(zone).date()
    begins, ends = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (today, today + ONE_DAY))
    asked = {"account": mail.account_id, "mail": mail.id, "begins": begins, "ends": ends}
    if session().connection().execute(_ANOTHER_TODAY, asked).scalar() is None:
        return goes_at
    return going_out(today + ONE_DAY, moment=moment, zone=zone, quiet_days=quiet_days)


def _goes_at(
    occasions: Sequence[Occasion], account: Account, moment: datetime, quiet_days: Collection[int]
) -> datetime:
    first = min((occasion.goes_on for occasion in occasions), default=date.min + ONE_DAY)
    return going_out(first, moment=moment, zone=zone_of(account.time_zone), quiet_days=quiet_days)


def going_out_to(occasion: Occasion, account: Account, moment: datetime) -> datetime:
    """When a reminder of the occasion goes to the account, from that moment on."""
    return _goes_at([occasion], account, moment, _quiet_days(account.id))


def _quiet_days(account_id: str) -> Collection[int]:
    return session().connection().execute(_QUIET_DAYS, {"account": account_id}).scalar() or ()
