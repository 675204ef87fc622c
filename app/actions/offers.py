"""Offers that nobody answers: in time they lapse, and their seats are open again."""

from typing import Final

from sqlalchemy import Select, exists, select

from app.actions import audit
from app.audit_words import AuditAction, AuditEntity
from app.clock import now
from app.database import locked, session
from app.mail import occasions, outbox
from app.models import Match, OutgoingMail, Prisoner, Sponsor
from app.queries.events import offers_gone
from app.reminders import OFFER_LASTS
from app.transitions import MATCH_MOVES, check_move
from app.vocabulary import UNSENT, MatchState

AT_ONCE: Final = 100
"""Offers that one transaction lets lapse."""


def lapse_some() -> int:
    """Let the oldest of the offers lapse that nobody has answered for OFFER_LASTS; gives how many.

    The sponsor is told once, kindly, if they ever heard of the offer. One whose mail still waits to go is left alone:
    they have had no time to answer it. Belongs inside `with transaction():`.
    """
    due = session().execute(_due().order_by(Match.decided_at, Match.id).limit(AT_ONCE)).all()
    if not due:
        return 0
    _lock_sides({row.sponsor_id for row in due}, {row.prisoner_id for row in due})
    ids = sorted(row.id for row in due)
    still = _due().with_only_columns(Match.id)
    matches = session().scalars(locked(select(Match).where(Match.id.in_(ids), Match.id.in_(still)).order_by(Match.id)))
    happenings = [_lapse(match) for match in matches]
    session().flush()
    audit.record_many(happenings, by=None)
    return len(happenings)


def _due() -> Select[str, str, str]:
    waits = exists().where(
        OutgoingMail.match_id == Match.id,
        OutgoingMail.message == outbox.Message.OFFER,
        OutgoingMail.state.in_(UNSENT),
    )
    offered = select(Match.id, Match.sponsor_id, Match.prisoner_id).where(Match.state == MatchState.APPROVED)
    return offered.where(Match.decided_at <= now() - OFFER_LASTS, ~waits)


def _lock_sides(sponsor_ids: set[str], prisoner_ids: set[str]) -> None:
    """In the order that every verb keeps: sponsors, prisoners, then matches."""
    session().execute(locked(select(Sponsor.id).where(Sponsor.id.in_(sponsor_ids)).order_by(Sponsor.id))).all()
    session().execute(locked(select(Prisoner.id).where(Prisoner.id.in_(prisoner_ids)).order_by(Prisoner.id))).all()


def _lapse(match: Match) -> audit.Happening:
    check_move(MATCH_MOVES, match.state, MatchState.LAPSED)
    match.state = MatchState.LAPSED
    outbox.withdraw_unsent(match.id, reason=outbox.Withdrawal.MATCH_CHANGED)
    if _was_heard_of(match):
        outbox.enqueue(
            message=outbox.Message.OFFER_LAPSED,
            occasion=occasions.lapse(match.id, version=match.version),
            account_id=match.sponsor.account_id,
            match_id=match.id,
        )
    return audit.Happening(AuditAction.LAPSE, AuditEntity.MATCH, match.id, ("state",))


def _was_heard_of(match: Match) -> bool:
    return match.id in offers_gone([match.id])
