"""Prisoners as people outside the staff see them: what a card or a page says of a record that they may know.

The lists here hold public cases only. A single record comes from `queries.matches`, which knows whose it is.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app import letters
from app.clock import today
from app.database import session
from app.letters import Addressee
from app.models import Facility, PostRoute, Prisoner
from app.partial_date import PartialDate
from app.queries import photos
from app.queries.paging import Page, page_of, some_of
from app.queries.searching import holds_words
from app.vocabulary import NO_LONGER_HELD, DetentionStatus, Fact, MailAccess, MailRoute, Publicity, Visibility

_IS_PUBLIC = (Prisoner.publicity == Publicity.PUBLIC, Prisoner.detention_status.not_in(NO_LONGER_HELD))
CARDS_ON_HOME = 3
CARDS_ON_A_PAGE = 24
LONGEST_DESCRIPTION = 120


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """What a card shows: nothing that a public case would keep private, and no counts; `photo` is an id."""

    id: str
    name: str
    original: str | None
    facility_line: str
    description_line: str | None
    days_held: int | None
    letters_rarely_arrive: bool
    photo: str | None


@dataclass(frozen=True, kw_only=True)
class Person(PersonCard):
    """What a sponsor reads about somebody they stand by: no tier, and no fact that is for coordinators only."""

    story: str | None
    sentence: str | None
    birth_date: PartialDate | None
    arrested_on: PartialDate | None
    facts: tuple[Fact, ...]
    mail_access: MailAccess
    languages: tuple[str, ...]
    route: MailRoute
    address_lines: tuple[str, ...]


def some_public() -> list[PersonCard]:
    """A few public cases for the front page, other ones each day so that no name is always first."""
    count = session().scalar(select(func.count()).where(*_IS_PUBLIC)) or 0
    if count == 0:
        return []
    start = today().toordinal() * CARDS_ON_HOME % max(1, count - CARDS_ON_HOME + 1)
    rows = session().scalars(some_of(_public(), Prisoner.id, after=start, count=CARDS_ON_HOME)).all()
    return _public_cards(rows)


def public_page(number: int, *, searched: str = "") -> Page[PersonCard]:
    """Public cases in the order of their names, those whose name holds the searched words."""
    query = _public().where(*holds_words(Prisoner.search_key, searched))
    page: Page[Prisoner] = page_of(query, Prisoner.id, number=number, size=CARDS_ON_A_PAGE)
    return Page(items=_public_cards(page.items), number=page.number, pages=page.pages, all=page.all)


def _public() -> Select[Prisoner]:
    return (
        select(Prisoner)
        .where(*_IS_PUBLIC)
        .order_by(Prisoner.search_key, Prisoner.id)
        .options(joinedload(Prisoner.facility))
    )


def _public_cards(prisoners: Sequence[Prisoner]) -> list[PersonCard]:
    shown = photos.ids_shown(prisoners, to=Visibility.PUBLIC)
    return [PersonCard(**_card_values(prisoner, shown)) for prisoner in prisoners]


def cards(prisoners: Sequence[Prisoner]) -> list[PersonCard]:
    """The cards of prisoners as those see them who stand by them."""
    shown = photos.ids_shown(prisoners, to=Visibility.SPONSORS)
    return [PersonCard(**_card_values(prisoner, shown)) for prisoner in prisoners]


def _card_values(prisoner: Prisoner, shown: Mapping[str, str]) -> dict[str, Any]:
    description = prisoner.occupation or prisoner.story or ""
    return {
        "id": prisoner.id,
        "name": prisoner.shown_name,
        "original": prisoner.name_cyrillic if prisoner.name_cyrillic != prisoner.name else None,
        "facility_line": facility_line(prisoner.facility),
        "description_line": textwrap.shorten(description, LONGEST_DESCRIPTION, placeholder=" …")
        if description
        else None,
        "days_held": days_held(prisoner),
        "letters_rarely_arrive": prisoner.mail_access in (MailAccess.RELATIVES_ONLY, MailAccess.INCOMMUNICADO),
        "photo": shown.get(prisoner.id),
    }


def person(prisoner: Prisoner, *, writing_from: str) -> Person:
    """One prisoner as their sponsor, who lives in the country `writing_from`, sees them."""
    facility = prisoner.facility
    return Person(
        **_card_values(prisoner, photos.ids_shown([prisoner], to=Visibility.SPONSORS)),
        story=prisoner.story,
        sentence=prisoner.sentence,
        birth_date=prisoner.birth_date,
        arrested_on=prisoner.arrested_on,
        facts=tuple(fact.fact for fact in prisoner.facts_in_order if fact.visibility is not Visibility.COORDINATORS),
        mail_access=prisoner.mail_access,
        languages=tuple((facility.languages if facility else None) or prisoner.reads),
        route=_route(writing_from, prisoner.country),
        address_lines=address_lines(prisoner),
    )


def _route(from_country: str, to_country: str) -> MailRoute:
    row = session().get(PostRoute, (from_country, to_country))
    return row.route if row else MailRoute.DIRECT


def address_lines(prisoner: Prisoner) -> tuple[str, ...]:
    """What stands on an envelope, in Cyrillic where we have it; empty while a part of the address is not known.

    Nobody is written to on the way: mail stays behind (docs/domain.md, "Letters" 10).
    """
    if prisoner.detention_status is DetentionStatus.IN_TRANSFER:
        return ()
    return letters.address_lines(addressee(prisoner))


def addressee(prisoner: Prisoner) -> Addressee:
    """The prisoner and the place they are held in, each part in Cyrillic where we have it."""
    facility = prisoner.facility
    return Addressee(
        name=prisoner.name_cyrillic or prisoner.name,
        birth_year=prisoner.birth_date.year if prisoner.birth_date else None,
        facility=(facility.title_cyrillic or facility.title) if facility else None,
        street=(facility.street_cyrillic or facility.street) if facility else None,
        postcode=facility.postcode if facility else None,
        city=(facility.city_cyrillic or facility.city) if facility else None,
        country=prisoner.country,
    )


def facility_line(facility: Facility | None) -> str:
    """Where somebody is held, in one line; empty where it is not known."""
    if facility is None:
        return ""
    return ", ".join(filter(None, (facility.title, facility.city)))


def days_held(prisoner: Prisoner) -> int | None:
    """Whole days from the arrest to today, or to the release or death; None where one of the dates is not whole."""
    arrested = prisoner.arrested_on.whole if prisoner.arrested_on else None
    until = _held_until(prisoner)
    return max(0, (until - arrested).days) if arrested and until else None


def _held_until(prisoner: Prisoner) -> date | None:
    if prisoner.detention_status not in NO_LONGER_HELD:
        return today()
    ended = prisoner.died_on or prisoner.released_on
    return ended.whole if ended else None
