"""Prisoners and the places where they are held."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.clock import now, today
from app.database import session
from app.models import AddressCheck, Facility, Prisoner, PrisonerFact, new_id
from app.partial_date import PartialDate
from app.queries.addresses import PARTS
from app.search_key import search_key
from app.vocabulary import (
    DetentionStatus,
    FacilityKind,
    Fact,
    Gender,
    MailAccess,
    ProfessionGroup,
    Publicity,
    PublicityBasis,
)
from tests.factories.accounts import make_office
from tests.factories.names import next_name, next_number
from tests.factories.writing import add, writing


def make_facility(**changes: Any) -> Facility:
    """A penal colony in Belarus that passes Russian and Belarusian, with an address in both scripts."""
    number = str(changes.setdefault("number", next_number()))
    values = {
        "country": "BY",
        "kind": FacilityKind.COLONY,
        "title": f"Penal colony No. {number}",
        "title_cyrillic": f"Исправительная колония № {number}",
        "street": "vulica Vydumanaja 1",
        "street_cyrillic": "ул. Выдуманная, 1",
        "city": "Vydumsk",
        "city_cyrillic": "Выдумск",
        "postcode": "000000",
        "languages": ["ru", "be"],
    }
    with writing():
        return add(Facility(**values | changes | {"number": number}))


def make_prisoner(*, facts: Iterable[Fact | str] = (), **changes: Any) -> Prisoner:
    """A convicted person in Belarus whom sponsors may know of, with three seats for godparents and five for writers.

    `facts` are recorded with a source and a date; `facility` is made unless it (or None) is given.
    """
    with writing():
        if "facility" not in changes and "facility_id" not in changes:
            changes["facility"] = make_facility()
        latin, cyrillic = next_name()
        names = {"name": latin, "name_latin": latin, "name_cyrillic": cyrillic}
        names |= {field: changes[field] for field in names if field in changes}
        key = {"search_key": search_key(*names.values())}
        id_ = changes.setdefault("id", new_id())
        said = {"source": "invented", "as_of": date(2026, 1, 1)}
        known = [PrisonerFact(prisoner_id=id_, fact=Fact(fact), **said) for fact in facts]
        prisoner = add(Prisoner(**_usual() | names | key | _publicity(changes) | changes, facts=known))
        if prisoner.facility_id:
            vouch_for(prisoner)
        return prisoner


def vouch_for(prisoner: Prisoner, **changes: Any) -> AddressCheck:
    """Somebody vouches today for the address of a prisoner as it stands."""
    with writing():
        facility = session().get_one(Facility, prisoner.facility_id)
        parts = {part: getattr(facility, part) for part in PARTS}
        said = {"verified_on": today(), "source": "invented", "recorded_at": now()}
        seen = {"prisoner_id": prisoner.id, "facility_id": facility.id} | parts | said
        return session().merge(AddressCheck(**seen | changes))


def _usual() -> dict[str, Any]:
    return {
        "country": "BY",
        "gender": Gender.FEMALE,
        "birth_date": PartialDate(1980, 1, 31),
        "arrested_on": PartialDate(2020, 9, 7),
        "verdict_on": PartialDate(2021, 7, 6),
        "sentence": "6 years",
        "sentence_years": 6.0,
        "articles": ["342"],
        "detention_status": DetentionStatus.CONVICTED,
        "mail_access": MailAccess.OPEN,
        "profession_group": ProfessionGroup.EDUCATION,
        "reads": ["ru", "be"],
        "home_area": "Vydumsk",
        "godparent_seats": 3,
        "letter_writer_seats": 5,
        "created_at": now(),
    }


def _publicity(changes: dict[str, Any]) -> dict[str, Any]:
    publicity = changes.get("publicity", Publicity.SPONSORS_ONLY)
    if publicity is Publicity.COORDINATORS_ONLY:
        return {"publicity": publicity}
    return {
        "publicity": publicity,
        "publicity_basis": PublicityBasis.FAMILY_CONSENTED,
        "publicity_at": now(),
        "publicity_by": make_office().id,
    }
