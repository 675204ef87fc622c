"""Offices that act for sponsors, official domains of parliaments, and addresses proven there."""

from typing import Any

from app.clock import now
from app.models import Account, Office, OfficialAddress, OfficialDomain, Sponsor
from tests.factories.accounts import make_account, make_office
from tests.factories.writing import add, writing


def make_office_of(sponsor: Sponsor, *, account: Account | None = None, **changes: Any) -> Office:
    """A log-in that has joined and acts for the sponsor."""
    with writing():
        account = account or make_account()
        values = {"sponsor_id": sponsor.id, "account_id": account.id, "invited_at": now(), "joined_at": now()}
        return add(Office(**values | changes))


def make_official_domain(
    domain: str = "parliament.example", *, members_only: bool = False, **changes: Any
) -> OfficialDomain:
    """A domain of an invented parliament in Germany, where the makers' sponsors live."""
    with writing():
        values = {"parliament": "Parliament of Examplia", "country": "DE", "domain": domain, "added_at": now()}
        if members_only:
            values |= {"members_at": now(), "members_by": make_office().id}
        return add(OfficialDomain(**values | changes))


def make_official_address(sponsor: Sponsor, **changes: Any) -> OfficialAddress:
    """An official address that the sponsor has proven."""
    values = {
        "sponsor_id": sponsor.id,
        "domain": "parliament.example",
        "parliament": "Parliament of Examplia",
        "digest": f"digest-of-{sponsor.id}",
        "asked_at": now(),
        "confirmed_at": now(),
    }
    with writing():
        return add(OfficialAddress(**values | changes))
