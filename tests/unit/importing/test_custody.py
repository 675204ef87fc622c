"""What a row says of how somebody is held."""

import pytest

from app.importing import ListStatus
from app.importing.custody import read_gender, read_status
from app.vocabulary import DetentionStatus as Detention
from app.vocabulary import Gender
from tests.unit.importing.lists import ALES, CHINESE, one


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("active", ListStatus.HELD),
        ("Political prisoner", ListStatus.HELD),
        ("Политзаключенная", ListStatus.HELD),
        ("Палітзняволены", ListStatus.HELD),
        ("former", ListStatus.FORMER),
        ("Former political prisoner", ListStatus.FORMER),
        ("Former political prisoner\nRecognized ex post facto", ListStatus.FORMER),
        ("Бывшая политзаключенная", ListStatus.FORMER),
        ("np", ListStatus.NOT_RECOGNISED),
        ("Не признан политзаключенным", ListStatus.NOT_RECOGNISED),
        ("Not a political prisoner", ListStatus.NOT_RECOGNISED),
        ("Died in custody", ListStatus.DIED),
        ("Умер", ListStatus.DIED),
        ("in the clouds", None),
    ],
)
def test_a_status_is_read_in_the_words_of_every_list(text: str, status: ListStatus | None) -> None:
    assert read_status(text) is status


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Female", Gender.FEMALE),
        ("Мужчина", Gender.MALE),
        ("жанчына", Gender.FEMALE),
        ("other", Gender.OTHER),
        ("?", None),
    ],
)
def test_a_gender_is_as_the_list_states_it(text: str, gender: Gender | None) -> None:
    assert read_gender(text) is gender


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Detention.CONVICTED),
        ({"verdict_date": "", "decision": ""}, Detention.CONVICTED),
        ({"verdict_date": "", "decision": "", "penalty": ""}, Detention.CONVICTED),
        ({"verdict_date": "", "decision": "", "penalty": "", "prison": ""}, Detention.AWAITING_TRIAL),
        ({"verdict_date": "", "decision": "", "penalty": "", "prison": "FALSE", "arrested": ""}, Detention.UNKNOWN),
        (
            {"verdict_date": "", "decision": "", "penalty": "", "prison": "СИЗО-1", "arrested": ""},
            Detention.AWAITING_TRIAL,
        ),
        ({"penalty": 'restricted freedom under home confinement ("domashnyaya khimiya")'}, Detention.HOME_CONFINEMENT),
        ({"penalty": "ограничение свободы без направления в учреждение открытого типа"}, Detention.HOME_CONFINEMENT),
        ({"prison": "Home confinement", "penalty": "restricted freedom"}, Detention.HOME_CONFINEMENT),
        ({"prison": "Released awaiting the commencement of the sentence"}, Detention.CONVICTED),
        ({"decision": "detention"}, Detention.CONVICTED),
        ({"status": "former"}, Detention.RELEASED),
        ({"died": "2024-05-01"}, Detention.DIED_IN_CUSTODY),
    ],
)
def test_the_detention_status_follows_from_what_the_row_says(change: dict[str, str], expected: Detention) -> None:
    assert one(ALES | change).detention_status is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("detention", Detention.AWAITING_TRIAL),
        ("life", Detention.CONVICTED),
        ("2031-12-07", Detention.CONVICTED),
        ("unknown", Detention.UNKNOWN),
    ],
)
def test_a_list_without_verdicts_is_read_by_its_sentences(sentence: str, expected: Detention) -> None:
    row = {"Name": "虚构人", "Sentence": sentence, "Source": "https://list.example.org/1"}
    assert one(row, CHINESE).detention_status is expected


def test_a_list_without_a_status_column_names_the_held() -> None:
    assert one({"id": "1", "name": "Ales Vymyshleny"}, ["id", "name"]).status is ListStatus.HELD


def test_any_word_of_a_death_counts_even_without_its_day() -> None:
    found = one(ALES | {"status": "former", "died": "true"})
    assert (found.status, found.died_on) == (ListStatus.DIED, None)


def test_only_a_former_prisoner_has_a_day_of_release() -> None:
    planned = one(ALES | {"release_date": "2027-01-01"})
    past = one(ALES | {"status": "former", "release_date": "2024-01-01"})
    assert planned.released_on is None
    assert str(past.released_on) == "2024-01-01"
