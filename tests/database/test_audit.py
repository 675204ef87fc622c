"""The audit trail: chained, without values, in step with what it tells of (P4)."""

from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.models import AuditEvent, AuditHead
from app.transaction import transaction


def chain() -> list[AuditEvent]:
    return list(session().scalars(select(AuditEvent).order_by(AuditEvent.number)))


def record(number: int) -> None:
    with transaction():
        audit.record(
            action=AuditAction.VETTED, by=None, entity=AuditEntity.SPONSOR, entity_id=f"s{number}", fields=["b", "a"]
        )


def test_p4_each_event_is_chained_to_the_one_before(app: Flask) -> None:
    for number in range(3):
        record(number)

    events = chain()

    assert [event.number for event in events] == [1, 2, 3]
    assert events[0].digest == audit.link_digest(events[0], "")
    assert all(after.digest == audit.link_digest(after, before.digest) for before, after in pairwise(events))
    head = session().scalars(select(AuditHead)).one()
    assert (head.number, head.digest) == (3, events[-1].digest)


@pytest.mark.parametrize("field", ["action", "entity_id", "by_account_id"])
def test_p4_a_changed_value_gives_another_digest(app: Flask, field: str) -> None:
    record(0)
    (event,) = chain()
    before = event.digest

    setattr(event, field, "changed")

    assert audit.link_digest(event, "") != before
    session().expire_all()


def test_an_event_of_a_transaction_that_failed_is_not_in_the_chain(app: Flask) -> None:
    record(0)
    with pytest.raises(ZeroDivisionError), transaction():
        audit.record(action=AuditAction.VETTED, by=None, entity=AuditEntity.SPONSOR, entity_id="x")
        raise ZeroDivisionError
    record(1)

    assert [event.entity_id for event in chain()] == ["s0", "s1"]


def test_a_word_of_the_trail_is_chained_as_the_plain_word_that_the_database_gives_back(app: Flask) -> None:
    with transaction():
        [event] = audit.record_many([audit.Happening(AuditAction.LET_GO, AuditEntity.MATCH, "m")], by=None)
        written = event.digest

    read = session().scalars(select(AuditEvent)).one()
    assert (type(read.action), read.action, read.entity) == (str, "let_go", "match")
    assert audit.link_digest(read, before="") == audit.link_digest(event, before="")
    assert read.digest == written
