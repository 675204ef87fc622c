"""Carrying out what follows from an event: matches move, mails about them stop, sponsors are told.

`actions.events` and the imports come here, inside their transaction and with the prisoners locked. The audit trail is
theirs to write, last of all.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.actions.audit import Happening
from app.actions.consequences import Consequence, Standing, follow
from app.actions.prisoners import in_chunks
from app.audit_words import AuditEntity
from app.clock import now, today
from app.database import locked, session
from app.mail import occasions, outbox
from app.models import Match, Prisoner, PrisonerEvent, new_id
from app.queries import events, explanations
from app.transitions import MATCH_MOVES, check_move
from app.vocabulary import DetentionStatus, EventType, MatchState

ENDS_OF_DETENTION = {
    DetentionStatus.RELEASED: EventType.RELEASE,
    DetentionStatus.DIED_IN_CUSTODY: EventType.DEATH,
}


@dataclass(kw_only=True)
class Effects:
    """What became of the matches, how many mails were stopped, and what the audit trail is to say."""

    consequences: list[tuple[Match, Consequence]] = field(default_factory=list)
    mails_stopped: int = 0
    happenings: list[Happening] = field(default_factory=list)

    @property
    def ended(self) -> int:
        """How many matches ended."""
        return sum(consequence.ends for _, consequence in self.consequences)

    @property
    def withdrawn(self) -> int:
        """How many proposals and offers no longer hold."""
        return sum(consequence.withdraws for _, consequence in self.consequences)

    @property
    def begun_again(self) -> int:
        """How many matches that had ended go on."""
        return sum(consequence.begins_again for _, consequence in self.consequences)

    @property
    def told(self) -> int:
        """To how many sponsors a notice goes."""
        return sum(consequence.notice is not None for _, consequence in self.consequences)


def foreseen(event: EventType, prisoner_id: str, *, facility_id: str | None) -> Effects:
    """What recording the event would do; changes nothing.

    After a return to custody every match that the release ended is said to go on, since seats, places and rules are
    asked one by one when it is recorded.
    """
    matches = session().scalars(events.concerned([prisoner_id])).all()
    effects = Effects()
    for match, standing in _standings(matches, fits_again=lambda _: True):
        consequence = follow(event, standing, facility_id=facility_id)
        if consequence is not None:
            effects.consequences.append((match, consequence))
    effects.mails_stopped = events.unsent_about([match.id for match, _ in effects.consequences])
    return effects


def carry_out(event: EventType, prisoner_id: str, *, facility_id: str | None, happening_id: str) -> Effects:
    """Do what follows from the event for every match of the locked prisoner.

    `happening_id` makes one occasion of each notice. Who stood by the prisoner longest is asked first for a seat.
    """
    matches = session().scalars(locked(events.concerned([prisoner_id]))).all()
    effects = Effects()
    for match, standing in _standings(sorted(matches, key=lambda m: (m.proposed_at, m.id)), fits_again=_fits_again):
        consequence = follow(event, standing, facility_id=facility_id)
        if consequence is not None:
            _move(match, consequence, effects=effects)
    _mail(effects, happening_of=lambda _: happening_id)
    return effects


def after_a_list(prisoners: Iterable[Prisoner], *, source: str, as_of: date, by: str | None) -> list[Happening]:
    """Do the same for locked prisoners of whom a list has just said that they were released or died.

    `by` is the id of the account that imports; an event is signed, so without one only its consequences are kept.
    Takes a few queries however many prisoners there are, and some more for each match that was live.
    """
    by_id = {prisoner.id: prisoner for prisoner in prisoners}
    event_ids = {key: new_id() for key in sorted(by_id)}
    if by is not None:
        session().add_all(_event(by_id[key], event_id, source, as_of, by) for key, event_id in event_ids.items())
    effects = Effects()
    for some in in_chunks(sorted(by_id)):
        matches = session().scalars(locked(events.concerned(some))).all()
        for match, standing in _standings(matches, fits_again=_never):
            event = ENDS_OF_DETENTION[by_id[match.prisoner_id].detention_status]
            consequence = follow(event, standing, facility_id=None)
            if consequence is not None:
                _move(match, consequence, effects=effects)
    _mail(effects, happening_of=lambda match: event_ids[match.prisoner_id])
    return effects.happenings


def _event(prisoner: Prisoner, event_id: str, source: str, as_of: date, by: str) -> PrisonerEvent:
    """The event that a list tells of, on the day it names; where it names none, on the day it stands for."""
    kind = ENDS_OF_DETENTION[prisoner.detention_status]
    named = prisoner.released_on if kind is EventType.RELEASE else prisoner.died_on
    return PrisonerEvent(
        id=event_id,
        prisoner_id=prisoner.id,
        type=kind,
        happened_on=(named.whole if named else None) or as_of,
        source=source,
        recorded_at=now(),
        recorded_by=by,
    )


def _standings(matches: Sequence[Match], *, fits_again: Callable[[Match], bool]) -> Iterator[tuple[Match, Standing]]:
    """Each match with where it stands, looked at only when its turn comes: the one before may have taken a seat."""
    offers = events.offers_gone([match.id for match in matches if match.state is MatchState.APPROVED])
    returns = events.last_returns({match.prisoner_id for match in matches})
    for match in matches:
        returned, ended = returns.get(match.prisoner_id), match.ended_at
        by_release = match.state is MatchState.ENDED and ended is not None and (returned is None or ended > returned)
        yield (
            match,
            Standing(
                state=match.state,
                offer_gone=match.id in offers,
                ended_by_release=by_release,
                fits_again=by_release and fits_again(match),
            ),
        )


def _never(_match: Match) -> bool:
    return False


def _fits_again(match: Match) -> bool:
    """Whether the two could be matched today, the prisoner being held again."""
    if events.has_undecided(match):
        return False
    session().flush()
    pair = explanations.of_pair(match.prisoner_id, match.sponsor_id, day=today(), kind=match.kind, leaving_out=match.id)
    return pair.rule is None


def _move(match: Match, consequence: Consequence, *, effects: Effects) -> None:
    if consequence.after is not match.state:
        check_move(MATCH_MOVES, match.state, consequence.after)
    fields = _write(match, consequence)
    effects.consequences.append((match, consequence))
    if fields:
        effects.happenings.append(Happening(consequence.verb, AuditEntity.MATCH, match.id, fields))


def _mail(effects: Effects, *, happening_of: Callable[[Match], str]) -> None:
    """Stop what has not gone about these matches, then tell their sponsors."""
    session().flush()
    # Nobody was mailed about a proposal.
    known = [match.id for match, consequence in effects.consequences if consequence.before is not MatchState.PROPOSED]
    for some in in_chunks(known):
        effects.mails_stopped += outbox.withdraw_all_unsent(some, reason=outbox.Withdrawal.EVENT_RECORDED)
    for match, consequence in effects.consequences:
        if consequence.notice is not None:
            message = outbox.Message(consequence.notice)
            outbox.enqueue(
                message=message,
                occasion=occasions.notice(message, match.id, happening_id=happening_of(match)),
                account_id=match.sponsor.account_id,
                match_id=match.id,
            )


def _write(match: Match, consequence: Consequence) -> list[str]:
    """Write what changes; gives the names of the fields that did."""
    if (match.state, match.end_reason) == (consequence.after, consequence.end_reason):
        return []
    fields = ["state"] if match.state is not consequence.after else []
    if match.end_reason is not consequence.end_reason:
        fields += ["end_reason", "ended_at"]
        match.end_reason = consequence.end_reason
        match.ended_at = now() if consequence.end_reason else None
    match.state = consequence.after
    return fields
