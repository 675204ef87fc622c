"""How long a sentence is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.importing.dates import ImpossibleDate
from app.importing.sentences import LIFE, is_a_date, sentence_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("1 year", 1.0),
        ("13 years", 13.0),
        ("4 1/2 years", 4.5),
        ("4½ years", 4.5),
        ("2.5 years", 2.5),
        ("2,5 года", 2.5),
        ("3 года", 3.0),
        ("13 лет лишения свободы", 13.0),
        ("3 года 6 месяцев", 3.5),
        ("3 г. 6 мес.", 3.5),
        ("6 months", 0.5),
        ("4 гады", 4.0),
        ("12 гадоў", 12.0),
        ("sentenced to 20 years in prison and a fine of 500", 20.0),
        ("life", LIFE),
        ("пожизненное заключение", LIFE),
        ("death", LIFE),
        ("120 years", LIFE),
    ],
)
def test_a_term_is_read_in_years(text: str, years: float) -> None:
    assert sentence_years(text) == years


@pytest.mark.parametrize(
    "text",
    ["", "штраф", "fine", "detention", "2019-12-07", "0 years", "2 years, later 3 years", "3-5 years", "lifeless"],
)
def test_no_term_is_invented_where_none_or_several_are_named(text: str) -> None:
    assert sentence_years(text) is None


@given(some.integers(1, 98), some.sampled_from(["years", "лет", "гадоў", "год", "года"]))
def test_every_whole_term_is_read_in_every_language(years: int, word: str) -> None:
    assert sentence_years(f"{years} {word}") == years


@given(some.text(max_size=80))
def test_any_text_gives_a_term_within_bounds_or_none(text: str) -> None:
    found = sentence_years(text)
    assert found is None or 0 < found <= LIFE


def test_a_sentence_may_be_the_day_it_ends() -> None:
    assert is_a_date("2031-12-07")
    assert not is_a_date("life")


def test_the_day_a_sentence_ends_must_exist() -> None:
    with pytest.raises(ImpossibleDate):
        is_a_date("2031-02-30")
