"""Matches: the coordinator decides, the sponsor answers.

Every verb locks sponsor, prisoner and match, in this order, and the audit chain last; checks permission, scope,
version and the transition table; and asks every hard rule again, since much may have happened since the proposal.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from app.actions import audit, signs
from app.audit_words import AuditAction, AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.errors import BadInput, Conflict, InvalidTransition, NotAllowed, NotEligible, NotFound, StaleRecord
from app.mail import occasions, outbox
from app.models import Match, Prisoner, Sponsor
from app.permissions import Permission, Viewer, allowed
from app.queries import explanations
from app.queries.matches import in_scope, own
from app.settings import current_settings
from app.transitions import MATCH_MOVES, check_move
from app.vocabulary import DeclineReason, EndReason, MatchState, RefusalReason

TAKEN_UP = frozenset({MatchState.ACTIVE, MatchState.PAUSED})

COORDINATORS_REASONS = (
    EndReason.COORDINATOR,
    EndReason.CONSENT_WITHDRAWN,
    EndReason.SPONSOR_LEFT,
    EndReason.MANDATE_ENDED,
)
"""What a coordinator can say of why a match ends; the others follow from an event, a handover or an erasure."""


def approve(*, match_id: str, by: Viewer, seen_version: int) -> Match:
    """Approve a proposal: it takes its seat and capacity, and the sponsor is offered the match by mail.

    The mail is held for `offer_hold_seconds`, while `take_back` can undo the approval. Raises NotAllowed, NotFound
    outside the coordinator's scope, StaleRecord, InvalidTransition, and NotEligible naming the rule that fails now.
    """
    match = _locked_for_decision(match_id, by=by)
    _check_version(match, seen_version)
    check_move(MATCH_MOVES, match.state, MatchState.APPROVED)
    _check_rules(match)
    match.state = MatchState.APPROVED
    match.decided_at, match.decided_by = now(), by.account_id
    session().flush()
    outbox.enqueue(
        message=outbox.Message.OFFER,
        occasion=occasions.offer(match.id, version=match.version),
        account_id=match.sponsor.account_id,
        match_id=match.id,
        due_at=now() + timedelta(seconds=current_settings().offer_hold_seconds),
    )
    _audit(AuditAction.APPROVE, match, by, ["state"])
    return match


def take_back(*, match_id: str, by: Viewer) -> Match:
    """Undo an approval whose mail is still held. Raises InvalidTransition once the mail has gone or is going."""
    match = _locked_for_decision(match_id, by=by)
    check_move(MATCH_MOVES, match.state, MatchState.PROPOSED)
    if not outbox.withdraw_unsent(match.id, reason=outbox.Withdrawal.TAKEN_BACK, message=outbox.Message.OFFER):
        raise InvalidTransition("The offer has gone out already and cannot be taken back.")
    match.state, match.decided_at, match.decided_by = MatchState.PROPOSED, None, None
    _audit(AuditAction.TAKE_BACK, match, by, ["state"])
    return match


def decline(*, match_id: str, by: Viewer, seen_version: int, reason: DeclineReason, note: str = "") -> Match:
    """Decline a proposal, with a reason that is remembered: the pair is not proposed again."""
    match = _locked_for_decision(match_id, by=by)
    _check_version(match, seen_version)
    check_move(MATCH_MOVES, match.state, MatchState.DECLINED)
    if reason is DeclineReason.OTHER and not note.strip():
        raise BadInput("Say in a few words why you decline.")
    match.state, match.decline_reason, match.decline_note = MatchState.DECLINED, reason, note.strip() or None
    match.decided_at, match.decided_by = now(), by.account_id
    _audit(AuditAction.DECLINE, match, by, ["state", "decline_reason"])
    return match


def accept(*, match_id: str, by: Viewer) -> Match:
    """The sponsor takes up the offer. Raises NotFound for somebody else's, NotEligible when a rule forbids it now."""
    match = _locked_own(match_id, by=by)
    check_move(MATCH_MOVES, match.state, MatchState.ACTIVE)
    _check_rules(match)
    match.state, match.answered_at, match.answered_by = MatchState.ACTIVE, now(), by.account_id
    ended = signs.note(match.sponsor_id)
    _drop_offer(match)
    _audit(AuditAction.ACCEPT, match, by, ["state"], before=ended)
    return match


