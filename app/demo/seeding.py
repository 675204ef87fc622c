"""Seeding: invents the demo's world and plays two years of its past, all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.clock import now
from app.demo import logins
from app.demo.history import Calendar
from app.demo.people import InventedPrisoner, InventedSponsor
from app.demo.planting import keeping, mails, matches, record
from app.demo.planting.chronicle import Chronicle
from app.demo.planting.contacts import plant_contacts
from app.demo.planting.letters import Writing
from app.demo.planting.parliament import plant_domain, plant_office
from app.demo.planting.photos import plant_photos
from app.demo.planting.prisoners import plant_places, plant_prisoners
from app.demo.planting.sponsors import hash_for_everybody, name_witness, plant_conflicts, plant_sponsors, plant_staff
from app.demo.prisoners import invent_prisoner
from app.demo.sponsors import invent_sponsor
from app.errors import Conflict, NotAllowed
from app.queries.accounts import by_email
from app.settings import current_settings
from app.transaction import transaction
from app.vocabulary import SupportKind

FEWEST_PRISONERS: Final = 10
FEWEST_SPONSORS: Final = 10

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How large a world is wanted. `matches`: at most so many; None for as many as the runs find."""

    prisoners: int
    sponsors: int
    matches: int | None
    seed: int


def seed(order: Order, *, tell: Tell) -> dict[str, int]:
    """Fill the database, and return the number of prisoners, sponsors and matches; `tell` hears how it goes on.

    Where a world was seeded before, nothing changes and its numbers are returned. Raises NotAllowed outside the demo,
    and Conflict where one of the demo's log-ins is somebody else's.
    """
    if not current_settings().demo:
        raise NotAllowed("Invented people belong into the demo only: set VESTKA_DEMO=1 for one.")
    password_hash = hash_for_everybody(logins.PASSWORD)
    with transaction():
        seeded = record.kept()
        if seeded is not None:
            return seeded
        _check_logins_are_free()
        return _World(order, now(), password_hash).play(tell)


def _check_logins_are_free() -> None:
    for login in logins.printed():
        if by_email(login["email"]) is not None:
            raise Conflict(f"{login['email']} has an account already: seed the demo before anything else.")


class _World:
    """The people of one order, and their past up to a moment."""

    def __init__(self, order: Order, moment: datetime, password_hash: str) -> None:
        self.order, self.password_hash = order, password_hash
        self.calendar = Calendar(moment)
        self.staff = logins.staff(order.seed)
        self.personas = logins.personas(seed=order.seed, calendar=self.calendar)
        self.prisoners = self._invent_prisoners()
        self.sponsors = self._invent_sponsors()
        self.chronicle = Chronicle()
        self.writing = Writing(order.seed, moment)

    def _invent_prisoners(self) -> list[InventedPrisoner]:
        numbers = range(self.order.prisoners)
        return [invent_prisoner(number, seed=self.order.seed, calendar=self.calendar) for number in numbers]

    def _invent_sponsors(self) -> list[InventedSponsor]:
        numbers = range(len(self.personas), self.order.sponsors)
        others = [invent_sponsor(number, seed=self.order.seed, calendar=self.calendar) for number in numbers]
        return [*self.personas, *others]

    def play(self, tell: Tell) -> dict[str, int]:
        """Plant everybody, let two years go by, and keep the record of it."""
        self._begin()
        for number in range(len(self.calendar.runs)):
            self._pass_a_night(number)
            tell(f"{self.calendar.runs[number]:%Y-%m-%d}: {matches.count()} matches")
        self.chronicle.write_until(self.calendar.now)
        spared = frozenset(persona.account_id for persona in self.personas)
        mails.plant(self.chronicle.mails, now=self.calendar.now, sparing=spared)
        keeping.plant(seed=self.order.seed, now=self.calendar.now, sparing=spared)
        name_witness(logins.AFTER_RELEASE, others_than=spared)
        counts = {"prisoners": len(self.prisoners), "sponsors": len(self.sponsors), "matches": matches.count()}
        record.keep(counts, at=self.calendar.now)
        return counts

    def _begin(self) -> None:
        """Staff, places and sponsors; what the sponsors did comes when its time has come."""
        at = self.calendar.appointed_at
        self.chronicle.add(plant_staff(self.staff, password_hash=self.password_hash, at=at))
        plant_places(self.order.seed)
        self.chronicle.add(plant_sponsors(self.sponsors, password_hash=self.password_hash, staff=self.staff))
        self.chronicle.add(plant_domain(self.staff, seed=self.order.seed, at=at))
        member = next(persona for persona in self.personas if persona.email == logins.MEMBER)
        self.chronicle.add(plant_office(member, logins.OFFICE, password_hash=self.password_hash, seed=self.order.seed))

    def _pass_a_night(self, number: int) -> None:
        """Enter the prisoners of a batch, catch up with everybody, run the matching and deal with its proposals."""
        self._enter_batch(number)
        night = self._night(number)
        self.chronicle.write_until(night.moment)
        cast = self._cast()
        for kind in SupportKind:
            matches.run_matching(kind, night, cast, at_most=self._limit(kind, night))
            self.chronicle.add(matches.decisions(kind, night, cast))

    def _limit(self, kind: SupportKind, night: matches.Night) -> int | None:
        """How many matches there may be after this run, if that is limited: both kinds share what a night may add."""
        if self.order.matches is None:
            return None
        limit, there_are = night.share_of(self.order.matches), matches.count()
        is_last = kind is list(SupportKind)[-1]
        return limit if is_last else there_are + max(0, limit - there_are) // 2

    def _enter_batch(self, number: int) -> None:
        batch = [person for person in self.prisoners if person.entry == number]
        at = self.calendar.entries[number]
        self.chronicle.add(plant_prisoners(batch, seed=self.order.seed, at=at, staff=self.staff))
        self.chronicle.add(plant_contacts(batch, seed=self.order.seed, at=at, staff=self.staff))
        self.chronicle.add(plant_photos(batch, seed=self.order.seed, at=at, staff=self.staff))
        if number == 0:
            self.chronicle.add(plant_conflicts(self.sponsors, prisoners=batch, at=at, staff=self.staff))

    def _night(self, number: int) -> matches.Night:
        moments = (*self.calendar.runs, self.calendar.now)
        after = len(self.calendar.runs) - 1 - number
        return matches.Night(number=number, moment=moments[number], next_moment=moments[number + 1], nights_after=after)

    def _cast(self) -> matches.Cast:
        slow = {sponsor.id for sponsor, of in zip(self.personas, logins.PERSONAS, strict=True) if of.undecided}
        return matches.Cast(
            seed=self.order.seed,
            prisoners={person.id: person for person in self.prisoners},
            sponsors={person.id: person for person in self.sponsors},
            staff=self.staff,
            sure=frozenset(persona.id for persona in self.personas if persona.id not in slow),
            slow=frozenset(slow),
            writing=self.writing,
        )
