"""Where somebody is held."""

import pytest

from app.importing import StagedFacility
from app.importing.facilities import read_facility
from app.vocabulary import FacilityKind as Kind


@pytest.mark.parametrize(
    ("title", "kind", "number"),
    [
        ("Penal colony No. 1", Kind.COLONY, "1"),
        ("ИК №4", Kind.COLONY, "4"),
        ("Penal colony\nNo. 24", Kind.COLONY, "24"),
        ("Исправительная колония № 15", Kind.COLONY, "15"),
        ("Папраўчая калонія №2", Kind.COLONY, "2"),
        ("СИЗО-1", Kind.PRETRIAL, "1"),
        ("Pre-trial detention center No. 8", Kind.PRETRIAL, "8"),
        ("Следственная тюрьма №8", Kind.PRETRIAL, "8"),
        ("Prison No. 4", Kind.PRISON, "4"),
        ("Тюрьма №08", Kind.PRISON, "8"),
        ("Open correctional facility No. 7", Kind.OPEN_FACILITY, "7"),
        ("ИУОТ-55", Kind.OPEN_FACILITY, "55"),
        ("Исправительное учреждение открытого типа №7", Kind.OPEN_FACILITY, "7"),
        ("Psychiatric hospital", Kind.HOSPITAL, None),
        ("Guest house No. 3", None, None),
    ],
)
def test_kind_and_number_are_read_in_every_language(title: str, kind: Kind | None, number: str | None) -> None:
    found = read_facility(title)
    assert found is not None
    assert (found.title, found.kind, found.number) == (title.replace("\n", " "), kind, number)


@pytest.mark.parametrize(
    "title",
    ["", "Released awaiting the commencement of the sentence", "home confinement", "Домашняя химия", "На свободе"],
)
def test_no_place_is_no_facility(title: str) -> None:
    assert read_facility(title, "") is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "Prison No. 4, 212011, Mahilioŭ, vulica Krupskaj 99A",
            StagedFacility(
                title="Prison No. 4",
                kind=Kind.PRISON,
                number="4",
                postcode="212011",
                city="Mahilioŭ",
                street="vulica Krupskaj 99A",
            ),
        ),
        (
            "ИК №4\nул. Антошкина, 3\n246035, г. Гомель",
            StagedFacility(
                title="ИК №4",
                kind=Kind.COLONY,
                number="4",
                postcode="246035",
                city="г. Гомель",
                street="ул. Антошкина, 3",
            ),
        ),
        (
            "Тюрьма №8, г. Жодино",
            StagedFacility(title="Тюрьма №8", kind=Kind.PRISON, number="8", city="г. Жодино"),
        ),
        (
            "СИЗО-1, ул. Володарского, 2",
            StagedFacility(title="СИЗО-1", kind=Kind.PRETRIAL, number="1", street="ул. Володарского, 2"),
        ),
    ],
)
def test_title_and_address_are_taken_apart(cell: str, expected: StagedFacility) -> None:
    assert read_facility(cell) == expected


def test_an_address_of_its_own_leaves_the_title_whole() -> None:
    found = read_facility("Penal colony No. 15, ward 2", "213105, Mahilioŭ, Viejna, Slaŭharadskaja šaša 183")
    assert found is not None
    assert (found.title, found.city) == ("Penal colony No. 15, ward 2", "Mahilioŭ")
    assert found.street == "Viejna, Slaŭharadskaja šaša 183"


def test_one_place_has_one_identity_in_every_script() -> None:
    latin, cyrillic = read_facility("Pre-trial detention center No. 8"), read_facility("Следственная тюрьма №8")
    assert latin is not None
    assert cyrillic is not None
    assert latin.identity == cyrillic.identity


def test_a_place_without_number_is_known_by_its_title() -> None:
    first, second = read_facility("Psychiatric  Hospital"), read_facility("psychiatric hospital")
    other = read_facility("Psychiatric hospital of the north")
    assert first is not None
    assert second is not None
    assert other is not None
    assert first.identity == second.identity != other.identity
