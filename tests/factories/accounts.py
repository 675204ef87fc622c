"""Accounts of sponsors and staff."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from app.clock import now
from app.database import session
from app.models import (
    Account,
    AccountClosing,
    Caseload,
    LoginSession,
    Prisoner,
    SecondFactor,
    StaffGrant,
    StaffRegion,
    new_id,
)
from app.passwords import make_hash
from app.permissions import EVERYWHERE
from app.queries.accounts import by_email, token_digest
from app.vocabulary import StaffRole
from tests.factories.names import next_address, next_name
from tests.factories.writing import add, writing

PASSWORD = "only an invented password"
"""What everybody the makers make logs in with."""

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The seed of every app that the makers set up."""

OFFICE = "office@example.org"


@cache
def password_hash() -> str:
    """One hash for everybody: making it takes a tenth of a second."""
    return make_hash(PASSWORD)


def make_account(**changes: Any) -> Account:
    """Somebody whose address is confirmed, with no role: they may log in and do nothing."""
    values = {
        "id": new_id(),
        "email": next_address(next_name()[0]),
        "password_hash": password_hash(),
        "time_zone": "Europe/Berlin",
        "created_at": now(),
        "email_confirmed_at": now(),
    }
    with writing():
        return add(Account(**values | changes))


def make_second_factor(account: Account, **changes: Any) -> SecondFactor:
    """The account's second factor, set up; its app has SEED."""
    values = {"account_id": account.id, "seed": SEED, "begun_at": now(), "confirmed_at": now()}
    with writing():
        return add(SecondFactor(**values | changes))


def make_closing(account: Account, **changes: Any) -> AccountClosing:
    """Staff closed the account, for a reason."""
    values = {"account_id": account.id, "closed_at": now(), "reason": "an invented reason"}
    with writing():
        session().get_one(Account, account.id).disabled_at = now()
        return add(AccountClosing(**values | changes))


def make_login(account: Account, **changes: Any) -> str:
    """The token of a session in which the account has shown everything that its log-in asks for."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": token_digest(token),
        "account_id": account.id,
        "created_at": now(),
        "expires_at": now() + timedelta(hours=12),
        "browser": "Firefox, Linux",
        "password_at": now(),
        "code_due": False,
        "second_factor_at": now(),
    }
    with writing():
        add(LoginSession(**values | changes))
    return token


def make_coordinator(
    *,
    roles: Iterable[StaffRole | str] = (StaffRole.COORDINATOR,),
    regions: Iterable[str] = (EVERYWHERE,),
    caseload: Iterable[Prisoner] = (),
    second_factor: bool = True,
    **changes: Any,
) -> Account:
    """A member of staff with `roles`, the sponsor countries `regions` and the prisoners of `caseload`.

    Their second factor is set up, unless `second_factor` is False.
    """
    with writing():
        account = make_account(**changes)
        account.roles = [StaffGrant(role=StaffRole(role), granted_at=now()) for role in roles]
        account.regions = [StaffRegion(country=country) for country in regions]
        if second_factor:
            make_second_factor(account)
        session().add_all(Caseload(account_id=account.id, prisoner_id=prisoner.id) for prisoner in caseload)
    return account


def make_administrator(**changes: Any) -> Account:
    """Somebody who appoints others and does no coordinator's work."""
    return make_coordinator(roles=(StaffRole.ADMINISTRATOR,), regions=(), **changes)


def make_office() -> Account:
    """The one account behind every decision whose author a test does not care about."""
    return by_email(OFFICE) or make_coordinator(email=OFFICE, roles=StaffRole)
