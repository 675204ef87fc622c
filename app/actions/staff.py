"""Members of staff: inviting them, what they are appointed to, closing their log-in (docs/threats.md, A5, A6, Z7).

Only administrators do this, and never to themselves. Administrators are locked before anything is looked at, so that
of two who act against each other the first has won by the time the second is asked who they are; one stays always.
Whoever is staff stands by nobody with the same log-in (docs/decisions/0024).
"""

from collections.abc import Iterable

from sqlalchemy import select

from app.actions import accounts as account_actions
from app.actions import alerts, audit, closing, handing_over, sessions
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, HasDuties, NotAllowed, NotFound, StaleRecord
from app.mail import occasions, outbox
from app.models import Account, Sponsor, StaffGrant, StaffRegion
from app.permissions import EVERYWHERE, Permission, Viewer, allowed
from app.places import country_codes
from app.queries.duties import has_prisoners, has_work
from app.vocabulary import StaffRole

WITH_REGIONS = frozenset({StaffRole.COORDINATOR, StaffRole.PROGRAMME})
"""Roles that look at sponsors; an administrator has no use for a region."""


def invite(email: str, *, roles: Iterable[StaffRole], password_hash: str, by: Viewer) -> Account:
    """Make a log-in for somebody new and mail them a link with which they open it (A7).

    `password_hash` is of something random. Before any page of the staff they set up their second factor (A8). Raises
    NotAllowed, and BadInput for an address that has an account, or for no role.
    """
    _check(by)
    appointed = frozenset(roles)
    if not appointed:
        raise BadInput("Choose at least one role.")
    account = account_actions.create_if_free(
        email=email, password_hash=password_hash, time_zone="UTC", interface_language="en"
    )
    if account is None:
        raise BadInput("This address has a log-in already. Whoever works here needs an address of their own for it.")
    account.roles = [StaffGrant(role=role, granted_at=now(), granted_by=by.account_id) for role in sorted(appointed)]
    session().flush()
    _alert(account, appointed, by)
    _mail_invitation(account)
    _record(AuditAction.INVITE, account, by, fields=["roles"])
    return account


def invite_again(*, account_id: str, by: Viewer) -> None:
    """Mail a fresh link to somebody who has not come in yet; at most one in ten minutes. Raises Conflict afterwards."""
    account = _locked_member(account_id, by=by)
    if account.email_confirmed_at is not None or account.disabled_at is not None:
        raise Conflict("They have come in already, or their log-in is closed.")
    _mail_invitation(account)
    _record(AuditAction.INVITE, account, by, fields=[])


def change_roles(
    *, account_id: str, roles: Iterable[StaffRole], seen: frozenset[StaffRole], by: Viewer
) -> frozenset[StaffRole]:
    """Appoint somebody to these roles and no others, and return what changed; every session of theirs ends (A5, A6).

    `seen` are the roles that the administrator saw. Raises StaleRecord where they are others now, HasDuties for a
    coordinator whose work nobody has taken over, BadInput for no role at all, Conflict for a sponsor.
    """
    account = _locked_member(account_id, by=by)
    before, after = account.staff_roles, frozenset(roles)
    if before != seen:
        raise StaleRecord("Somebody changed their roles since you opened the page.")
    added, taken = after - before, before - after
    if not added and not taken:
        return frozenset()
    _check_sponsor(account, added, after)
    if StaffRole.COORDINATOR in taken:
        _end_coordinating(account, after)
    account.roles = [grant for grant in account.roles if grant.role in after]
    account.roles += [StaffGrant(role=role, granted_at=now(), granted_by=by.account_id) for role in sorted(added)]
    session().flush()
    _alert(account, added, by)
    _changed(AuditAction.APPOINT, account, by, fields=["roles"])
    return added | taken


def change_regions(*, account_id: str, regions: Iterable[str], seen: frozenset[str], by: Viewer) -> None:
    """Have somebody look after the sponsors of these countries and no others; every session of theirs ends.

    Raises StaleRecord, and BadInput for a country that is none, or for somebody who looks after no sponsors.
    """
    account = _locked_member(account_id, by=by)
    before, after = account.region_codes, frozenset(regions)
    if before != seen:
        raise StaleRecord("Somebody changed their regions since you opened the page.")
    _check_regions(account.staff_roles, after)
    if before == after:
        return
    account.regions = [region for region in account.regions if region.country in after]
    account.regions += [StaffRegion(country=country) for country in sorted(after - before)]
    session().flush()
    _changed(AuditAction.APPOINT, account, by, fields=["regions"])


