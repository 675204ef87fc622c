"""Names of people who do not exist, and who look it: every surname says in Belarusian that it is made up."""

from itertools import count, cycle, product

from app.search_key import search_key

_GIVEN = (
    ("Alena", "Алена"), ("Maksim", "Максім"), ("Hanna", "Ганна"), ("Jauhien", "Яўген"), ("Volha", "Вольга"),
    ("Siarhiej", "Сяргей"), ("Nadzieja", "Надзея"), ("Ihar", "Ігар"), ("Tacciana", "Таццяна"), ("Dzmitry", "Дзмітры"),
    ("Zoja", "Зоя"),
)  # fmt: skip
_SURNAMES = (
    ("Vydumka", "Выдумка"), ("Kazka", "Казка"), ("Prydumka", "Прыдумка"), ("Niabylica", "Нябыліца"),
    ("Zdań", "Здань"), ("Bajka", "Байка"), ("Mroja", "Мроя"), ("Ćień", "Цень"), ("Vyjava", "Выява"),
    ("Zahadka", "Загадка"),
)  # fmt: skip

_people = cycle(product(_SURNAMES, _GIVEN))
_numbers = count(1)


def next_number() -> int:
    """A number that no other maker got in this run of the tests."""
    return next(_numbers)


def next_name() -> tuple[str, str]:
    """An invented name in Belarusian Latin and in Cyrillic letters, given name first."""
    surname, given = next(_people)
    return f"{given[0]} {surname[0]}", f"{given[1]} {surname[1]}"


def next_address(name: str) -> str:
    """A mailbox that nobody can have (RFC 2606), made from the name."""
    return f"{search_key(name).replace(' ', '.')}.{next_number()}@example.org"
