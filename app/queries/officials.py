"""Official domains of parliaments, and the addresses that sponsors have proven there (B4)."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from app.database import session
from app.models import OfficialAddress, OfficialDomain, Sponsor
from app.official_addresses import domains_around


def listed() -> Sequence[OfficialDomain]:
    """Every domain, by country and parliament; those of several countries first."""
    by_name = OfficialDomain.parliament, OfficialDomain.domain
    return session().scalars(select(OfficialDomain).order_by(OfficialDomain.country.nulls_first(), *by_name)).all()


def parliaments() -> Sequence[str]:
    """The names of the parliaments on the list, each once."""
    return session().scalars(select(OfficialDomain.parliament).distinct().order_by(OfficialDomain.parliament)).all()


def domain_for(address: str) -> OfficialDomain | None:
    """The domain of the list that the address belongs to, the most exact one; None for any other address."""
    around = domains_around(address)
    found = session().scalars(select(OfficialDomain).where(OfficialDomain.domain.in_(around))).all()
    return max(found, key=lambda one: len(one.domain), default=None)


def proven(sponsor_id: str) -> OfficialAddress | None:
    """The official address that the sponsor has proven last."""
    of_sponsor = _newest().where(OfficialAddress.sponsor_id == sponsor_id, OfficialAddress.confirmed_at.is_not(None))
    return session().scalar(of_sponsor)


def wanted(sponsor_id: str) -> OfficialAddress | None:
    """The official address that the sponsor named last, while it is not proven."""
    return _unless_proven(session().scalar(_newest().where(OfficialAddress.sponsor_id == sponsor_id)))


def wanted_by(account_id: str) -> OfficialAddress | None:
    """The same, for the sponsor with this account."""
    of_account = _newest().join(OfficialAddress.sponsor).where(Sponsor.account_id == account_id)
    return _unless_proven(session().scalar(of_account))


def _newest() -> Select[OfficialAddress]:
    return select(OfficialAddress).order_by(OfficialAddress.asked_at.desc(), OfficialAddress.id).limit(1)


def _unless_proven(newest: OfficialAddress | None) -> OfficialAddress | None:
    return newest if newest is not None and newest.confirmed_at is None else None
