"""Giving prisoners to a coordinator's caseload and taking them back: by what they have in common, or one by one."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from app.actions import audit, closing, handing_over, sessions
from app.audit_words import AuditAction, AuditEntity
from app.database import locked, session
from app.errors import BadInput, HasDuties, NotAllowed, NotFound
from app.models import Account, Prisoner
from app.permissions import Permission, Viewer, allowed
from app.queries import caseloads
from app.queries.scope import prisoners_of


@dataclass(frozen=True, kw_only=True)
class Held:
    """Prisoners by what they have in common: those held by a country, those in a facility."""

    country: str | None
    facility_id: str | None


@dataclass(frozen=True, kw_only=True)
class Whom(Held):
    """Which prisoners are given; of these only those whom nobody looks after, or all."""

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
    handing_over.give(account.id, chosen)
    if chosen:
        sessions.end_all(account.id)
        closing.tell_changed(account)
        _record(AuditAction.GIVE_CASELOAD, account, chosen, by)
    return len(chosen)


def give_one(*, prisoner_id: str, account_id: str, by: Viewer) -> None:
    """Give one prisoner whom one sees to a coordinator; once is enough. Raises NotFound for one who is not seen."""
    if not allowed(by, Permission.GIVE_PRISONERS):
        raise NotAllowed("Only administrators and the programme's people give prisoners to caseloads.")
    _check_seen(prisoner_id, by)
    account = _locked_coordinator(account_id, by=by)
    if account.id in caseloads.coordinators_of(prisoner_id):
        return
    handing_over.give(account.id, [prisoner_id])
    closing.tell_changed(account)
    _record(AuditAction.GIVE_CASELOAD, account, [prisoner_id], by)


def take(*, account_id: str, whom: Held, by: Viewer) -> int:
    """An administrator takes prisoners from a coordinator without seeing them; returns how many they had.

    Raises BadInput for nobody in particular, and for somebody who does not coordinate; NotAllowed for oneself; and
    HasDuties where a match goes on and nobody else looks after the prisoner. The invented go with those beside them:
    whoever stayed behind alone would be known for one (docs/threats.md, Z8).
    """
    if not allowed(by, Permission.APPOINT_STAFF):
        raise NotAllowed("Only administrators take prisoners back whom they do not see.")
    if not (whom.country or whom.facility_id):
        raise BadInput("Say which prisoners: of a country, or of a facility.")
    account = _locked_coordinator(account_id, by=by)
    return _take(account, caseloads.held(country=whom.country, facility_id=whom.facility_id), by)


def take_one(*, prisoner_id: str, account_id: str, by: Viewer) -> None:
    """Take one prisoner whom one sees from a coordinator; whoever does not have them loses nothing.

    Raises NotFound for one who is not seen, and otherwise as `take`.
    """
    if not allowed(by, Permission.GIVE_PRISONERS):
        raise NotAllowed("Only administrators and the programme's people take prisoners from caseloads.")
    _check_seen(prisoner_id, by)
    _take(_locked_coordinator(account_id, by=by), Prisoner.id == prisoner_id, by)


def _take(account: Account, who: ColumnElement[bool], by: Viewer) -> int:
    """The prisoners are locked before anybody is counted: of two who take somebody from the last two who have them one
    waits, and a match that is approved meanwhile is seen."""
    chosen = list(session().scalars(locked(caseloads.in_caseload(account.id, who))))
    if caseloads.leaving(account.id, who).matched:
        raise HasDuties("Matches of some of them go on, and nobody else looks after these. Give them to others first.")
    if chosen:
        handing_over.take(account, chosen)
        sessions.end_all(account.id)
        closing.tell_changed(account)
        _record(AuditAction.TAKE_CASELOAD, account, chosen, by)
    return len(chosen)


def _check_seen(prisoner_id: str, by: Viewer) -> None:
    seen = select(Prisoner.id).where(Prisoner.id == prisoner_id, prisoners_of(by))
    if not allowed(by, Permission.SEE_PRISONERS) or session().scalar(seen) is None:
        raise NotFound("There is no such prisoner.")


def check_is_another(account_id: str, by: Viewer) -> None:
    """Raise NotAllowed where the caseload would be the viewer's own."""
    if account_id == by.account_id:
        raise NotAllowed("Nobody changes their own caseload. Ask a colleague.")


def _locked_coordinator(account_id: str, *, by: Viewer) -> Account:
    check_is_another(account_id, by)
    account = session().scalar(locked(select(Account).where(Account.id == account_id)))
    if account is None or not handing_over.is_coordinator(account):
        raise BadInput("Whoever looks after prisoners has to be a coordinator.")
    return account


def _record(action: AuditAction, account: Account, prisoner_ids: list[str], by: Viewer) -> None:
    fields = ("caseload",)
    happenings = [audit.Happening(action, AuditEntity.PRISONER, prisoner_id, fields) for prisoner_id in prisoner_ids]
    happenings.append(audit.Happening(action, AuditEntity.ACCOUNT, account.id, fields))
    audit.record_many(happenings, by=by.account_id)
