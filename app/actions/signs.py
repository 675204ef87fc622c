"""Signs of life of sponsors, and what a coordinator makes of their absence.

A sponsor gives one by logging in, taking up an offer, saying that a letter went off, and by answering a reminder from
the mail. It counts for everybody they stand by.
"""

from sqlalchemy import delete, select, update

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.errors import Conflict, NotAllowed, NotFound
from app.models import Match, Office, SilentMatch, Sponsor
from app.permissions import Permission, Viewer, allowed
from app.queries.matches import in_scope
from app.vocabulary import MatchState


def note(sponsor_id: str | None) -> list[audit.Happening]:
    """The sponsor has given a sign of life now: none of their matches is silent any more. None stands for nobody.

    Gives what ended, for the audit trail. Locks the sponsor: call it before other locks. The sponsor's version stays,
    since nothing that a coordinator decides on has changed.
    """
    heard = update(Sponsor).where(Sponsor.id == sponsor_id).values(last_sign_on=today())
    session().execute(heard.execution_options(synchronize_session=False))
    theirs = select(Match.id).where(Match.sponsor_id == sponsor_id)
    ending = delete(SilentMatch).where(SilentMatch.match_id.in_(theirs)).returning(SilentMatch.match_id)
    ended = session().scalars(ending.execution_options(synchronize_session=False)).all()
    return [audit.Happening(AuditAction.END_SILENCE, AuditEntity.MATCH, match_id) for match_id in ended]


def note_account(account_id: str) -> list[audit.Happening]:
    """The same for whoever has the account, or acts with it: it may be no sponsor's and no office's."""
    own = select(Sponsor.id).where(Sponsor.account_id == account_id)
    office = select(Office.sponsor_id).where(Office.account_id == account_id, Office.joined_at.is_not(None))
    sponsor_id = session().scalar(own) or session().scalar(office)
    return note(sponsor_id) if sponsor_id else []


def heard_from(*, sponsor_id: str, by: Viewer) -> None:
    """A coordinator has spoken with a sponsor, who goes on: it counts as their sign of life and their yearly yes.

    Raises NotAllowed, and NotFound outside the coordinator's regions.
    """
    if not allowed(by, Permission.DECIDE_PROPOSALS):
        raise NotAllowed("Only coordinators say so.")
    sponsor = session().scalar(locked(select(Sponsor).where(Sponsor.id == sponsor_id)))
    if sponsor is None or not by.covers_country(sponsor.country):
        raise NotFound("There is no such sponsor.")
    ended = note(sponsor_id)
    sponsor.consented_on = today()
    session().flush()
    said = audit.Happening(AuditAction.HEARD_FROM, AuditEntity.SPONSOR, sponsor_id, ("consented_on", "last_sign_on"))
    audit.record_many([*ended, said], by=by.account_id)


def mark_silent(*, match_id: str, by: Viewer) -> None:
    """A coordinator says that nobody is really beside the prisoner: somebody else is looked for as if the seat were
    open beside them (docs/glossary.md). Nothing ends, and the next sign of life takes it back.

    Raises NotAllowed, NotFound outside the coordinator's scope, Conflict for a match that is not active.
    """
    if not allowed(by, Permission.DECIDE_PROPOSALS):
        raise NotAllowed("Only coordinators mark a match silent.")
    match = session().scalar(locked(select(Match).where(Match.id == match_id)))
    if match is None or not in_scope(match, by):
        raise NotFound("There is no such match.")
    if match.sponsor_id == by.sponsor_id:
        raise NotAllowed("Nobody decides on their own match.")
    if match.state is not MatchState.ACTIVE:
        raise Conflict("Only a match that goes on can be silent.")
    if session().get(SilentMatch, match_id) is not None:
        return
    session().add(SilentMatch(match_id=match_id, marked_at=now(), marked_by=by.account_id))
    session().flush()
    audit.record(action=AuditAction.MARK_SILENT, by=by.account_id, entity=AuditEntity.MATCH, entity_id=match_id)
