"""Inventing prisoners: names, dates, places, facts and who may know of them, in the shares that the field meets. Pure.

Shares follow docs/domain.md, "Scale", a little richer in what is rare, so that even a small world shows it.
"""

from datetime import date, datetime, timedelta
from typing import Final

from app.demo import custody, stories
from app.demo.dice import Dice, derived_id
from app.demo.events import FIRST_FEW, Fate, Moment, fate_of, invent_events, leaves_on, moments
from app.demo.history import Calendar
from app.demo.names import prisoner_name
from app.demo.people import InventedFact, InventedPrisoner
from app.demo.places import HOME_AREAS
from app.partial_date import PartialDate
from app.vocabulary import (
    Fact,
    Gender,
    MailAccess,
    ProfessionGroup,
    Publicity,
    PublicityBasis,
    SponsorRole,
    SupportKind,
    Visibility,
)

YEAR: Final = timedelta(days=365.25)

_ENTRY_SHARES = (0.46, 0.12, 0.10, 0.08, 0.07, 0.06, 0.05, 0.06)
_FACT_SHARES = {
    Fact.SERIOUS_ILLNESS: 0.09,
    Fact.SMALL_CHILDREN: 0.07,
    Fact.MENTAL_DISORDER: 0.03,
    Fact.DISABILITY: 0.03,
    Fact.BOTH_PARENTS_HELD: 0.02,
    Fact.HUNGER_STRIKE: 0.01,
}
_FACT_SOURCES = ("the family, by way of the coordinator", "a lawyer's letter", "a statement that was published")
_VISIBILITIES = {Visibility.COORDINATORS: 0.5, Visibility.SPONSORS: 0.3, Visibility.PUBLIC: 0.2}
_PUBLICITIES = {Publicity.PUBLIC: 0.5, Publicity.SPONSORS_ONLY: 0.37, Publicity.COORDINATORS_ONLY: 0.13}
_BASES = {
    PublicityBasis.FAMILY_CONSENTED: 0.45,
    PublicityBasis.RECOGNISED_ORGANISATION: 0.45,
    PublicityBasis.PRISONER_ASKED: 0.1,
}
_MAIL = {
    MailAccess.OPEN: 0.32,
    MailAccess.SELECTIVE: 0.25,
    MailAccess.RELATIVES_ONLY: 0.25,
    MailAccess.UNKNOWN: 0.15,
    MailAccess.INCOMMUNICADO: 0.03,
}
_GROUPS = tuple(group for group in ProfessionGroup if group is not ProfessionGroup.STUDENTS)
_YOUNG, _MINOR_EVERY, _MINOR_FROM = 24, 60, 17
_LAST_EARLY_ENTRY = 4


def invent_prisoner(number: int, *, seed: int, calendar: Calendar) -> InventedPrisoner:
    """The prisoner with this number (from 0)."""
    dice = Dice(seed, "prisoner", number)
    gender = Gender.FEMALE if dice.chance(0.2) else Gender.MALE
    name = prisoner_name(gender, dice)
    minor = number % _MINOR_EVERY == _MINOR_FROM
    entry, happening = _past(number, minor=minor, seed=seed, calendar=calendar, dice=dice)
    born = _minor_birth(calendar.now, dice) if minor else _birth(calendar.now, dice)
    arrested = _arrest(entry, born, calendar, dice)
    group = _profession(born, calendar.now, dice)
    work, area = stories.occupation(group, dice), dice.pick(HOME_AREAS)
    publicity, basis = _publicity(minor, dice)
    held = custody.invent(arrested, until=leaves_on(happening) or calendar.now.date(), dice=dice)
    mail_access = dice.weighted(_MAIL)
    return InventedPrisoner(
        id=derived_id(seed, "prisoner", number),
        number=number,
        entry=entry,
        name=name,
        gender=gender,
        birth_date=PartialDate.of(born) if minor else _as_known(born, dice),
        arrested_on=PartialDate.of(arrested),
        custody=held,
        mail_access=mail_access,
        story=stories.story(given=name.given, work=work, area=area, dice=dice),
        occupation=work,
        profession_group=group,
        reads=("ru", "be") if dice.chance(0.7) else ("ru",),
        home_area=area,
        case_code=f"Case {dice.whole(1, 25)}" if dice.chance(0.3) else None,
        publicity=publicity,
        basis=basis,
        godparent_seats=dice.weighted({3: 0.8, 2: 0.1, 5: 0.1}),
        letter_writer_seats=dice.weighted({5: 0.8, 3: 0.1, 8: 0.1}),
        held=dice.chance(0.01),
        pinned_tier=0 if dice.chance(0.006) else None,
        facts=_facts(calendar.entries[entry], mail_access, dice),
        role_limits=_role_limits(dice),
        events=invent_events(happening, custody=held, seed=seed, number=number),
    )


