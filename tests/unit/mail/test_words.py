"""The words of an edited mail: where the button stands, and everything that must not be kept."""

from dataclasses import replace

import pytest

from app.mail.discretion import telling_word
from app.mail.words import IMPERSONAL, NAME_PLACE, TO_A_SPONSOR, MailWords, problems_of, words_of

WORDS = MailWords("A quiet word", "Hello", "One,\ntwo.\n\n((link))\n\nThree.", "Go on")
HOSTILE = ("{{7*7}}", "{% raw %}", "__class__", "{0.__class__}", "%(name)s", "<b>x</b>", "${7*7}")


def said(words: MailWords) -> list[str]:
    return [str(problem) for problem in problems_of(words, declared=TO_A_SPONSOR)]


def test_paragraphs_above_and_below_the_button_keep_their_lines() -> None:
    assert (WORDS.before, WORDS.after) == ([("One,", "two.")], [("Three.",)])


def test_several_empty_lines_end_a_paragraph_once() -> None:
    words = replace(WORDS, body="One.\n \n\n\n((link))\n\t\nTwo.")

    assert (words.before, words.after) == ([("One.",)], [("Two.",)])


def test_a_body_that_lost_its_link_has_the_button_at_its_end() -> None:
    """Whatever is kept, no mail goes without its button."""
    words = replace(WORDS, body="One.\n\nTwo ((link)).")

    assert (words.before, words.after) == ([("One.",), ("Two .",)], [])


def test_a_place_is_kept_for_the_name() -> None:
    assert replace(WORDS, body="Dear ((recipient_name))\n\n((link))").before == [(f"Dear {NAME_PLACE}",)]


def test_sound_words_have_no_problem() -> None:
    assert said(WORDS) == []


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("part", ["subject", "heading", "body", "button"])
def test_w3_whatever_is_no_placeholder_is_text_like_any_other(part: str, hostile: str) -> None:
    assert (
        said(replace(WORDS, **{part: f"{WORDS.parts[part]} {hostile}" if part != "body" else f"{hostile}\n\n((link))"}))
        == []
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"subject": "For ((recipient_name))"}, "subject: line 1: ((recipient_name)) may not stand in this text"),
        ({"subject": "((password_hash))"}, "subject: line 1: there is no placeholder ((password_hash))"),
        ({"subject": "  "}, "subject: nothing is written here"),
        ({"subject": "One\nBcc: everybody"}, "subject: it has to be one line"),
        ({"subject": "One\u2028two"}, "subject: it has to be one line"),
        ({"subject": "x" * 79}, "subject: more than 78 characters"),
        ({"button": "((link))"}, "button: line 1: ((link)) may not stand in this text"),
        ({"heading": ""}, "heading: nothing is written here"),
        ({"body": "Hello."}, "body: ((link)) is missing"),
        ({"body": ""}, "body: nothing is written here"),
        ({"body": "((link))\n\n((link))"}, "body: line 3: ((link)) stands here a second time"),
        (
            {"body": "Hello.\n\nPress ((link)) now."},
            "body: line 3: ((link)) stands alone, with an empty line above and below",
        ),
        ({"body": "Hello.\n((link))"}, "body: line 2: ((link)) stands alone, with an empty line above and below"),
        ({"body": "((link))\n\n((password_hash))"}, "body: line 3: there is no placeholder ((password_hash))"),
        ({"body": "((link))\n\n(( link ))"}, "body: line 3: there is no placeholder (( link ))"),
        ({"body": "((link))\n\nhttps://evil.example"}, "body: line 3: no address but that of the button"),
        ({"body": "((link))\n\nwww.evil.example"}, "body: line 3: no address but that of the button"),
        ({"body": "((link))\n\nwrite to a@evil.example"}, "body: line 3: no address but that of the button"),
        ({"body": "((link))" + "x" * 4000}, "body: more than 4000 characters"),
    ],
)
def test_w3_what_must_not_be_kept_is_named_with_its_place(changes: dict[str, str], problem: str) -> None:
    assert problem in said(replace(WORDS, **changes))


def test_w3_a_mail_to_an_address_that_nobody_confirmed_calls_nobody_by_name() -> None:
    words = replace(WORDS, body="Dear ((recipient_name))\n\n((link))")

    [problem] = problems_of(words, declared=IMPERSONAL)
    assert str(problem) == "body: line 1: ((recipient_name)) may not stand in this text"


@pytest.mark.parametrize(
    "subject",
    ["A political prisoner", "Новости о политзаключённых", "Навіны з турмы", "Ein Häftling schreibt", "Więzień pisze",
     "News from BELARUS", "Un détenu politique"],
)  # fmt: skip
def test_a_subject_that_tells_is_refused_with_the_word_that_does(subject: str) -> None:
    word = telling_word(subject)

    assert word is not None
    assert f"“{word}” tells" in said(replace(WORDS, subject=subject))[0]


@pytest.mark.parametrize(
    "subject", ["There is news for you", "Есть новости", "Ёсць навіны", "Es gibt Neues", "A date that is worth a card"]
)
def test_a_discreet_subject_passes(subject: str) -> None:
    assert telling_word(subject) is None


def test_words_that_no_mail_can_be_made_of_are_known() -> None:
    assert WORDS.is_usable
    assert not words_of({}).is_usable
    assert not replace(WORDS, body="((password_hash))").is_usable