def hand_over(*, account_id: str, colleague_id: str, by: Viewer) -> None:
    """Hand somebody's regions and caseload to a colleague; every session of both ends.

    Raises Conflict where there is nothing to hand over, BadInput for a colleague who cannot take it.
    """
    account = _locked_member(account_id, by=by)
    if not has_work(account):
        raise Conflict("They look after no region and no prisoner.")
    colleague = _colleague(colleague_id, by=by)
    happenings = handing_over.lay_down(account, colleague=colleague)
    for each in (account, colleague):
        _tell(each)
    fields = ("caseload", "regions")
    happenings.append(audit.Happening(AuditAction.HAND_OVER, AuditEntity.ACCOUNT, account.id, fields))
    audit.record_many(happenings, by=by.account_id)


def close(*, account_id: str, reason: str, hand_over_to: str | None, by: Viewer) -> None:
    """Close somebody's log-in: their sessions end, no mail goes to them any more, a colleague has their work.

    `hand_over_to` is the colleague's id, None where there is nothing to hand over. Raises HasDuties, BadInput for a
    colleague who cannot take it or for no reason, Conflict for a log-in that is closed.
    """
    account = _locked_member(account_id, by=by)
    colleague = _colleague(hand_over_to, by=by) if hand_over_to else None
    happenings = handing_over.lay_down(account, colleague=colleague)
    if happenings and colleague is not None:
        _tell(colleague)
    happenings += closing.close(account, reason=reason, by=by)
    audit.record_many(happenings, by=by.account_id)


def open_again(*, account_id: str, by: Viewer) -> None:
    """Open a closed log-in of a member of staff: with their roles, without any region or prisoner."""
    account = _locked_member(account_id, by=by)
    audit.record_many(closing.open_again(account), by=by.account_id)


def _check(by: Viewer) -> None:
    """Raise NotAllowed unless `by` is an administrator at this very moment; none of them can go until we are done."""
    if not allowed(by, Permission.APPOINT_STAFF) or by.account_id not in handing_over.locked_administrators():
        raise NotAllowed("Only administrators appoint staff.")


def _locked_member(account_id: str, *, by: Viewer) -> Account:
    _check(by)
    if account_id == by.account_id:
        raise NotAllowed("Nobody changes what they are appointed to. Ask another administrator.")
    account = session().scalar(locked(select(Account).where(Account.id == account_id)))
    if account is None or not account.staff_roles:
        raise NotFound("There is no such member of staff.")
    session().expire(account, ["roles", "regions"])
    return account


def _colleague(account_id: str, *, by: Viewer) -> Account:
    """Whoever takes work over. Raises BadInput for nobody, and for the administrator, who gives themselves nothing."""
    colleague = session().scalar(locked(select(Account).where(Account.id == account_id)))
    if colleague is None or not handing_over.is_coordinator(colleague):
        raise BadInput("Whoever takes over has to be another coordinator.")
    if colleague.id == by.account_id:
        raise NotAllowed("Nobody gives work to themselves. Ask another administrator.")
    return colleague


def _check_regions(roles: frozenset[StaffRole], regions: frozenset[str]) -> None:
    if regions and not roles & WITH_REGIONS:
        raise BadInput("Only coordinators and the programme's people look after regions.")
    if not regions <= {EVERYWHERE, *country_codes()}:
        raise BadInput("One of these is no country.")


def _check_sponsor(account: Account, added: frozenset[StaffRole], after: frozenset[StaffRole]) -> None:
    """A sponsor is appointed to nothing, and loses what an older version let them have; others keep a role."""
    is_sponsor = session().scalar(select(Sponsor.id).where(Sponsor.account_id == account.id)) is not None
    if is_sponsor and added:
        raise Conflict("This log-in is a sponsor's. Invite them with another address to work here.")
    if not is_sponsor and not after:
        raise BadInput("Leave them one role at least, or close their log-in.")


def _end_coordinating(account: Account, after: frozenset[StaffRole]) -> None:
    if has_prisoners(account) or (account.region_codes and not after & WITH_REGIONS):
        raise HasDuties("They look after regions or prisoners. Hand these over to a colleague first.")
    handing_over.empty_caseload(account)


def _alert(account: Account, added: Iterable[StaffRole], by: Viewer) -> None:
    """Of a new administrator all others are told."""
    if StaffRole.ADMINISTRATOR in added:
        alerts.administrator_appointed(account_id=account.id, by=by.account_id)


def _mail_invitation(account: Account) -> None:
    occasion = occasions.invitation(account.id, at=now())
    outbox.enqueue(message=outbox.Message.INVITATION, occasion=occasion, account_id=account.id)


def _tell(account: Account) -> None:
    """End every session of the account, and mail that its log-in opens something else now."""
    sessions.end_all(account.id)
    closing.tell_changed(account)


def _changed(action: AuditAction, account: Account, by: Viewer, *, fields: list[str]) -> None:
    _tell(account)
    _record(action, account, by, fields=fields)


def _record(action: AuditAction, account: Account, by: Viewer, *, fields: list[str]) -> None:
    audit.record(action=action, by=by.account_id, entity=AuditEntity.ACCOUNT, entity_id=account.id, fields=fields)
