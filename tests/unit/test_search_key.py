"""One name in three spellings is found by any of them."""

import pytest

from app.search_key import search_key


@pytest.mark.parametrize(
    "spelling",
    ["Уладзімір Доўгапрадоў", "Uladzimir Doŭhapradoŭ", "Uladzimir Douhapradou", "УЛАДЗІМІР ДОЎГАПРАДОЎ"],
)
def test_cyrillic_belarusian_latin_and_english_spellings_meet(spelling: str) -> None:
    assert search_key(spelling) == "uladimir douhapradou"


def test_the_case_of_cyrillic_is_folded() -> None:
    assert search_key("ЁЎІ") == search_key("ёўі")


def test_several_names_make_one_key_and_missing_ones_nothing() -> None:
    assert search_key("Янка", None, "", "Janka") == "ianka ianka"


def test_letters_of_other_scripts_are_kept() -> None:
    assert search_key("虚构人") == "虚构人"
