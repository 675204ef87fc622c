"""The keys under which the outbox knows each mail: the same for the same occasion, another for another."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.mail import occasions
from app.mail.outbox import Message
from app.models import OutgoingMail

AT = datetime(2026, 11, 22, 9, 10, tzinfo=UTC)
ID = "a" * 16
EVERY_KEY = [
    occasions.confirmation(ID, at=AT),
    occasions.already_registered(ID, on=AT.date()),
    occasions.vetting(Message.SPONSOR_VETTED, ID, version=12),
    occasions.vetting(Message.SPONSOR_REJECTED, ID, version=12),
    occasions.offer(ID, version=12),
    occasions.notice(Message.RELEASED, ID, happening_id="b" * 16),
]


def test_a_key_begins_with_its_mail_and_names_the_record() -> None:
    names = [key.split(":")[:2] for key in EVERY_KEY]

    assert names == [
        [name, ID]
        for name in (
            "confirm_address", "already_registered", "sponsor_vetted", "sponsor_rejected", "offer", "released"
        )
    ]  # fmt: skip


@pytest.mark.parametrize("key", EVERY_KEY)
def test_a_key_fits_into_its_column(key: str) -> None:
    assert len(key) <= OutgoingMail.__table__.c.occasion.type.length  # type: ignore[attr-defined]


def test_an_address_is_asked_once_in_ten_minutes() -> None:
    soon, later = (occasions.confirmation(ID, at=AT + timedelta(minutes=minutes)) for minutes in (9, 10))

    assert occasions.confirmation(ID, at=AT) == soon != later


def test_an_owner_is_told_once_a_day() -> None:
    assert occasions.already_registered(ID, on=AT.date()) != occasions.already_registered(ID, on=date(2026, 11, 23))


def test_what_happens_again_is_another_occasion() -> None:
    assert occasions.offer(ID, version=2) != occasions.offer(ID, version=4)
    assert occasions.notice(Message.MOVED, ID, happening_id="b") != occasions.notice(
        Message.MOVED, ID, happening_id="c"
    )
