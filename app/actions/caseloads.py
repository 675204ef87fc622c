"""Giving prisoners to a coordinator's caseload: by what they have in common, or one by one."""

from dataclasses import dataclass

from sqlalchemy import select

from app.actions import audit, closing, duties, sessions
from app.audit_words import AuditAction, AuditEntity
from app.database import locked, session
from app.errors import BadInput, NotAllowed, NotFound
from app.models import Account, Prisoner
from app.permissions import Permission, Viewer, allowed
from app.queries import caseloads
from app.queries.scope import prisoners_of


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Which prisoners are given: those held by a country, those in a facility, those whom nobody looks after."""

    country: str | None
    facility_id: str | None
    unattended: bool


def give(*, account_id: str, whom: Whom, by: Viewer) -> int:
    """An administrator gives prisoners to a coordinator without seeing them; returns how many are new to them.

    Raises BadInput for nobody in particular, and for somebody who does not coordinate; NotAllowed for oneself.
    """
    if not allowed(by, Permission.APPOINT_STAFF):
        raise NotAllowed("Only administrators give prisoners they do not see.")
    if not (whom.country or whom.facility_id or whom.unattended):
        raise BadInput("Say which prisoners: of a country, of a facility, or those whom nobody looks after.")
    account = _locked_coordinator(account_id, by=by)
    chosen = caseloads.ids_of(
        country=whom.country, facility_id=whom.facility_id, unattended=whom.unattended, but=account.id
    )
    duties.give(account, chosen)
    if chosen:
        sessions.end_all(account.id)
        closing.tell_changed(account)
        _record(account, chosen, by)
    return len(chosen)


def give_one(*, prisoner_id: str, account_id: str, by: Viewer) -> None:
    """Give one prisoner whom one sees to a coordinator; once is enough. Raises NotFound for one who is not seen."""
    if not allowed(by, Permission.GIVE_PRISONERS):
        raise NotAllowed("Only administrators and the programme's people give prisoners to caseloads.")
    seen = select(Prisoner.id).where(Prisoner.id == prisoner_id, prisoners_of(by))
    if not allowed(by, Permission.SEE_PRISONERS) or session().scalar(seen) is None:
        raise NotFound("There is no such prisoner.")
    account = _locked_coordinator(account_id, by=by)
    if account.id in caseloads.coordinators_of(prisoner_id):
        return
    duties.give(account, [prisoner_id])
    closing.tell_changed(account)
    _record(account, [prisoner_id], by)


def _locked_coordinator(account_id: str, *, by: Viewer) -> Account:
    if account_id == by.account_id:
        raise NotAllowed("Nobody gives prisoners to themselves. Ask a colleague.")
    account = session().scalar(locked(select(Account).where(Account.id == account_id)))
    if account is None or not duties.is_coordinator(account):
        raise BadInput("Whoever looks after prisoners has to be a coordinator.")
    return account


def _record(account: Account, prisoner_ids: list[str], by: Viewer) -> None:
    action, fields = AuditAction.GIVE_CASELOAD, ("caseload",)
    happenings = [audit.Happening(action, AuditEntity.PRISONER, prisoner_id, fields) for prisoner_id in prisoner_ids]
    happenings.append(audit.Happening(action, AuditEntity.ACCOUNT, account.id, fields))
    audit.record_many(happenings, by=by.account_id)
