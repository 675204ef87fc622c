"""Inventing sponsors: in every vetting state, of every role and both support kinds, from all twenty countries. Pure."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from app.demo.countries import COUNTRIES, Country, sponsor_name
from app.demo.dice import Dice, derived_id
from app.demo.history import Calendar
from app.demo.offers import kind_for, languages_of, letters_for, mandate_end, wish
from app.demo.people import InventedSponsor
from app.vocabulary import ProfessionGroup, SponsorRole, SupportKind, VettingState

_ROLES = {
    SponsorRole.VOLUNTEER: 0.58,
    SponsorRole.PARLIAMENTARIAN: 0.19,
    SponsorRole.PUBLIC_FIGURE: 0.1,
    SponsorRole.ARTIST: 0.08,
    SponsorRole.ATHLETE: 0.05,
}
_GROUP_OF_ROLE = {
    SponsorRole.PARLIAMENTARIAN: ProfessionGroup.POLITICS,
    SponsorRole.ARTIST: ProfessionGroup.ARTS,
    SponsorRole.ATHLETE: ProfessionGroup.SPORT,
}
_CHECKED = (
    "Wrote to us from the address of their office.",
    "Seen in a video call; the name and face agree.",
    "Known to a colleague, who vouches for them.",
    "Met at an information evening.",
)
_TURNED_AWAY = (
    "Would not say who they are, twice.",
    "The name and the address belong to two different people.",
    "Asked for relatives' addresses in the first message.",
)
_CONFLICTS = (
    "I went to school in Vydumsk. Please nobody from there.",
    "A cousin of mine shares a case with several people; I would rather not be matched with them.",
    "I once worked for the same newspaper as some of the people on the list.",
    "Please not the person my brother already writes to.",
)

_DAYS_OF_SIGN_UPS: Final = (13, 715)
_DAYS_OF_LATE_ONES: Final = (7, 12)
_LATE_SHARE: Final = 0.2
"""Those who were vetted since the last run but one: they are who last night's proposals are for."""

_PENDING, _REJECTED, _UNCONFIRMED, _PAUSED = "pending", "rejected", "unconfirmed", "paused"
_DECK: Final = {4: _PENDING, 9: _UNCONFIRMED, 11: _PAUSED, 13: _REJECTED, 18: _PENDING}
_DECK_SIZE: Final = 20
_OWN_ZONE_EVERY: Final = 3
"""Every how manieth sponsor set the time zone of their country; the others live by UTC, so that on any day of the year
somebody's morning begins at 08:00 UTC."""

_FRESH_EVERY: Final = 300
"""Every how manieth sponsor signs up in the minute before the seeding, so that the worker has something to mail."""


def invent_sponsor(number: int, *, seed: int, calendar: Calendar) -> InventedSponsor:
    """The sponsor with this number (from 0)."""
    dice = Dice(seed, "sponsor", number)
    country = COUNTRIES[(number * 7 + dice.whole(0, 2)) % len(COUNTRIES)]
    role = dice.weighted(_ROLES)
    sponsor = _plain(number, seed, country, role=role, at=_sign_up(calendar, dice), dice=dice)
    own_zone = number % _OWN_ZONE_EVERY == 0
    return _shaped(sponsor if own_zone else replace(sponsor, time_zone="UTC"), calendar, dice)


def vetted_member(
    number: int, *, seed: int, country: Country, role: SponsorRole, kind: SupportKind, at: datetime
) -> InventedSponsor:
    """A sponsor of a given kind who signed up at a moment, was vetted soon after and can be matched ever since."""
    dice = Dice(seed, "sponsor", number)
    sponsor = _plain(number, seed, country, role=role, at=at, dice=dice)
    far = (at + timedelta(days=5 * 365)).date() if role is SponsorRole.PARLIAMENTARIAN else None
    steady = replace(
        sponsor,
        support_kind=kind,
        capacity=2,
        letters_a_month=letters_for(kind, dice),
        available_from=None,
        available_until=None,
        mandate_ends=far,
        languages=sponsor.languages | languages_of(country, Dice(seed, "fluent"), fluent=1.0),
        conflict_notes=None,
        conflict=None,
    )
    return _vetted(steady, dice)


