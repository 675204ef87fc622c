"""The outbox of the demo's past: a few of the newest mails went wrong, and none that plainly went."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.database import session
from app.demo.planting.mails import STATES_OF_THE_NEWEST, PlannedMail, plant
from app.mail.outbox import Message, Withdrawal
from app.models import OutgoingMail
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.factories import make_account

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ENOUGH = max(STATES_OF_THE_NEWEST) + 1


def _planted(*, is_news: bool = False, overtaken_after: timedelta | None = None) -> list[OutgoingMail]:
    account_id = make_account().id
    made = [NOW - timedelta(hours=number + 1) for number in range(ENOUGH)]
    mails = [
        PlannedMail(
            message=Message.OFFER,
            occasion=f"offer:{number}",
            account_id=account_id,
            created_at=at,
            held_for=timedelta(minutes=1),
            overtaken_at=at + overtaken_after if overtaken_after else None,
            overtaken_by=Withdrawal.EVENT_RECORDED,
            is_news=is_news,
        )
        for number, at in enumerate(made)
    ]
    with transaction():
        plant(mails, now=NOW, sparing=frozenset())
    return list(session().scalars(select(OutgoingMail).order_by(OutgoingMail.created_at.desc())))


def test_a_few_of_the_newest_went_wrong(app: Flask) -> None:
    states = {number: mail.state for number, mail in enumerate(_planted()) if mail.state is not OutgoingState.SENT}

    assert states == STATES_OF_THE_NEWEST


def test_news_went_all(app: Flask) -> None:
    assert {mail.state for mail in _planted(is_news=True)} == {OutgoingState.SENT}


def test_what_was_answered_had_gone(app: Flask) -> None:
    assert {mail.state for mail in _planted(overtaken_after=timedelta(minutes=5))} == {OutgoingState.SENT}


def test_what_an_event_overtook_says_so(app: Flask) -> None:
    found = {(mail.state, mail.reason) for mail in _planted(overtaken_after=timedelta(seconds=30))}

    assert found == {(OutgoingState.SUPPRESSED, "event_recorded")}
