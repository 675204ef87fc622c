"""Small invented people: a pair that every hard rule allows and whose fit is low, unless a test says otherwise."""

from dataclasses import replace
from datetime import date

import numpy as np

from app.matching.facts import FactSheet, PrisonerFacts, SponsorFacts
from app.matching.instance import Instance, OpenCapacity, OpenSeats
from app.partial_date import PartialDate
from app.vocabulary import DetentionStatus, MailRoute, ProfessionGroup, Publicity, SponsorRole, SupportKind

TODAY = date(2026, 11, 22)


def day(text: str) -> PartialDate:
    return PartialDate.parse(text)


def a_prisoner(**changes: object) -> PrisonerFacts:
    plain = PrisonerFacts(
        id="P1",
        detention_status=DetentionStatus.CONVICTED,
        detained_in="BY",
        publicity=Publicity.PUBLIC,
        seats=1,
        supporters=2,
        supporter_countries=frozenset({"DE"}),
        facility_languages=frozenset({"ru"}),
        reads=frozenset({"be"}),
        profession_group=ProfessionGroup.SPORT,
    )
    return replace(plain, **changes)


def a_sponsor(**changes: object) -> SponsorFacts:
    plain = SponsorFacts(
        id="S1",
        role=SponsorRole.VOLUNTEER,
        kind=SupportKind.LETTER_WRITER,
        vetted=True,
        email_verified=True,
        country="DE",
        languages={"ru": "basic"},
        capacity_left=1,
        available_until=date(2027, 6, 1),
        mail_route=MailRoute.DIRECT,
        profession_group=ProfessionGroup.LAW,
    )
    return replace(plain, **changes)


def a_sheet(prisoners: object = None, sponsors: object = None, **changes: object) -> FactSheet:
    plain = FactSheet(
        kind=SupportKind.LETTER_WRITER,
        date=TODAY,
        prisoners=tuple(prisoners) if prisoners is not None else (a_prisoner(),),
        sponsors=tuple(sponsors) if sponsors is not None else (a_sponsor(),),
    )
    return replace(plain, **changes)


def seats(id_: str, **changes: object) -> OpenSeats:
    return replace(OpenSeats(id=id_, tier=5, seats=1), **changes)


def capacity(id_: str, **changes: object) -> OpenCapacity:
    return replace(OpenCapacity(id=id_, role=SponsorRole.VOLUNTEER, capacity=1), **changes)


def an_instance(prisoners: list, sponsors: list, pairs: list, previous: tuple = ()) -> Instance:
    """An instance from people and (prisoner id, sponsor id, fit)."""
    row = {person.id: place for place, person in enumerate(prisoners)}
    column = {person.id: place for place, person in enumerate(sponsors)}
    numbered = [(row[a], column[b], fit) for a, b, fit in pairs]
    columns = np.array(numbered, dtype=np.int64).reshape(-1, 3).T
    instance, _ = Instance.of(prisoners=prisoners, sponsors=sponsors, pairs=tuple(columns), previous=previous)
    return instance
