"""Accounts of sponsors and staff."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import select

from app.clock import now
from app.database import session
from app.models import Account, Caseload, Prisoner, StaffGrant, StaffRegion
from app.passwords import make_hash
from app.permissions import EVERYWHERE
from app.vocabulary import StaffRole
from tests.factories.names import next_address, next_name
from tests.factories.writing import add, writing

PASSWORD = "only an invented password"
"""What everybody the makers make logs in with."""

OFFICE = "office@example.org"


@cache
def password_hash() -> str:
    """One hash for everybody: making it takes a tenth of a second."""
    return make_hash(PASSWORD)


def make_account(**changes: Any) -> Account:
    """Somebody whose address is confirmed, with no role: they may log in and do nothing."""
    email = changes.setdefault("email", next_address(next_name()[0]))
    values = {
        "email_key": email.casefold(),
        "password_hash": password_hash(),
        "time_zone": "Europe/Berlin",
        "created_at": now(),
        "email_confirmed_at": now(),
    }
    with writing():
        return add(Account(**values | changes))


def make_coordinator(
    *,
    roles: Iterable[StaffRole | str] = (StaffRole.COORDINATOR,),
    regions: Iterable[str] = (EVERYWHERE,),
    caseload: Iterable[Prisoner] = (),
    **changes: Any,
) -> Account:
    """A member of staff with `roles`, the sponsor countries `regions` and the prisoners of `caseload`."""
    with writing():
        account = make_account(**changes)
        account.roles = [StaffGrant(role=StaffRole(role), granted_at=now()) for role in roles]
        account.regions = [StaffRegion(country=country) for country in regions]
        session().add_all(Caseload(account_id=account.id, prisoner_id=prisoner.id) for prisoner in caseload)
    return account


def make_administrator(**changes: Any) -> Account:
    """Somebody who appoints others and does no coordinator's work."""
    return make_coordinator(roles=(StaffRole.ADMINISTRATOR,), regions=(), **changes)


def make_office() -> Account:
    """The one account behind every decision whose author a test does not care about."""
    found = session().scalar(select(Account).where(Account.email_key == OFFICE))
    return found or make_coordinator(email=OFFICE, roles=StaffRole)
