"""Places of detention and towns that do not exist, in the form that real ones have. Pure.

Kinds are the field's. Towns, streets and postcodes are invented, and the numbers are higher than any real one, so that
a list of real people never meets an invented address.
"""

from dataclasses import dataclass
from typing import Final

from app.vocabulary import FacilityKind, MailRoute

COUNTRY = "BY"

POST_ROUTES: Final = (
    ("CZ", MailRoute.CLOSED, "The post office takes nothing for this country at present."),
    ("UA", MailRoute.CLOSED, None),
    ("LT", MailRoute.VIA_HUB, "Send letters to the hub; it posts them on every Friday."),
)
"""How post goes from sponsors' countries, where it does not simply go, with a note for the coordinator."""

COUNTRIES_WITHOUT_POST: Final = frozenset(country for country, route, _ in POST_ROUTES if route is MailRoute.CLOSED)


@dataclass(frozen=True, slots=True)
class Town:
    """An invented town in Latin and Cyrillic letters."""

    latin: str
    cyrillic: str


@dataclass(frozen=True, slots=True)
class InventedFacility:
    """A place of detention with its address in both scripts."""

    number: int
    kind: FacilityKind
    title: str
    title_cyrillic: str
    street: str
    street_cyrillic: str
    town: Town
    postcode: str
    languages: tuple[str, ...]


TOWNS = (
    Town("Vydumsk", "Выдумск"), Town("Kazačnahorsk", "Сказочногорск"), Town("Prydumaŭka", "Придумовка"),
    Town("Niabylava", "Небылово"), Town("Papiarovičy", "Бумажновичи"), Town("Ujaŭleńsk", "Воображенск"),
    Town("Mrojeva", "Мечтаево"), Town("Bajkaŭščyna", "Басенщина"), Town("Čarnilny Łuh", "Чернильный Луг"),
    Town("Prykładava", "Примерово"),
)  # fmt: skip

HOME_AREAS = tuple(f"{town.latin} region" for town in TOWNS[:6])

_STREETS = (
    ("vulica Vydumanaja", "ул. Выдуманная"), ("vulica Prykładnaja", "ул. Примерная"),
    ("vulica Kazačnaja", "ул. Сказочная"), ("zavułak Niabylicy", "пер. Небылицы"),
    ("vulica Papiarovaja", "ул. Бумажная"),
)  # fmt: skip

_TITLES = {
    FacilityKind.COLONY: ("Penal colony No. {}", "Исправительная колония № {}"),
    FacilityKind.PRETRIAL: ("Pre-trial detention centre No. {}", "Следственный изолятор № {}"),
    FacilityKind.PRISON: ("Prison No. {}", "Тюрьма № {}"),
    FacilityKind.OPEN_FACILITY: (
        "Open correctional facility No. {}",
        "Исправительное учреждение открытого типа № {}",
    ),
    FacilityKind.HOSPITAL: ("Psychiatric hospital No. {}", "Психиатрическая больница № {}"),
}
_HOW_MANY = {
    FacilityKind.COLONY: 12,
    FacilityKind.PRETRIAL: 6,
    FacilityKind.PRISON: 3,
    FacilityKind.OPEN_FACILITY: 9,
    FacilityKind.HOSPITAL: 1,
}
_FIRST_NUMBER = 71
_RUSSIAN_ONLY_EVERY = 4


def facilities() -> tuple[InventedFacility, ...]:
    """Every invented place of detention, always the same ones."""
    numbered = [(kind, _FIRST_NUMBER + count) for kind, many in _HOW_MANY.items() for count in range(many)]
    return tuple(_facility(place, kind, number) for place, (kind, number) in enumerate(numbered))


def _facility(place: int, kind: FacilityKind, number: int) -> InventedFacility:
    title, title_cyrillic = _TITLES[kind]
    street, street_cyrillic = _STREETS[place % len(_STREETS)]
    house = 1 + place * 7 % 90
    return InventedFacility(
        number=number,
        kind=kind,
        title=title.format(number),
        title_cyrillic=title_cyrillic.format(number),
        street=f"{street} {house}",
        street_cyrillic=f"{street_cyrillic}, {house}",
        town=TOWNS[place % len(TOWNS)],
        postcode=f"299{100 + place * 10}",
        languages=("ru",) if place % _RUSSIAN_ONLY_EVERY == _RUSSIAN_ONLY_EVERY - 1 else ("ru", "be"),
    )
