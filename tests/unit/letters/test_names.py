"""The part of a name that one greets with, or nobody's guess."""

import pytest

from app.letters import given_name


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Выдуманая Надзея Пятроўна", "Надзея"),
        ("Придуманный Игорь Фёдорович", "Игорь"),
        ("Надзея Пятроўна Выдуманая", "Надзея"),
        ("Казачны-Няясны Яўген Антонавіч", "Яўген"),
        ("Неясная Анна Ильинична", "Анна"),
    ],
)
def test_a_patronymic_shows_which_part_is_the_given_name(name: str, given: str) -> None:
    assert given_name(name) == given


@pytest.mark.parametrize(
    "name", [None, "", "Казка", "Алена Казка", "Казка Алена", "Ігар Антонавіч Казачновіч", "А. Б. Казка", "a b c d"]
)
def test_where_there_is_doubt_nobody_is_greeted_by_their_surname(name: str | None) -> None:
    assert given_name(name) is None
