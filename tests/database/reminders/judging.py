"""A mail server that judges what it gets, and that fails as mail servers do.

It is told nothing by the program: it keeps its own book of who has died, who rests, whose mailbox is gone, what it took
and where each sponsor's clock stands, and refuses to believe in any mail that should not have come.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from app import clock
from app.database import session
from app.mail.building import Envelope
from app.mail.outbox import Message
from app.mail.outcomes import Outcome, Refusal, Result, Trouble
from app.models import OutgoingMail, Reminder
from app.reminder_words import ReminderKind
from app.reminders import Occasion
from app.reminders.occasions import KEEPS
from app.vocabulary import EventType

MAIL_ID = re.compile(rb"Message-ID: <([a-z2-7]{16})@")

TOLD_AFTER = {EventType.RELEASE: Message.RELEASED, EventType.DEATH: Message.CONDOLENCE}
"""The one mail about somebody that may follow what ended their match."""

ABOUT_THEMSELVES = frozenset({ReminderKind.LONG_QUIET, ReminderKind.RE_CONSENT})
MOURNING = timedelta(days=28)
NEVER = datetime.min.replace(tzinfo=UTC)

_ROWS = (
    select(OutgoingMail.account_id, OutgoingMail.message, OutgoingMail.match_id, Reminder.occasion)
    .outerjoin(Reminder, (Reminder.mail_id == OutgoingMail.id) & Reminder.left_out.is_(None))
    .where(OutgoingMail.id == bindparam("mail"))
)


class WorkerKilled(Exception):
    """The worker dies with a mail in its hands."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a mail, how often in ten thousand, whether the server has it then, and what we hear of it.

    `answer` is None where nobody lives to hear it.
    """

    name: str
    weight: int
    answer: Result | None
    takes: bool = True


_LOST = Result(Outcome.UNKNOWN, "connection_lost")
REFUSES = Fate("refuses the mailbox", 40, Result(Outcome.REFUSED_FOR_GOOD, Refusal.RECIPIENT), takes=False)
RETURNS = Fate("takes it and returns it", 40, Result(Outcome.DELIVERED))
FATES = (
    Fate("takes it", 9600, Result(Outcome.DELIVERED)),
    Fate("puts it off", 200, Result(Outcome.REFUSED_FOR_NOW, "smtp_451"), takes=False),
    Fate("hangs up before it has it", 40, _LOST, takes=False),
    Fate("takes it and hangs up", 40, _LOST),
    Fate("kills us before it has it", 20, None, takes=False),
    Fate("takes it and kills us", 20, None),
    REFUSES,
    RETURNS,
)


def weights(times: int) -> list[int]:
    """How often each fate comes where everything goes wrong so many times as often."""
    return [fate.weight if fate is FATES[0] else fate.weight * times for fate in FATES]


@dataclass
class Book:
    """What the judge knows.

    By account its zone and, for each day, the mail with reminders; by match what took its prisoner away; by mail how
    it would come back, and whether a coordinator had one sent again that may have gone.
    """

    zones: dict[str, str] = field(default_factory=dict)
    resting: set[str] = field(default_factory=set)
    gone: dict[str, EventType] = field(default_factory=dict)
    mourns_since: dict[str, date] = field(default_factory=dict)
    unwanted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seen: dict[str, str] = field(default_factory=dict)
    days: dict[tuple[str, date], str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    sent_again: set[str] = field(default_factory=set)
    may_come_again: set[str] = field(default_factory=set)
    mailboxes_gone: set[str] = field(default_factory=set)
    returning: list[tuple[str, str]] = field(default_factory=list)
    unreachable_until: datetime = NEVER
    fates: Counter[str] = field(default_factory=Counter)
    reminding_mails: int = 0


class Judge:
    """Stands where the connection to the mail server stands, and takes every mail that may be believed."""

    book = Book()
    dice = Random(0)
    weights = weights(1)

    def __enter__(self) -> "Judge":
        return self

    def __exit__(self, *_failure: object) -> None:
        """Nothing to close."""

    def announce(self, sender: str) -> None:
        """Says nothing: a mail is judged when it is handed over."""

    def address(self, recipient: str) -> None:
        """Says nothing, as `announce`."""

    def hand_over(self, envelope: Envelope) -> Result:
        found = MAIL_ID.search(envelope.content)
        assert found is not None
        mail_id = found[1].decode()
        rows = session().connection().execute(_ROWS, {"mail": mail_id}).all()
        session().rollback()
        account_id, message, match_id, _occasion = rows[0]
        occasions = [Occasion.parse(row.occasion) for row in rows if row.occasion]
        self._judge(mail_id, account_id, match_id, message)
        self._judge_reminders(mail_id, account_id, occasions)
        if clock.now() < self.book.unreachable_until:
            self.book.fates["is not there"] += 1
            return Result(Outcome.UNREACHABLE, Trouble.SERVER_UNREACHABLE)
        fate = self.dice.choices(FATES, weights=self.weights)[0]
        self.book.fates[fate.name] += 1
        if fate.takes:
            self._take(mail_id, account_id, occasions)
        if fate is REFUSES:
            self.book.mailboxes_gone.add(account_id)
        if fate is RETURNS:
            self.book.returning.append((mail_id, envelope.sender))
        if fate.answer is None:
            raise WorkerKilled
        return fate.answer

    def _judge(self, mail_id: str, account_id: str, match_id: str | None, message: str) -> None:
        book, what = self.book, self.book.gone.get(match_id or "")
        assert account_id not in book.mailboxes_gone, "to a mailbox that is gone"
        assert mail_id not in book.taken or mail_id in book.may_come_again, f"taken twice: {message}"
        assert what is None or message == TOLD_AFTER[what], f"after a {what}: {message}"

    def _judge_reminders(self, mail_id: str, account_id: str, occasions: Sequence[Occasion]) -> None:
        if not occasions:
            return
        book, there = self.book, clock.now().astimezone(ZoneInfo(self.book.zones[account_id]))
        today = there.date()
        assert time(8) <= there.time() <= time(10), f"outside the morning: {there}"
        assert book.days.get((account_id, today), mail_id) == mail_id, "two mails on one day"
        assert account_id not in book.resting, "to somebody who takes a pause"
        mourning = today < book.mourns_since.get(account_id, date.min) + MOURNING
        for occasion in occasions:
            assert book.seen.get(occasion.key, mail_id) == mail_id, f"twice: {occasion.key}"
            assert occasion.match_id not in book.gone, f"after a release or a death: {occasion.key}"
            assert occasion.kind not in book.unwanted[account_id], f"not wanted: {occasion.key}"
            assert not (mourning and occasion.kind in ABOUT_THEMSELVES), f"in mourning: {occasion.key}"
            assert occasion.goes_on <= today, f"too early: {occasion.key}"
            assert today <= occasion.goes_on + KEEPS[occasion.kind], f"stale: {occasion.key}"

    def _take(self, mail_id: str, account_id: str, occasions: Sequence[Occasion]) -> None:
        book, zone = self.book, ZoneInfo(self.book.zones[account_id])
        book.taken.add(mail_id)
        book.may_come_again.discard(mail_id)
        if occasions:
            book.reminding_mails += 1
            book.days[account_id, clock.now().astimezone(zone).date()] = mail_id
            book.seen |= dict.fromkeys((occasion.key for occasion in occasions), mail_id)
