"""Handing over: a sponsor who goes hands back the people they stand by, a member of staff lays down their work.

Also who keeps the site: of its administrators one always stays (docs/threats.md, Z7). Whoever calls locks in this
order: administrators, sponsor, account.
"""

from collections.abc import Iterable

from sqlalchemy import delete, select

from app.actions import audit, matches
from app.audit_words import AuditAction, AuditEntity
from app.database import inserting, locked, session
from app.errors import BadInput, HasDuties
from app.models import Account, Caseload, Match, Sponsor, StaffGrant, StaffRegion
from app.queries import canaries
from app.queries.duties import has_prisoners, has_work, is_administrator
from app.vocabulary import LIVE_STATES, EndReason, MatchState, StaffRole


def hand_back(sponsor: Sponsor, *, reason: EndReason) -> list[audit.Happening]:
    """Hand everybody back to the coordinators whom the sponsor stands by, or was to."""
    undecided_or_live = Match.state.in_((MatchState.PROPOSED, *LIVE_STATES))
    theirs = locked(select(Match).where(Match.sponsor_id == sponsor.id, undecided_or_live).order_by(Match.id))
    return matches.let_go(session().scalars(theirs), reason=reason)


def locked_administrators() -> frozenset[str]:
    """The accounts of all administrators who can log in.

    Their grants stay locked until the transaction ends: two who would go at the same moment wait for each other.
    """
    grants = select(StaffGrant).where(StaffGrant.role == StaffRole.ADMINISTRATOR).order_by(StaffGrant.account_id)
    appointed = [grant.account_id for grant in session().scalars(locked(grants))]
    can_log_in = select(Account.id).where(Account.id.in_(appointed), is_administrator(Account))
    return frozenset(session().scalars(can_log_in))


def check_another_administrator(account: Account, administrators: frozenset[str]) -> None:
    """Raise HasDuties for the last administrator; `administrators` are those who are locked."""
    if account.id in administrators and len(administrators) == 1:
        raise HasDuties("This is the last administrator. Make another one first.")


def lay_down(account: Account, *, colleague: Account | None) -> list[audit.Happening]:
    """Hand regions and caseload to a colleague, and take them from the account.

    Raises HasDuties where there is something to hand over and nobody named, BadInput for a colleague who is no other
    coordinator, or whose log-in is closed.
    """
    if not has_work(account):
        _take_work(account)
        return []
    if colleague is None:
        raise HasDuties("They look after regions or prisoners. Say who takes these over.")
    if not _can_take_over(colleague, account):
        raise BadInput("Whoever takes over has to be another coordinator.")
    give(colleague.id, _caseload(account))
    missing = sorted(account.region_codes - colleague.region_codes)
    session().add_all(StaffRegion(account_id=colleague.id, country=country) for country in missing)
    _take_work(account)
    return [audit.Happening(AuditAction.HAND_OVER, AuditEntity.ACCOUNT, colleague.id, ("caseload", "regions"))]


def give(account_id: str, prisoner_ids: Iterable[str]) -> None:
    """Add prisoners to a caseload; whom it holds already it goes on holding.

    The invented come with the first: they are in every caseload, and alone in none, where they would be known (Z8).
    """
    chosen = set(prisoner_ids)
    if chosen:
        chosen.update(canaries.prisoner_ids())
        rows = [{"account_id": account_id, "prisoner_id": prisoner_id} for prisoner_id in sorted(chosen)]
        session().flush()
        session().execute(inserting(Caseload).on_conflict_do_nothing(), rows)


def take(account: Account, prisoner_ids: Iterable[str]) -> None:
    """Take prisoners out of a caseload, and the invented with the last of them (`give`).

    The caller has seen to it that nobody is left alone who must not be.
    """
    theirs = Caseload.account_id == account.id, Caseload.prisoner_id.in_(sorted(set(prisoner_ids)))
    session().execute(delete(Caseload).where(*theirs).execution_options(synchronize_session=False))
    if not has_prisoners(account):
        empty_caseload(account)


def empty_caseload(account: Account) -> None:
    """Take everybody out of a caseload, the invented too; the caller has seen to it that a colleague has the others."""
    theirs = delete(Caseload).where(Caseload.account_id == account.id)
    session().execute(theirs.execution_options(synchronize_session=False))


def _caseload(account: Account) -> list[str]:
    return list(session().scalars(select(Caseload.prisoner_id).where(Caseload.account_id == account.id)))


def _can_take_over(colleague: Account, account: Account) -> bool:
    return colleague.id != account.id and is_coordinator(colleague)


def is_coordinator(account: Account) -> bool:
    """Whether somebody coordinates, and can log in to do so."""
    return account.disabled_at is None and StaffRole.COORDINATOR in account.staff_roles


def _take_work(account: Account) -> None:
    empty_caseload(account)
    regions = delete(StaffRegion).where(StaffRegion.account_id == account.id)
    session().execute(regions.execution_options(synchronize_session=False))
    session().flush()
    session().expire(account, ["regions"])
