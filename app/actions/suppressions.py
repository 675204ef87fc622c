"""Letting mail go to an address again that had refused or returned it."""

from sqlalchemy import select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.database import locked, session
from app.errors import NotAllowed, NotFound
from app.models import Account, Sponsor, SuppressedAddress
from app.permissions import Permission, Viewer, allowed
from app.queries import accounts, suppressions
from app.queries.scope import sponsors_of
from app.vocabulary import StaffRole


def lift(*, email: str, by: Viewer | None) -> SuppressedAddress:
    """Let mail go to the address again, however it is spelt. `by` is None for the command line.

    What was held back meanwhile does not go any more. Raises NotAllowed without the permission, and NotFound for an
    address that is not suppressed or, to a coordinator, is of no sponsor of their regions: both look alike.
    """
    if by is not None and not allowed(by, Permission.LIFT_SUPPRESSIONS):
        raise NotAllowed("Only coordinators and administrators let mail go to an address again.")
    suppressed = session().scalar(locked(suppressions.of_address(email)))
    if suppressed is None or not _in_scope(accounts.by_email(email), by):
        raise NotFound("Nothing keeps mail from this address.")
    session().delete(suppressed)
    audit.record(
        action=AuditAction.LIFT,
        by=by.account_id if by else None,
        entity=AuditEntity.SUPPRESSED_ADDRESS,
        entity_id=suppressed.id,
    )
    return suppressed


def _in_scope(account: Account | None, viewer: Viewer | None) -> bool:
    """Whether the viewer looks after whoever has the address; administrators and the command line after everybody."""
    if viewer is None or StaffRole.ADMINISTRATOR in viewer.roles:
        return True
    if account is None:
        return False
    own = select(Sponsor.id).where(Sponsor.account_id == account.id, sponsors_of(viewer))
    return session().scalar(own) is not None
