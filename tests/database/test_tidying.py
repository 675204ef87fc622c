"""What log-ins leave behind is deleted on schedule (P6)."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.actions import limits
from app.actions.tidying import purge_log_ins
from app.attempts import Attempt
from app.database import session
from app.models import AccountToken, AddressChange, Base, LoginSession, TokenPurpose
from app.transaction import transaction
from tests.factories import make_account, make_login, writing
from tests.factories.writing import add


def left() -> dict[str, int]:
    tables: tuple[type[Base], ...] = (LoginSession, AccountToken, AddressChange)
    return {table.__tablename__: session().scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_p6_what_is_over_goes_and_what_may_still_matter_stays(app: Flask) -> None:
    account = make_account()
    make_login(account)
    addresses = {"old_email": "a@example.org", "new_email": "b@example.org", "new_email_key": "b@example.org"}
    with writing():
        add(AddressChange(account_id=account.id, asked_at=clock.now(), **addresses))
        times = {"created_at": clock.now(), "expires_at": clock.now() + timedelta(hours=1)}
        add(
            AccountToken(
                account_id=account.id, token_hash="x", email_key="b@example.org", purpose=TokenPurpose.RESET, **times
            )
        )
        limits.begin([(Attempt.CODE, account.id)])

    with transaction():
        first = purge_log_ins()
    assert (set(first.values()), set(left().values())) == ({0}, {1})
    with clock.at(clock.now() + timedelta(days=31)), transaction():
        second = purge_log_ins()

    over = {"attempt_count": 1, "login_session": 1, "account_token": 1, "address_change": 1}
    assert second == over | {"official_address": 0, "office": 0}
    assert set(left().values()) == {0}