def refuse(*, match_id: str, by: Viewer, reason: RefusalReason, note: str = "") -> Match:
    """The sponsor asks for somebody else; the seat is open again and the pair is not proposed again."""
    match = _locked_own(match_id, by=by)
    check_move(MATCH_MOVES, match.state, MatchState.REFUSED)
    match.state, match.refusal_reason, match.refusal_note = MatchState.REFUSED, reason, note.strip() or None
    match.answered_at, match.answered_by = now(), by.account_id
    _drop_offer(match)
    _audit(AuditAction.REFUSE, match, by, ["state", "refusal_reason"])
    return match


def pause(*, match_id: str, by: Viewer, seen_version: int, note: str, telling: bool) -> Match:
    """A coordinator lets a match rest: it keeps its seat, and is not the sponsor's to see meanwhile (Z4).

    The sponsor is told by mail that there is nothing to do for now, unless `telling` says not to.
    """
    match = _change_live(match_id, MatchState.PAUSED, by=by, seen_version=seen_version, note=note)
    if telling:
        _tell(match, outbox.Message.MATCH_RESTS)
    return match


def go_on(*, match_id: str, by: Viewer, seen_version: int, note: str) -> Match:
    """A match that a coordinator let rest goes on. An ended one does not: only an event brings that back."""
    return _change_live(match_id, MatchState.ACTIVE, by=by, seen_version=seen_version, note=note)


def end(*, match_id: str, by: Viewer, seen_version: int, note: str, reason: EndReason, telling: bool) -> Match:
    """A coordinator ends a match: seat and capacity are free at once, and the sponsor no longer sees it (Z4).

    The sponsor is thanked by mail, unless `telling` says not to. Raises BadInput for a reason that is not a
    coordinator's to give, such as a release.
    """
    if reason not in COORDINATORS_REASONS:
        raise BadInput("This reason is not given by hand.")
    match = _change_live(match_id, MatchState.ENDED, by=by, seen_version=seen_version, note=note, reason=reason)
    if telling:
        _tell(match, outbox.Message.MATCH_ENDED)
    return match


_CHANGES = {
    MatchState.PAUSED: AuditAction.PAUSE,
    MatchState.ACTIVE: AuditAction.GO_ON,
    MatchState.ENDED: AuditAction.END,
}


def _change_live(
    match_id: str, after: MatchState, *, by: Viewer, seen_version: int, note: str, reason: EndReason | None = None
) -> Match:
    """Move a match that both took up, with a note for coordinators; mails about it that have not gone are stopped."""
    match = _locked_for_decision(match_id, by=by)
    _check_version(match, seen_version)
    if match.state not in TAKEN_UP:
        raise InvalidTransition("This match does not go on: there is nothing to pause or to end.")
    check_move(MATCH_MOVES, match.state, after)
    if not note.strip():
        raise BadInput("Say in a few words why.")
    action = _CHANGES[after]
    match.state, match.coordinator_note = after, note.strip()
    if reason is not None:
        match.ended_at, match.end_reason = now(), reason
    # While it rested, nobody expected a sign of life.
    ended = signs.note(match.sponsor_id) if after is MatchState.ACTIVE else []
    outbox.withdraw_unsent(match.id, reason=outbox.Withdrawal.MATCH_CHANGED)
    fields = ["state", "coordinator_note", *(["end_reason", "ended_at"] if reason else [])]
    _audit(action, match, by, fields, before=ended)
    return match


