"""The list of official domains: what stands on it, and of which somebody vouches that only members are there."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.detaining import DETAINING_COUNTRIES
from app.errors import BadInput, NotAllowed, NotFound
from app.models import OfficialDomain
from app.official_addresses import normalised_domain
from app.permissions import Permission, Viewer, allowed


def add(*, parliament: str, country: str | None, domain: str, by: Viewer) -> OfficialDomain:
    """Put a domain on the list; nobody vouches for its members yet.

    Raises BadInput for what is no domain, for one that stands there, and for a country that detains.
    """
    _check(by)
    if country in DETAINING_COUNTRIES:
        raise BadInput("A state that detains vouches for nobody here.")
    row = OfficialDomain(
        parliament=parliament,
        country=country,
        domain=normalised_domain(domain),
        added_at=now(),
        added_by=by.account_id,
    )
    try:
        with session().begin_nested():
            session().add(row)
    except IntegrityError as twice:
        raise BadInput("This domain stands on the list already.") from twice
    _record(AuditAction.ADD, row, by, ["parliament", "country", "domain"])
    return row


def remove(*, domain_id: str, by: Viewer) -> None:
    """Take a domain off the list. Whoever was vetted by an address there stays so; a coordinator may reopen that."""
    _check(by)
    row = _locked(domain_id)
    session().delete(row)
    _record(AuditAction.TAKE_OUT, row, by, [])


def vouch(*, domain_id: str, by: Viewer) -> OfficialDomain:
    """Say that nobody but members has an address at exactly this domain: from now on one there may vet by itself."""
    _check(by)
    row = _locked(domain_id)
    if row.members_at is None:
        row.members_at, row.members_by = now(), by.account_id
        _record(AuditAction.VOUCH, row, by, ["members_at"])
    return row


def take_back(*, domain_id: str, by: Viewer) -> OfficialDomain:
    """Take that back: from now on a coordinator decides on every address there."""
    _check(by)
    row = _locked(domain_id)
    if row.members_at is not None:
        row.members_at, row.members_by = None, None
        _record(AuditAction.TAKE_BACK, row, by, ["members_at"])
    return row


def _check(by: Viewer) -> None:
    if not allowed(by, Permission.EDIT_PARLIAMENTS):
        raise NotAllowed("Only administrators and the programme's people keep this list.")


def _locked(domain_id: str) -> OfficialDomain:
    row = session().scalar(locked(select(OfficialDomain).where(OfficialDomain.id == domain_id)))
    if row is None:
        raise NotFound("There is no such domain on the list.")
    return row


def _record(action: AuditAction, row: OfficialDomain, by: Viewer, fields: list[str]) -> None:
    session().flush()
    audit.record(action=action, by=by.account_id, entity=AuditEntity.OFFICIAL_DOMAIN, entity_id=row.id, fields=fields)
