"""Every word of the audit trail is spoken by somebody, and nobody speaks another."""

import ast
from enum import StrEnum

import pytest

from app.actions.mails import Finding
from app.audit_words import AuditAction, AuditEntity
from app.models import AuditEvent, Base
from app.reminder_words import ReminderAnswer
from app.vocabulary import EventType, QuarantineState, VettingState
from tests.architecture.source import python_sources

DECIDED = set(QuarantineState) - {QuarantineState.WAITING}
FAMILIES = {
    *(f"record_{event}" for event in EventType),
    *(f"resolve_mail_{finding}" for finding in Finding),
    *(f"decide_{state}" for state in DECIDED),
    *(f"answer_{said}" for said in ReminderAnswer),
    *VettingState,
}
"""Actions that are made of a word of the vocabulary, and so stand nowhere by name."""


def _spoken(words: type[StrEnum], *places: str) -> set[str]:
    """The members that the code names."""
    return {
        words[node.attr]
        for source in python_sources(*places)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == words.__name__
    }


def test_every_action_is_done_by_somebody() -> None:
    assert _spoken(AuditAction, "app/actions", "app/demo") | FAMILIES == set(AuditAction)


def test_every_entity_is_named_by_somebody_and_is_a_table() -> None:
    assert _spoken(AuditEntity, "app/actions") == set(AuditEntity)
    assert set(AuditEntity) <= Base.metadata.tables.keys()


@pytest.mark.parametrize("family", [EventType, VettingState, Finding, ReminderAnswer])
def test_a_family_has_an_action_for_each_of_its_words(family: type[StrEnum]) -> None:
    prefix = {EventType: "record_", Finding: "resolve_mail_", ReminderAnswer: "answer_"}.get(family, "")

    assert all(AuditAction(f"{prefix}{word}") for word in family)


@pytest.mark.parametrize(("words", "column"), [(AuditAction, "action"), (AuditEntity, "entity")])
def test_every_word_fits_into_its_column(words: type[StrEnum], column: str) -> None:
    longest = AuditEvent.__table__.c[column].type.length  # type: ignore[attr-defined]

    assert max(map(len, words)) <= longest


def test_nobody_writes_a_word_of_the_trail_as_a_plain_string() -> None:
    offences = [
        source.at(call.lineno, f"`{ast.unparse(call)}`: say it as AuditAction or AuditEntity")
        for source in python_sources("app")
        for call in source.calls()
        if ast.unparse(call.func).split(".")[-1] in {"Happening", "record", "Change", "Step"}
        for value in (*call.args[:2], *(word.value for word in call.keywords if word.arg in {"action", "entity"}))
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]

    assert not offences, "\n".join(offences)
