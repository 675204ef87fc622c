"""The one commit: all or nothing, never nested, never forgotten."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.models import Facility
from app.transaction import mail_queued, transaction
from app.vocabulary import FacilityKind
from tests.factories import make_account


def facility() -> Facility:
    return Facility(country="BY", kind=FacilityKind.PRISON, title="Prison No. 0", languages=["ru"])


def facilities() -> int:
    return session().scalar(select(func.count()).select_from(Facility)) or 0


def test_a_change_is_kept(app: Flask) -> None:
    with transaction():
        session().add(facility())

    session().rollback()
    assert facilities() == 1


def test_a_failure_in_the_middle_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        session().add(facility())
        session().flush()
        raise ZeroDivisionError

    assert facilities() == 0


def test_transactions_do_not_nest(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError, match="does not nest"), transaction():
        pass


def test_a_change_outside_is_an_error_and_not_lost_in_silence(app: Flask) -> None:
    session().add(facility())

    with pytest.raises(RuntimeError, match="transaction"):
        session().flush()
    session().rollback()


def test_the_worker_is_woken_after_a_commit_that_queued_mail_and_only_then(app: Flask) -> None:
    from app.mail import outbox

    account_id = make_account().id
    woken: list[object] = []

    def listen(sender: object) -> None:
        woken.append(sender)

    with mail_queued.connected_to(listen):
        with transaction():
            session().add(facility())
        assert woken == []
        with pytest.raises(ZeroDivisionError), transaction():
            outbox.enqueue(message=outbox.Message.OFFER, occasion="lost", account_id=account_id)
            raise ZeroDivisionError
        assert woken == []
        with transaction():
            outbox.enqueue(message=outbox.Message.OFFER, occasion="kept", account_id=account_id)
        assert len(woken) == 1
