"""Every letter template in every language: sound, safe to post, and fit for women and men alike."""

import re

import pytest

from app.letters import (
    BESIDE,
    LETTER_LANGUAGES,
    TEMPLATES,
    Placeholder,
    UnknownPlaceholder,
    problems_of,
    template_called,
)
from app.letters.templates import checked
from app.placeholders import check, names_in

TEXTS = [
    pytest.param(text, id=f"{template.key}.{code}") for template in TEMPLATES for code, text in template.texts.items()
]
CYRILLIC_TEXTS = [
    pytest.param(template.texts[code], id=f"{template.key}.{code}")
    for template in TEMPLATES
    for code in LETTER_LANGUAGES
]

STOPPED_BY_CENSORS = re.compile(
    r"свобод|воля|вольн|борьб|борот|побед|войн|политик|тюрьм|заключ|камер|решётк|приговор|закон|суд\b|страна|беларус"
    r"|свабод|барац|змаг|перамог|вайн|палітык|турм|зняволен|прысуд|краін|жыве"
    r"|красн|бел(?:о|ы|ая)|чырвон|обещ|абяца|жду|чака"
    r"|freedom|fight|war\b|politic|prison|law\b|promise|wait",
    re.IGNORECASE,
)
# A past tense of the first or second person singular, or a short adjective, tells a woman from a man.
GENDERED = re.compile(
    r"\b(я|ты)\s+(не\s+)?(\w+\s+)?\w+(л|ла|лся|лась|ў|ўся)\b|\b(рад|рада|должен|должна|павінен|павінна|сам|сама)\b"
    r"|дорогой|дорогая|дарагі|дарагая|уважаем|паважан|\(а\)",
    re.IGNORECASE,
)


def _words(text: str) -> str:
    """The text without its placeholders."""
    return re.sub(r"\(\(\w+\)\)", "", text)


def test_there_are_templates_for_a_beginning_an_ordinary_day_a_birthday_and_the_new_year() -> None:
    assert [template.key for template in TEMPLATES] == ["first", "everyday", "birthday", "new_year"]


def test_each_stands_in_russian_in_belarusian_and_in_english_beside_them() -> None:
    assert {frozenset(template.texts) for template in TEMPLATES} == {frozenset({*LETTER_LANGUAGES, BESIDE})}


@pytest.mark.parametrize("text", TEXTS)
def test_w3_no_text_asks_for_what_is_not_declared(text: str) -> None:
    check(text, declared=frozenset(Placeholder))


@pytest.mark.parametrize("text", TEXTS)
def test_each_greets_by_name_leaves_room_for_own_lines_and_is_signed(text: str) -> None:
    names = names_in(text)

    assert (names[0], names[-1]) == (Placeholder.PRISONER_GIVEN_NAME, Placeholder.WRITER_NAME)
    assert names.count(Placeholder.OWN_LINES) == 1


@pytest.mark.parametrize("text", TEXTS)
def test_no_text_holds_what_stops_a_letter_or_promises_anything(text: str) -> None:
    assert [found.group() for found in STOPPED_BY_CENSORS.finditer(_words(text))] == []


@pytest.mark.parametrize("text", CYRILLIC_TEXTS)
def test_no_text_takes_the_writer_or_the_reader_for_a_man_or_a_woman(text: str) -> None:
    assert [found.group() for found in GENDERED.finditer(text)] == []


@pytest.mark.parametrize("text", CYRILLIC_TEXTS)
def test_what_is_posted_is_written_in_one_script(text: str) -> None:
    assert re.findall(r"[A-Za-z]", _words(text)) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_russian_is_not_taken_for_belarusian(template: object) -> None:
    texts = template.texts  # type: ignore[attr-defined]

    assert re.findall(r"[іўІЎ]", texts["ru"]) == []
    assert re.findall(r"[ищъИЩЪ]", texts["be"]) == []


def test_w3_a_template_with_an_unknown_placeholder_is_refused_by_its_name() -> None:
    with pytest.raises(UnknownPlaceholder, match=r"\(\(password_hash\)\)"):
        checked("evil", {"ru": "((writer_name))", "be": "((password_hash))"})


def test_a_template_whose_languages_differ_in_their_placeholders_is_refused() -> None:
    with pytest.raises(ValueError, match="differ"):
        checked("uneven", {"ru": "((writer_name))", "be": "((writer_city))"})


BUILT_IN = TEMPLATES[0].texts


def test_the_built_in_texts_are_what_an_editor_may_save() -> None:
    assert [problems_of(template.texts) for template in TEMPLATES] == [[], [], [], []]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "ru: nothing is written here"),
        (BUILT_IN["ru"] + "((password_hash))", "ru: line 15: there is no placeholder ((password_hash))"),
        (BUILT_IN["ru"].replace("((own_lines))", ""), "ru: ((own_lines)) is missing"),
        (BUILT_IN["ru"] + "\n((own_lines))", "ru: line 16: ((own_lines)) stands here a second time"),
        (BUILT_IN["ru"] + "а" * 4000, "ru: more than 4000 characters"),
    ],
)
def test_w3_an_edited_template_is_refused_with_the_language_and_the_line(text: str, said: str) -> None:
    assert said in [str(problem) for problem in problems_of({**BUILT_IN, "ru": text})]


def test_languages_that_ask_for_different_things_are_refused() -> None:
    found = problems_of({**BUILT_IN, "ru": "((prisoner_given_name))\n((own_lines))\n((writer_name))"})

    assert {problem.part for problem in found} == {"ru", "be", "en"}


def test_a_language_that_is_left_out_is_missing() -> None:
    assert [problem.part for problem in problems_of({"ru": BUILT_IN["ru"], "en": BUILT_IN["en"]})] == ["be"]


def test_a_key_that_nobody_knows_has_no_template() -> None:
    assert template_called("../../config") is None
