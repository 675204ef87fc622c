"""Exports: asked for, approved by a second person where they are large, and downloaded once (docs/threats.md, Z7).

Nobody takes many people's data out alone (docs/domain.md, "Do no harm" 1). The file is made when it is downloaded, of
what its asker may see at that moment, and kept nowhere.
"""

from sqlalchemy import select

from app.actions import alerts, audit
from app.audit_words import AuditAction, AuditEntity
from app.cells import csv_file
from app.clock import now
from app.database import locked, session
from app.errors import BadInput, Conflict, InvalidTransition, NotAllowed, NotFound
from app.models import PERSONS_ALONE, ExportRequest
from app.permissions import Permission, Viewer, allowed
from app.queries import exports
from app.transitions import EXPORT_MOVES, check_move
from app.watch_words import ExportState, ExportSubject

LONGEST_REASON = 400


def ask(*, subject: ExportSubject, reason: str, by: Viewer) -> ExportRequest:
    """Ask for an export of whoever the viewer may see; administrators are told.

    Up to `PERSONS_ALONE` people it is open at once, else a second person has to approve. Raises NotAllowed, and
    BadInput without a reason or where nobody would be in it.
    """
    if not allowed(by, Permission.EXPORT):
        raise NotAllowed("Only staff export.")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise BadInput(f"Say what it is for, in at most {LONGEST_REASON} characters.")
    persons = exports.TABLES[subject].persons(by)
    if persons == 0:
        raise BadInput("Nobody of your regions and your caseload would be in it.")
    request = ExportRequest(
        subject=subject,
        reason=reason.strip(),
        persons=persons,
        state=ExportState.APPROVED if persons <= PERSONS_ALONE else ExportState.ASKED,
        asked_at=now(),
        asked_by=by.account_id,
    )
    session().add(request)
    session().flush()
    alerts.export_asked(export_id=request.id, account_id=by.account_id)
    _record(AuditAction.ASK, request, by)
    return request


def approve(*, export_id: str, by: Viewer) -> None:
    """Let the asker download it, within a day. Raises NotAllowed, also to the asker; NotFound, InvalidTransition."""
    _decide(export_id, ExportState.APPROVED, by)


def decline(*, export_id: str, by: Viewer) -> None:
    """Let it not be downloaded. Raises as `approve`."""
    _decide(export_id, ExportState.DECLINED, by)


def _decide(export_id: str, decision: ExportState, by: Viewer) -> None:
    if not allowed(by, Permission.DECIDE_EXPORTS):
        raise NotAllowed("Only administrators and whoever runs the programme decide on exports.")
    request = _locked(export_id)
    if request.asked_by == by.account_id:
        raise NotAllowed("Somebody else has to look at an export that you asked for.")
    check_move(EXPORT_MOVES, request.state, decision)
    request.state, request.decided_at, request.decided_by = decision, now(), by.account_id
    _record(AuditAction.APPROVE if decision is ExportState.APPROVED else AuditAction.DECLINE, request, by)


def download(*, export_id: str, by: Viewer) -> str:
    """The CSV file, once, to its asker alone.

    Raises NotAllowed without the permission, NotFound for what somebody else asked for, InvalidTransition unless it is
    approved, and Conflict after its day or where more people would be in it than were approved.
    """
    if not allowed(by, Permission.EXPORT):
        raise NotAllowed("Only staff export.")
    request = _locked(export_id)
    if request.asked_by != by.account_id:
        raise NotFound("There is no such export.")
    if request.state is ExportState.DOWNLOADED:
        raise InvalidTransition("You have downloaded this already. If you need it once more, ask for it again.")
    check_move(EXPORT_MOVES, request.state, ExportState.DOWNLOADED)
    if not exports.is_open(request):
        raise Conflict("The day in which this could be downloaded is over. Ask for it again.")
    table = exports.TABLES[request.subject]
    if table.persons(by) > max(request.persons, PERSONS_ALONE if request.decided_by is None else 0):
        raise Conflict("More people would be in it now than were approved. Ask for it again.")
    file = csv_file(table.headings, table.rows(by))
    request.state, request.downloaded_at, request.downloaded_by = ExportState.DOWNLOADED, now(), by.account_id
    _record(AuditAction.DOWNLOAD, request, by)
    return file


def _locked(export_id: str) -> ExportRequest:
    request = session().scalar(locked(select(ExportRequest).where(ExportRequest.id == export_id)))
    if request is None:
        raise NotFound("There is no such export.")
    return request


def _record(action: AuditAction, request: ExportRequest, by: Viewer) -> None:
    audit.record(
        action=action,
        by=by.account_id,
        entity=AuditEntity.EXPORT_REQUEST,
        entity_id=request.id,
        fields=["state"],
    )
