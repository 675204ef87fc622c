"""Facilities that lists name: recognised in every script, never overwritten."""

from flask import Flask
from sqlalchemy import select

from app.actions.facilities import FacilityBook
from app.database import session
from app.importing import StagedFacility
from app.models import AuditEvent, Facility, FieldSource
from app.transaction import transaction
from app.vocabulary import FacilityKind
from tests.database.importing.lists import LATER, import_rows, row
from tests.factories import make_facility

LATIN = "Penal colony No. 4, 246035, Homiel, vulica Antoškina 3"
CYRILLIC = "ИК №4, 246035, Гомель, ул. Антошкина, 3"


def the_facility() -> Facility:
    return session().scalars(select(Facility)).one()


def found(country: str, *places: StagedFacility) -> list[str]:
    with transaction():
        book = FacilityBook(country)
        return [book.find_or_add(place).id for place in places]


def test_the_second_script_fills_the_empty_columns_and_overwrites_nothing(app: Flask) -> None:
    import_rows(row(1, prison=LATIN))

    import_rows(row(2, prison=CYRILLIC), as_of=LATER)

    facility = the_facility()
    assert (facility.kind, facility.number, facility.postcode) == (FacilityKind.COLONY, "4", "246035")
    assert (facility.title, facility.street, facility.city) == ("Penal colony No. 4", "vulica Antoškina 3", "Homiel")
    assert facility.title_cyrillic == "ИК №4"
    assert facility.city_cyrillic == "Гомель"
    filled = session().scalars(select(AuditEvent).where(AuditEvent.action == "update")).one()
    assert set(filled.fields) == {"title_cyrillic", "street_cyrillic", "city_cyrillic"}


def test_a_cyrillic_title_keeps_the_place_of_the_latin_one_until_that_is_known(app: Flask) -> None:
    import_rows(row(1, prison=CYRILLIC))
    assert (the_facility().title, the_facility().title_cyrillic, the_facility().street) == ("ИК №4", "ИК №4", None)

    import_rows(row(2, prison=LATIN), as_of=LATER)

    facility = the_facility()
    assert (facility.title, facility.title_cyrillic) == ("Penal colony No. 4", "ИК №4")
    assert facility.street == "vulica Antoškina 3"


def test_another_spelling_of_a_known_address_is_no_change(app: Flask) -> None:
    import_rows(row(1, prison=LATIN))

    diff = import_rows(row(1, prison="Penal colony No. 4, 246000, Gomel, another street"), as_of=LATER)

    assert diff.counts()["unchanged"] == 1
    assert (the_facility().street, the_facility().postcode) == ("vulica Antoškina 3", "246035")
    verified = select(FieldSource.as_of).where(FieldSource.field == "facility")
    assert session().scalars(verified).all() == [LATER]


def test_kinds_and_countries_are_told_apart(app: Flask) -> None:
    colony = make_facility(number="4", country="BY")
    prison = make_facility(number="4", country="BY", kind=FacilityKind.PRISON)
    abroad = make_facility(number="4", country="RU", postcode="100000")
    place = StagedFacility(title="Colony 4", kind=FacilityKind.COLONY, number="4", postcode="100000")

    assert found("BY", place) == [colony.id]
    assert found("RU", place) == [abroad.id]
    assert prison.id not in found("BY", place)


def test_where_regions_count_anew_the_postcode_tells_two_colonies_apart(app: Flask) -> None:
    here = StagedFacility(title="IK-2", kind=FacilityKind.COLONY, number="2", postcode="100000")
    there = StagedFacility(title="IK-2", kind=FacilityKind.COLONY, number="2", postcode="200000")

    assert len(set(found("RU", here, there, here))) == 2


def test_places_without_a_number_are_told_apart_by_title_and_postcode(app: Flask) -> None:
    minsk = StagedFacility(title="Psychiatric hospital", kind=FacilityKind.HOSPITAL, postcode="220000")
    homiel = StagedFacility(title="psychiatric HOSPITAL", kind=FacilityKind.HOSPITAL, postcode="246000")

    assert len(set(found("BY", minsk, homiel, minsk))) == 2