def _plain(number: int, seed: int, country: Country, *, role: SponsorRole, at: datetime, dice: Dice) -> InventedSponsor:
    """Somebody who signed up and confirmed their address, and waits for vetting."""
    kind = kind_for(role, dice)
    parliamentarian = role is SponsorRole.PARLIAMENTARIAN
    languages = languages_of(country, dice, fluent=0.25)
    conflict = dice.chance(0.05)
    return InventedSponsor(
        id=derived_id(seed, "sponsor", number),
        account_id=derived_id(seed, "account", number),
        number=number,
        name=sponsor_name(country, dice),
        email=f"{country.code.lower()}.{number:05d}@example.net",
        country=country,
        time_zone=country.time_zone,
        role=role,
        support_kind=kind,
        profession_group=_GROUP_OF_ROLE.get(role) or dice.pick(tuple(ProfessionGroup)),
        capacity=dice.weighted({1: 0.6, 2: 0.3, 3: 0.1}),
        letters_a_month=letters_for(kind, dice),
        available_from=None,
        available_until=_availability_end(at.date(), dice),
        parliament=country.parliament if parliamentarian else None,
        mandate_ends=mandate_end(at, dice) if parliamentarian else None,
        languages=languages,
        translation_wanted=not {"ru", "be"} & languages.keys(),
        translation_offered=False,
        wish=wish(dice),
        conflict_notes=dice.pick(_CONFLICTS) if conflict else None,
        conflict=dice.whole(0, 9_999) if conflict and dice.chance(0.5) else None,
        signed_up_at=at,
        confirmed_at=at + dice.within(timedelta(minutes=2), timedelta(hours=9)),
        vetting_state=VettingState.PENDING,
        vetted_at=None,
        vetting_reason=None,
        paused_at=None,
        held=dice.chance(0.004),
    )


def _sign_up(calendar: Calendar, dice: Dice) -> datetime:
    days = _DAYS_OF_LATE_ONES if dice.chance(_LATE_SHARE) else _DAYS_OF_SIGN_UPS
    newest, oldest = (timedelta(days=ago) for ago in days)
    return calendar.ago(dice.within(newest, oldest))


def _shaped(sponsor: InventedSponsor, calendar: Calendar, dice: Dice) -> InventedSponsor:
    """The sponsor with what became of them since they signed up."""
    fate = _DECK.get(sponsor.number % _DECK_SIZE)
    if fate == _UNCONFIRMED:
        fresh = sponsor.number % _FRESH_EVERY < _DECK_SIZE
        ago = timedelta(seconds=15) if fresh else dice.within(timedelta(hours=3), timedelta(days=9))
        return replace(sponsor, signed_up_at=calendar.ago(ago), confirmed_at=None)
    if fate == _PENDING:
        at = calendar.ago(dice.within(timedelta(hours=14), timedelta(days=16)))
        return replace(sponsor, signed_up_at=at, confirmed_at=at + timedelta(minutes=dice.whole(1, 300)))
    if fate == _REJECTED:
        return replace(
            _vetted(sponsor, dice), vetting_state=VettingState.REJECTED, vetting_reason=dice.pick(_TURNED_AWAY)
        )
    return _paused(_vetted(sponsor, dice), calendar, dice) if fate == _PAUSED else _vetted(sponsor, dice)


def _vetted(sponsor: InventedSponsor, dice: Dice) -> InventedSponsor:
    assert sponsor.confirmed_at is not None
    return replace(
        sponsor,
        vetting_state=VettingState.VETTED,
        vetted_at=sponsor.confirmed_at + dice.within(timedelta(hours=5), timedelta(days=6)),
        vetting_reason=dice.pick(_CHECKED),
        translation_offered=sponsor.translation_wanted and dice.chance(0.7),
    )


def _paused(sponsor: InventedSponsor, calendar: Calendar, dice: Dice) -> InventedSponsor:
    """Somebody who was matched early, or could have been, and asked for a rest some weeks ago."""
    shift = calendar.ago(timedelta(days=_DAYS_OF_SIGN_UPS[1])) - sponsor.signed_up_at
    assert sponsor.confirmed_at is not None
    assert sponsor.vetted_at is not None
    return replace(
        sponsor,
        signed_up_at=sponsor.signed_up_at + shift,
        confirmed_at=sponsor.confirmed_at + shift,
        vetted_at=sponsor.vetted_at + shift,
        available_until=None,
        paused_at=calendar.ago(dice.within(timedelta(days=2), timedelta(days=50))),
    )


def _availability_end(signed_up: date, dice: Dice) -> date | None:
    return signed_up + timedelta(days=dice.whole(240, 1_200)) if dice.chance(0.15) else None
