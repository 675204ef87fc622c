"""The outbox: one mail per occasion, written with its cause or not at all."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.database import session
from app.mail.outbox import Message, Withdrawal, enqueue, withdraw_unsent
from app.models import OutgoingMail
from app.transaction import transaction
from app.vocabulary import MatchState, OutgoingState
from tests.factories import fresh, make_account, make_match


def _rows() -> int:
    return session().scalar(select(func.count()).select_from(OutgoingMail)) or 0


def test_a_mail_is_queued_for_now_unless_it_is_held(app: Flask) -> None:
    account = make_account()
    later = now() + timedelta(minutes=1)
    with transaction():
        at_once = enqueue(message=Message.CONFIRM_ADDRESS, occasion="a", account_id=account.id)
        held = enqueue(message=Message.CONFIRM_ADDRESS, occasion="b", account_id=account.id, due_at=later)

    assert at_once is not None
    assert held is not None
    assert (at_once.state, at_once.attempts, at_once.due_at) == (OutgoingState.QUEUED, 0, at_once.created_at)
    assert held.due_at == later


def test_an_occasion_is_mailed_once_and_the_second_try_breaks_nothing(app: Flask) -> None:
    """C1, C5: the transaction around the second try still commits what else it did."""
    account = make_account()
    with transaction():
        enqueue(message=Message.CONFIRM_ADDRESS, occasion="confirm:1", account_id=account.id)
    with transaction():
        again = enqueue(message=Message.CONFIRM_ADDRESS, occasion="confirm:1", account_id=account.id)
        account.time_zone = "Europe/Rome"

    assert again is None
    assert _rows() == 1
    assert fresh(account).time_zone == "Europe/Rome"


def test_a_mail_is_lost_with_the_change_that_caused_it(app: Flask) -> None:
    account = make_account()

    def change_and_break() -> None:
        with transaction():
            enqueue(message=Message.CONFIRM_ADDRESS, occasion="a", account_id=account.id)
            raise LookupError

    with pytest.raises(LookupError):
        change_and_break()
    assert _rows() == 0


def test_a_mail_outside_a_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        enqueue(message=Message.OFFER, occasion="a", account_id="nobody")


def test_withdrawing_takes_what_is_unsent_and_leaves_what_is_going(app: Flask) -> None:
    states = (OutgoingState.QUEUED, OutgoingState.WAITING, OutgoingState.SENDING, OutgoingState.SENT)
    match = make_match(state=MatchState.APPROVED)
    with transaction():
        for state in states:
            mail = enqueue(
                message=Message.OFFER, occasion=state, account_id=match.sponsor.account_id, match_id=match.id
            )
            assert mail is not None
            mail.state = state
            mail.lease_until = now() if state is OutgoingState.SENDING else None
            mail.sent_at = now() if state is OutgoingState.SENT else None
    with transaction():
        withdrawn = withdraw_unsent(match.id, reason=Withdrawal.TAKEN_BACK)

    assert withdrawn == 2
    found = {mail.occasion: (mail.state, mail.reason) for mail in session().scalars(select(OutgoingMail))}
    assert found == {
        "queued": (OutgoingState.SUPPRESSED, "taken_back"),
        "waiting": (OutgoingState.SUPPRESSED, "taken_back"),
        "sending": (OutgoingState.SENDING, None),
        "sent": (OutgoingState.SENT, None),
    }


def test_withdrawing_leaves_other_matches_alone(app: Flask) -> None:
    one, other = make_match(), make_match()
    with transaction():
        enqueue(message=Message.OFFER, occasion="other", account_id=other.sponsor.account_id, match_id=other.id)
    with transaction():
        assert withdraw_unsent(one.id, reason=Withdrawal.TAKEN_BACK) == 0