def _tell(match: Match, message: outbox.Message) -> None:
    """Have the sponsor told of what has just become of the match."""
    session().flush()
    outbox.enqueue(
        message=message,
        occasion=occasions.standing(message, match.id, version=match.version),
        account_id=match.sponsor.account_id,
        match_id=match.id,
    )


def let_go(matches: Iterable[Match], *, reason: EndReason = EndReason.COORDINATOR) -> list[audit.Happening]:
    """Part these locked matches, whose two must not stay together: proposals and offers are withdrawn, others end.

    Their unsent mails go nowhere. Gives what happened, for the audit trail.
    """
    happenings = []
    for match in matches:
        lived = match.state in TAKEN_UP
        after = MatchState.ENDED if lived else MatchState.WITHDRAWN
        check_move(MATCH_MOVES, match.state, after)
        match.state = after
        if lived:
            match.ended_at, match.end_reason = now(), reason
        outbox.withdraw_unsent(match.id, reason=outbox.Withdrawal.MATCH_CHANGED)
        happenings.append(audit.Happening(AuditAction.LET_GO, AuditEntity.MATCH, match.id, ("state",)))
    return happenings


def _locked_for_decision(match_id: str, *, by: Viewer) -> Match:
    if not allowed(by, Permission.DECIDE_PROPOSALS):
        raise NotAllowed("Only coordinators decide on proposals.")
    match = _locked(match_id)
    if match is None or not in_scope(match, by):
        raise NotFound("There is no such match.")
    if match.sponsor_id == by.sponsor_id:
        raise NotAllowed("Nobody decides on their own match.")
    return match


def _locked_own(match_id: str, *, by: Viewer) -> Match:
    if not allowed(by, Permission.ANSWER_OFFER):
        raise NotAllowed("Only sponsors answer offers.")
    match = _locked(match_id)
    if match is None or match.sponsor_id != by.sponsor_id or match.decided_at is None:
        raise NotFound("There is no such offer.")
    if match.state is MatchState.APPROVED and own(by, match.id) is None:
        raise NotFound("There is no such offer.")
    if match.state is not MatchState.APPROVED:
        raise Conflict("This offer is no longer open.")
    return match


def _locked(match_id: str) -> Match | None:
    """The match with sponsor, prisoner and itself locked in the order that every verb keeps."""
    sides = session().execute(select(Match.sponsor_id, Match.prisoner_id).where(Match.id == match_id)).one_or_none()
    if sides is None:
        return None
    session().scalars(locked(select(Sponsor).where(Sponsor.id == sides.sponsor_id))).one()
    session().scalars(locked(select(Prisoner).where(Prisoner.id == sides.prisoner_id))).one()
    return session().scalar(locked(select(Match).where(Match.id == match_id)))


def _check_version(match: Match, seen_version: int) -> None:
    if match.version != seen_version:
        raise StaleRecord("Somebody decided on this, or its reasons changed, since you opened the page.")


def _check_rules(match: Match) -> None:
    """Ask every hard rule about the pair as it stands now, the match itself left out of the count."""
    explanation = explanations.of_pair(
        match.prisoner_id, match.sponsor_id, day=today(), kind=match.kind, leaving_out=match.id
    )
    if explanation.rule is not None:
        raise NotEligible(explanation.rule.name, explanation.rule.sentence)


def _drop_offer(match: Match) -> None:
    """An offer answered before its mail went (a retry, say) needs no mail any more."""
    outbox.withdraw_unsent(match.id, reason=outbox.Withdrawal.MATCH_CHANGED, message=outbox.Message.OFFER)


def _audit(
    action: AuditAction, match: Match, by: Viewer, fields: list[str], *, before: Iterable[audit.Happening] = ()
) -> None:
    session().flush()
    happened = audit.Happening(action, AuditEntity.MATCH, match.id, fields)
    audit.record_many([*before, happened], by=by.account_id)
