"""Every reason that the code can write into the outbox has a sentence, and no sentence is about nothing."""

import ast
from collections.abc import Iterator

import pytest
from flask import Flask

from app.mail.claims import LEASE_RAN_OUT
from app.mail.outbox import Withdrawal
from app.mail.outcomes import Refusal, Trouble
from app.matching.rules import SENTENCES
from app.queries import mail_log
from app.vocabulary import OutgoingState, SuppressionReason
from app.web import mail_words
from tests.architecture.source import python_sources
from tests.web.parts import application

SPEAKING = ("why_not", "_about", "hindrance", "sponsor_hindrance")
"""How functions are called that give, yield or collect a reason."""

GIVEN_TO = frozenset({"Result", "Step", "Unsendable"})
"""What takes a reason as one of its arguments."""

SHAPED = {"smtp_451", "unsendable:TypeError", "bounced_5.1.1"}
"""Reasons that are made of a code of somebody else's, such as these."""


def _texts(node: ast.AST) -> Iterator[str]:
    """The plain strings that an expression may become."""
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    for part in parts:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif part is not node:
            yield from _texts(part)


def _returned(tree: ast.AST) -> Iterator[str]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name.startswith(SPEAKING):
            for node in ast.walk(function):
                if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                    yield from _texts(node.value)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
                    yield from _texts(node.args[0])


def _handed_on(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] in GIVEN_TO:
            for value in (*call.args, *(word.value for word in call.keywords if word.arg == "reason")):
                yield from _texts(value)


def _constants(tree: ast.Module) -> Iterator[str]:
    """Constants of a module that are used as reasons: `LOST = "connection_lost"`."""
    named = {name.id for call in ast.walk(tree) if isinstance(call, ast.Call) for name in call.args if _is_name(name)}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in named:
            yield from _texts(node.value)


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Name)


def written() -> set[str]:
    """Every reason that stands in the code which writes them."""
    found = {LEASE_RAN_OUT, *Withdrawal, *Trouble, *Refusal, *SuppressionReason, *SENTENCES}
    for source in python_sources("app/mail", "app/queries", "app/reminders"):
        found |= {*_returned(source.tree), *_handed_on(source.tree)}
        if source.path == "app/mail/connection.py":
            found |= set(_constants(source.tree))
    return {str(reason) for reason in found}


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    with application() as made:
        yield made


def test_the_reasons_are_found_in_the_code() -> None:
    """One of each way of writing them."""
    of_every_kind = {"address_refused", "whereabouts_unknown", "broken_header", "gave_up", "connection_lost", "stale"}
    of_every_kind |= {"in_mourning", "marked_silent"}

    assert of_every_kind | {"event_overtaken", "already_confirmed", "vetting_changed", "not_detained"} <= written()


def test_every_reason_that_the_code_can_write_has_a_sentence(app: Flask) -> None:
    unspoken = written() - mail_words.WORDS.keys() - mail_words.IN_DOUBT.keys()

    assert unspoken == set(), "give each a sentence in app/web/mail_words.py"


def test_reminders_and_matching_use_no_word_for_two_things() -> None:
    """One outbox keeps the reasons of both, and there is one sentence for each; of days, both mean the same."""
    of_reminders = {reason for source in python_sources("app/reminders") for reason in _returned(source.tree)}

    assert of_reminders & SENTENCES.keys() == {"not_available"}


def test_no_sentence_is_about_a_reason_that_nobody_writes(app: Flask) -> None:
    spoken = mail_words.WORDS.keys() | mail_words.IN_DOUBT.keys()

    assert spoken - written() == {mail_log.HIDDEN}


@pytest.mark.parametrize("state", [OutgoingState.WAITING, OutgoingState.FAILED, OutgoingState.SUPPRESSED])
@pytest.mark.parametrize("reason", sorted({*mail_words.WORDS, *SHAPED}))
def test_a_sentence_is_plain_and_names_no_code(app: Flask, reason: str, state: OutgoingState) -> None:
    sentence = str(mail_words.why(reason, state))

    assert sentence.endswith(".")
    assert "_" not in sentence
    assert "without words" not in sentence
    assert len(sentence) < 110


def test_a_mail_in_doubt_is_said_to_be_in_doubt_and_not_tried_again_by_itself(app: Flask) -> None:
    assert "while this was handed over" in str(mail_words.why("connection_lost", OutgoingState.IN_DOUBT))
    assert "tried again by itself" in str(mail_words.why("connection_lost", OutgoingState.WAITING))


def test_a_reason_without_words_is_shown_as_it_is_rather_than_lost(app: Flask) -> None:
    assert "brand_new" in str(mail_words.why("brand_new", OutgoingState.SUPPRESSED))
    assert mail_words.why(None, OutgoingState.SENT) == ""


def test_what_is_said_of_other_peoples_prisoners_is_about_the_sponsor_alone(app: Flask) -> None:
    shown = mail_log._ABOUT_THE_PERSON

    assert shown <= mail_words.PERSON.keys()
    assert shown.isdisjoint(mail_words.PRISONER)
