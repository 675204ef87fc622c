"""Declared placeholders: filled as they stand, unknown ones refused by name, nothing else ever evaluated (W3)."""

import pytest

from app.letters import GAP, UnknownPlaceholder, fill, has_gap
from app.placeholders import Declared, Fault, PlaceholderFault, faults, fill_known, problems

HOSTILE = ("{{7*7}}", "{% raw %}", "((password_hash))", "__class__", "{0.__class__}", "%(name)s", "\\g<0>", "$name")


def test_every_occurrence_is_filled() -> None:
    assert fill("((a)) and ((b)), ((a))", {"a": "1", "b": "2"}) == "1 and 2, 1"


@pytest.mark.parametrize("text", [text for text in HOSTILE if "((" not in text])
def test_w3_every_other_sort_of_brace_is_text_like_any_other(text: str) -> None:
    assert fill(f"{text} ((a))", {"a": "x"}) == f"{text} x"


@pytest.mark.parametrize("value", [*HOSTILE, "((a))", "((b))"])
def test_w3_what_a_value_holds_is_never_read_again(value: str) -> None:
    assert fill("((a))((b))", {"a": value, "b": "."}) == f"{value}."


def test_w3_every_unknown_placeholder_is_named_once_in_the_order_of_the_text() -> None:
    text = "((password_hash)) ((a)) ((__class__)) ((password_hash)) (( a )) (())"

    with pytest.raises(UnknownPlaceholder) as refused:
        fill(text, {"a": "1"})

    assert refused.value.names == ("password_hash", "__class__", " a ", "")
    assert "((password_hash)), ((__class__))" in str(refused.value)


@pytest.mark.parametrize("text", ["(a)", "( (a) )", "((a)", "(a))", "((a\u200b)", "f((x) + (y))"])
def test_brackets_that_are_no_placeholder_stay(text: str) -> None:
    assert fill(text, {"a": "1"}) == text


def test_a_gap_shows_that_words_of_the_writer_are_missing() -> None:
    assert has_gap(fill("((a))", {"a": GAP}))
    assert not has_gap("Then she laughed… and so it went.")


DECLARED = Declared(
    required=frozenset({"link"}), optional=frozenset({"name"}), elsewhere=frozenset({"city"}), once=frozenset({"link"})
)


def test_w3_each_fault_is_found_in_its_line_and_what_is_missing_comes_last() -> None:
    text = "((name)) ((name))\n((password_hash))\n\n((city))"

    assert list(faults(text, declared=DECLARED)) == [
        PlaceholderFault(Fault.UNKNOWN, "password_hash", 2),
        PlaceholderFault(Fault.RESTRICTED, "city", 4),
        PlaceholderFault(Fault.MISSING, "link"),
    ]


def test_what_may_stand_once_is_refused_the_second_time() -> None:
    assert list(faults("((link))\n((link))", declared=DECLARED)) == [PlaceholderFault(Fault.REPEATED, "link", 2)]


def test_a_sound_text_has_no_fault() -> None:
    assert not problems("body", "((name)), ((link)) {{7*7}} {% raw %} {0.__class__}", declared=DECLARED)


def test_a_fault_says_the_part_the_line_and_the_name() -> None:
    [problem] = problems("body", "((link))\n((__class__))", declared=DECLARED)

    assert str(problem) == "body: line 2: there is no placeholder ((__class__))"


def test_w3_a_preview_leaves_what_it_does_not_know_as_it_stands() -> None:
    assert fill_known("((a)) ((password_hash))", {"a": "((b))", "b": "x"}) == "((b)) ((password_hash))"
