"""Years of a programme, played day by day through the real schedule and delivery, with a mail server that judges.

The clock goes from one moment at which something can be due to the next: in between nothing can go wrong.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app import clock
from app.actions import events, letters, matches, preferences, reminder_answers
from app.actions.events import EventOrder
from app.actions.reminders import Round
from app.database import session
from app.errors import VestkaError
from app.mail.delivery import deliver_due, paused_until
from app.models import Match, OutgoingMail, Prisoner
from app.partial_date import PartialDate
from app.permissions import Viewer
from app.queries import mailed_links
from app.queries.accounts import viewer_of
from app.reminder_words import ReminderAnswer
from app.reminders.occasions import KEEPS
from app.transaction import transaction
from app.vocabulary import UNSENT, EventType, MatchState, OutgoingState, Publicity, SupportKind
from tests.database.reminders.judging import Book, Judge, WorkerKilled, weights
from tests.database.reminders.stock import Stock
from tests.factories import (
    make_account,
    make_coordinator,
    make_facility,
    make_match,
    make_prisoner,
    make_sponsor,
    vouch_for,
)

DAY = timedelta(days=1)
MONTH = 30 * DAY
BEGINS = datetime(2027, 1, 10, tzinfo=UTC)
"""Two years from here hold a 29 February, and every change of the clocks twice."""

ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "Asia/Tehran",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Niue", "UTC",
)  # fmt: skip


_FIRST_DUE = select(func.min(OutgoingMail.due_at)).where(OutgoingMail.state.in_(UNSENT))
_FIRST_LEASE = select(func.min(OutgoingMail.lease_until)).where(OutgoingMail.state == OutgoingState.SENDING)


class Years:
    """A programme of so many sponsors in twelve time zones, and what befalls them and their mails."""

    def __init__(self, *, sponsors: int, seed: int, rough: int = 1) -> None:
        self.book = Judge.book = Book()
        Judge.weights = weights(rough)
        self.moment = BEGINS
        self._dice = Judge.dice = Random(seed)  # to be had again, not to be kept secret
        self._places = [make_facility() for _ in range(4)]
        self._staff = viewer_of(make_coordinator(roles=("coordinator", "programme")))
        self._stock = Stock(self.book, self._dice, coordinator=self._staff)
        with clock.at(BEGINS), transaction():
            begun = [self._begin(number) for number in range(sponsors)]
            self._viewers = {match.id: viewer_of(match.sponsor.account) for match in begun}

    def _begin(self, number: int) -> Match:
        zone = ZONES[number % len(ZONES)]
        account = make_account(time_zone=zone)
        godparent = number % 3 == 0
        sponsor = make_sponsor(
            created_at=BEGINS, account=account, letters_a_month=[1, 1, 2, 1, 1, 4][number % 6],
            capacity=3,
            quiet_days=[[], [5, 6], [0]][number % 3],
            mandate_ends=(BEGINS + 400 * DAY).date() if number % 5 == 0 else None,
        )  # fmt: skip
        born = PartialDate(1984, 2, 29) if number % 4 == 0 else PartialDate(1980, 1 + number % 12, 15)
        prisoner = self._prisoner(number, birth_date=born)
        self.book.zones[account.id] = zone
        kind = SupportKind.GODPARENT if godparent else SupportKind.LETTER_WRITER
        begun = BEGINS - (number % 15) * DAY
        return make_match(sponsor=sponsor, prisoner=prisoner, kind=kind, state=MatchState.ACTIVE, answered_at=begun)

    def _prisoner(self, number: int, **changes: Any) -> Prisoner:
        arrested_on, place = PartialDate(2022, 1 + number % 12, 3), self._places[number % 4]
        return make_prisoner(arrested_on=arrested_on, publicity=Publicity.PUBLIC, facility=place, **changes)

    def pass_days(self, days: int) -> None:
        """Let so many days go by; now and then the worker is down for some of them, or the mail server is."""
        down, counted = 0, self.moment
        for _ in range(days):
            down = down - 1 if down > 0 else self._dice.choice([0] * 40 + [1, 3, 9])
            self._befall()
            if not down:
                self._work()
            self._stock.note_queued(since=self.moment)
            self.moment += DAY
            if not down and self.moment - counted >= MONTH:
                counted = self.moment
                with clock.at(counted):
                    self._stock.take()

    def _befall(self) -> None:
        """What happens on a day, whether the worker is there or not."""
        if self._dice.random() < 1 / 50:
            self.book.unreachable_until = self.moment + timedelta(hours=self._dice.randrange(6, 60))
        with clock.at(self.moment):
            self._stock.settle()
        for happen in self._dice.choices(HAPPENINGS, k=max(1, len(self._viewers) // 160)):
            with clock.at(self.moment + timedelta(minutes=self._dice.randrange(1440))):
                self._try(happen)

    def _work(self) -> None:
        """One round at some moment of the day, and a worker that looks as often as mail falls due."""
        now = self.moment + timedelta(minutes=self._dice.randrange(600))
        with clock.at(now):
            scheduling = Round()
            while not scheduling.is_over:
                with transaction():
                    scheduling.take_batch()
        while (look := self._next_look(now)) is not None and look < self.moment + DAY:
            now = look + timedelta(seconds=self._dice.randrange(1, 600))
            with clock.at(now), suppress(WorkerKilled):
                deliver_due()

    def _next_look(self, now: datetime) -> datetime | None:
        """When the worker has something to do next, from now on: a mail falls due, or a dead worker's is given up."""
        waiting, held = (session().scalar(first) for first in (_FIRST_DUE, _FIRST_LEASE))
        with clock.at(now):
            paused = paused_until()
        session().rollback()
        due = max(filter(None, (waiting, paused, now))) if waiting else None
        given_up = max(held, now) if held else None
        return min(filter(None, (due, given_up)), default=None)

    def _try(self, happen: Callable[["Years", str, Viewer], None]) -> None:
        """What cannot be, is not; the book is written where it was."""
        match_id = self._dice.choice(list(self._viewers))
        try:
            with transaction():
                happen(self, match_id, self._viewers[match_id])
        except VestkaError:
            return

    # What can befall a match. Each is one of the program's own verbs, noted in the book.

    def write(self, match_id: str, by: Viewer) -> None:
        """A letter goes off."""
        zone = ZoneInfo(self.book.zones[by.account_id])
        letters.record_sent(match_id=match_id, by=by, sent_on=clock.now().astimezone(zone).date())

    def answer(self, _match_id: str, by: Viewer) -> None:
        """One of the newest mail's links is pressed."""
        query = select(OutgoingMail).where(OutgoingMail.account_id == by.account_id)
        mail = session().scalar(query.order_by(OutgoingMail.created_at.desc()).limit(1))
        said = self._dice.choice([ReminderAnswer.LATER, ReminderAnswer.GO_ON, ReminderAnswer.SENT])
        if mail is not None:
            reminder_answers.answer(mailed_links.answer_token(mail), said)

    def rest(self, _match_id: str, by: Viewer) -> None:
        """The sponsor takes a pause without an end, or goes on."""
        if by.account_id in self.book.resting:
            preferences.end_pause(by=by)
            self.book.resting.discard(by.account_id)
        else:
            preferences.pause(by=by, resumes_on=None)
            self.book.resting.add(by.account_id)

    def refuse_kind(self, _match_id: str, by: Viewer) -> None:
        """The sponsor ends one kind of reminder."""
        kind = self._dice.choice(sorted(KEEPS))
        preferences.unsubscribe(by.account_id, [kind], from_all=False)
        self.book.unwanted[by.account_id].add(kind)

    def move(self, match_id: str, _by: Viewer) -> None:
        """The prisoner is moved; a coordinator vouches for the new address at once, or not."""
        prisoner_id = session().get_one(Match, match_id).prisoner_id
        place = self._dice.choice(self._places)
        order = EventOrder(
            prisoner_id=prisoner_id, type=EventType.TRANSFER, day=clock.today(), source="a list", facility_id=place.id
        )
        recorded = events.record(order, by=self._staff)
        if self._dice.random() < 0.8:
            vouch_for(recorded.event.prisoner)

    def vouch(self, match_id: str, _by: Viewer) -> None:
        """A coordinator looks at an address."""
        vouch_for(session().get_one(Match, match_id).prisoner)

    def release(self, match_id: str, by: Viewer) -> None:
        self._lose(match_id, by, EventType.RELEASE)

    def die(self, match_id: str, by: Viewer) -> None:
        self._lose(match_id, by, EventType.DEATH)

    def _lose(self, match_id: str, by: Viewer, what: EventType) -> None:
        """It ends the match; the sponsor takes somebody else up."""
        lost = session().get_one(Match, match_id)
        order = EventOrder(prisoner_id=lost.prisoner_id, type=what, day=clock.today(), source="the family")
        events.record(order, by=self._staff)
        self.book.gone[match_id] = what
        if what is EventType.DEATH:
            self.book.mourns_since[by.account_id] = clock.today()
        prisoner = self._prisoner(self._dice.randrange(12))
        values = {"sponsor_id": lost.sponsor_id, "prisoner": prisoner, "kind": lost.kind, "state": MatchState.ACTIVE}
        self._viewers[make_match(**values).id] = self._viewers.pop(match_id)

    def let_rest(self, match_id: str, _by: Viewer) -> None:
        """A coordinator lets the match rest, or has it go on."""
        match = session().get_one(Match, match_id)
        change = matches.go_on if match.state is MatchState.PAUSED else partial(matches.pause, telling=False)
        change(match_id=match_id, by=self._staff, seen_version=match.version, note="agreed")


HAPPENINGS = (
    *[Years.write] * 10, *[Years.answer] * 8, *[Years.vouch] * 6, *[Years.move] * 2, *[Years.let_rest] * 2,
    *[Years.rest] * 2, Years.refuse_kind, Years.release, Years.die,
)  # fmt: skip