def _past(number: int, *, minor: bool, seed: int, calendar: Calendar, dice: Dice) -> tuple[int, tuple[Moment, ...]]:
    """The batch somebody came with, and when something befell them."""
    fate = None if minor else fate_of(number)
    entry = _entry(number, minor=minor, fate=fate, calendar=calendar, dice=dice)
    return entry, moments(number, fate=fate, entry=entry, seed=seed, calendar=calendar)


def _entry(number: int, *, minor: bool, fate: Fate | None, calendar: Calendar, dice: Dice) -> int:
    """The batch somebody came with: minors lately, and early whoever has a fate or is one of the first few."""
    latest = len(calendar.runs) - 1
    if minor:
        return latest - dice.whole(0, 1)
    if fate or number < FIRST_FEW:
        return dice.whole(0, _LAST_EARLY_ENTRY)
    return dice.weighted(dict(enumerate(_ENTRY_SHARES)))


def _minor_birth(now: datetime, dice: Dice) -> date:
    return (now - dice.within(16 * YEAR, 17.7 * YEAR)).date()


def _birth(now: datetime, dice: Dice) -> date:
    """The birthday of an adult, on any day of the year alike."""
    youngest, oldest = dice.weighted({(19, 24): 0.1, (25, 49): 0.6, (50, 59): 0.2, (60, 77): 0.1})
    return date(now.year - dice.whole(youngest, oldest), 1, 1) + timedelta(days=dice.whole(0, 364))


def _as_known(born: date, dice: Dice) -> PartialDate:
    if dice.chance(0.05):
        return PartialDate(born.year)
    return PartialDate(born.year, born.month) if dice.chance(0.03) else PartialDate.of(born)


def _arrest(entry: int, born: date, calendar: Calendar, dice: Dice) -> date:
    """Those of the first batch had been held for up to four years, the others for weeks; nobody is under fourteen."""
    longest = timedelta(days=1_500) if entry == 0 else timedelta(days=70)
    arrested = (calendar.entries[entry] - dice.within(timedelta(days=6), longest)).date()
    return max(arrested, born + 14 * YEAR)


def _profession(born: date, now: datetime, dice: Dice) -> ProfessionGroup:
    if now.year - born.year <= _YOUNG and dice.chance(0.6):
        return ProfessionGroup.STUDENTS
    return dice.pick(_GROUPS)


def _publicity(minor: bool, dice: Dice) -> tuple[Publicity, PublicityBasis | None]:
    """Who may know, and what allows it; minors are never public (docs/glossary.md)."""
    publicity, basis = dice.weighted(_PUBLICITIES), dice.weighted(_BASES)
    if publicity is Publicity.COORDINATORS_ONLY:
        return publicity, None
    return (Publicity.SPONSORS_ONLY if minor else publicity), basis


def _facts(entered_at: datetime, mail_access: MailAccess, dice: Dice) -> tuple[InventedFact, ...]:
    known = [fact for fact, share in _FACT_SHARES.items() if dice.chance(share)]
    if mail_access is MailAccess.INCOMMUNICADO:
        known.append(Fact.INCOMMUNICADO)
    return tuple(
        InventedFact(
            fact=fact,
            source=dice.pick(_FACT_SOURCES),
            as_of=(entered_at - dice.within(timedelta(days=1), timedelta(days=90))).date(),
            visibility=dice.weighted(_VISIBILITIES),
        )
        for fact in known
    )


def _role_limits(dice: Dice) -> tuple[tuple[SupportKind, SponsorRole, int], ...]:
    """A few families asked for one politician at most, or for no athletes among the writers."""
    limits = []
    if dice.chance(0.03):
        limits.append((SupportKind.GODPARENT, SponsorRole.PARLIAMENTARIAN, 1))
    if dice.chance(0.02):
        limits.append((SupportKind.LETTER_WRITER, SponsorRole.ATHLETE, 0))
    return tuple(limits)
