"""What becomes of a proposal: the steps of one match from the night it was proposed to its end. Pure.

A deck of cards decides, dealt in turn, so that every state is met in a world of any size; what befalls the prisoner
or the sponsor wins over the card. What an event means for a match,
the rules of the real ones say (`app.actions.consequences`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from app.actions.consequences import Notice, Standing, follow
from app.audit_words import AuditAction
from app.demo.dice import Dice
from app.demo.people import InventedEvent, InventedPrisoner, InventedSponsor
from app.demo.places import facilities
from app.matching import DEFAULT_POLICY
from app.reminders import OFFER_LASTS
from app.transitions import MATCH_MOVES
from app.vocabulary import DeclineReason, EndReason, MatchState, RefusalReason, SupportKind


class Card(StrEnum):
    """How a coordinator and a sponsor take a proposal."""

    TAKEN_UP = "taken_up"
    TAKEN_UP_AT_ONCE = "taken_up_at_once"
    GIVEN_UP = "given_up"
    UNANSWERED = "unanswered"
    LAPSED = "lapsed"
    REFUSED = "refused"
    DECLINED = "declined"
    UNDECIDED = "undecided"
    WITHDRAWN = "withdrawn"


PAST_DECK: Final = (
    Card.TAKEN_UP, Card.DECLINED, Card.TAKEN_UP, Card.GIVEN_UP, Card.TAKEN_UP, Card.REFUSED, Card.TAKEN_UP,
    Card.LAPSED, Card.TAKEN_UP, Card.WITHDRAWN, Card.TAKEN_UP, Card.UNDECIDED, Card.TAKEN_UP_AT_ONCE, Card.TAKEN_UP,
    Card.TAKEN_UP, Card.TAKEN_UP,
)  # fmt: skip
LATE_DECK: Final = (
    Card.UNANSWERED, Card.TAKEN_UP, Card.DECLINED, Card.UNDECIDED, Card.TAKEN_UP, Card.UNANSWERED, Card.REFUSED,
    Card.UNDECIDED,
)  # fmt: skip
TONIGHTS_DECK: Final = (*[Card.UNDECIDED] * 11, Card.UNANSWERED, *[Card.UNDECIDED] * 7, Card.DECLINED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of a match, or only a notice (no `values`).

    `by_sponsor`: they act, else the coordinator; `by_nobody`: a night's job acts. `event`: it follows from that, and
    whoever recorded it acts.
    """

    at: datetime
    action: AuditAction
    values: dict[str, Any]
    by_sponsor: bool = False
    by_nobody: bool = False
    event: InventedEvent | None = None
    notice: Notice | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """What the audit trail names: the state, the reason or note where one is given, and of an end its moment."""
        named = ("state", "ended_at", "coordinator_note")
        return tuple(name for name in self.values if name in named or name.endswith("_reason"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One match that stands proposed, the people on either side, and when proposals are gone over next.

    `offer_held_for`: so long the mail of an offer waits for a second thought.
    """

    proposed_at: datetime
    next_run: datetime
    offer_held_for: timedelta
    prisoner: InventedPrisoner
    sponsor: InventedSponsor
    hurried: bool = False

    @property
    def decision_within(self) -> timedelta:
        """How soon the coordinator decides: in days, or on the morning after the last run."""
        return timedelta(hours=8) if self.hurried else timedelta(days=6)


def steps_of(card: Card, proposal: Proposal, dice: Dice) -> tuple[Step, ...]:
    """The steps of a match after it was proposed, in order; some may lie in the future, and have not happened."""
    decided_at = proposal.proposed_at + dice.within(timedelta(hours=5), proposal.decision_within)
    planned = tuple(_planned(card, proposal, decided_at, dice))
    # Of a proposal that stays undecided the next run takes care, and whoever goes over its proposals.
    befalling = [
        event
        for event in proposal.prisoner.events
        if event.at > proposal.proposed_at and (card is not Card.UNDECIDED or event.at < proposal.next_run)
    ]
    life = _Life(proposal)
    everything: list[Step | InventedEvent] = [*planned, *befalling]
    met = [life.meet(one) for one in sorted(everything, key=lambda one: one.at)]
    return tuple(step for step in met if step is not None)


class _Life:
    """One match as its time goes by: what befalls the prisoner leaves no room for some of what was planned."""

    def __init__(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._state = MatchState.PROPOSED
        self._offer_goes_at: datetime | None = None
        self._ended_by_release = False

    def meet(self, one: Step | InventedEvent) -> Step | None:
        """What comes of a planned step or an event; None where it means nothing any more, or nothing to this match."""
        step = self._follow(one) if isinstance(one, InventedEvent) else one
        if step is None or not step.values:
            return step
        after = step.values["state"]
        if after not in MATCH_MOVES[self._state]:
            return None
        self._state, self._ended_by_release = after, step.values.get("end_reason") is EndReason.RELEASED
        if after is MatchState.APPROVED:
            self._offer_goes_at = step.at + self._proposal.offer_held_for
        return step

    def _follow(self, event: InventedEvent) -> Step | None:
        """What the rules for a real event make of this one."""
        standing = Standing(
            state=self._state,
            offer_gone=self._offer_goes_at is not None and self._offer_goes_at <= event.at,
            ended_by_release=self._ended_by_release,
            fits_again=_fits_again(self._proposal, event),
        )
        place = None if event.facility is None else str(event.facility)
        found = follow(event.type, standing, facility_id=place)
        if found is None or (found.before is found.after and found.notice is None):
            return None
        values: dict[str, Any] = {"state": found.after} if found.after is not found.before else {}
        if found.ends or found.begins_again:
            values |= {"ended_at": event.at if found.ends else None, "end_reason": found.end_reason}
        return Step(at=event.at, action=found.verb, values=values, event=event, notice=found.notice)


def _fits_again(proposal: Proposal, event: InventedEvent) -> bool:
    """Whether the rules that time or a place can change would let the two be matched then (app.matching.rules).

    Seat and capacity are still free: nobody was proposed between the release and the return.
    """
    sponsor, day = proposal.sponsor, event.at.date()
    paused = sponsor.paused_at is not None and sponsor.paused_at <= event.at
    away = sponsor.available_until is not None and sponsor.available_until < day
    mandate_left = sponsor.mandate_ends - day if sponsor.mandate_ends else timedelta.max
    if paused or away or mandate_left < timedelta(days=DEFAULT_POLICY.hard_rules.mandate_days_left):
        return False
    if sponsor.support_kind is SupportKind.GODPARENT or sponsor.translation_offered:
        return True
    passed = proposal.prisoner.reads if event.facility is None else facilities()[event.facility].languages
    return not sponsor.languages.keys().isdisjoint(passed)


def _planned(card: Card, proposal: Proposal, decided_at: datetime, dice: Dice) -> Iterator[Step]:
    """What coordinator and sponsor would do, did nothing befall the prisoner."""
    if card is Card.UNDECIDED:
        return
    if card is Card.WITHDRAWN:
        yield Step(at=decided_at, action=AuditAction.WITHDRAW, values={"state": MatchState.WITHDRAWN})
        return
    if card is Card.DECLINED:
        yield _decline(decided_at, dice)
        return
    yield Step(
        at=decided_at, action=AuditAction.APPROVE, values={"state": MatchState.APPROVED, "decided_at": decided_at}
    )
    yield from _answers(card, proposal, decided_at, dice)


def _answers(card: Card, proposal: Proposal, decided_at: datetime, dice: Dice) -> Iterator[Step]:
    """What follows the approval."""
    if card is Card.UNANSWERED:
        return
    if card is Card.LAPSED:
        yield Step(
            at=decided_at + OFFER_LASTS, action=AuditAction.LAPSE, values={"state": MatchState.LAPSED}, by_nobody=True
        )
        return
    longest = timedelta(minutes=5) if card is Card.TAKEN_UP_AT_ONCE else timedelta(days=5)
    at = decided_at + dice.within(timedelta(seconds=20), longest)
    if card is Card.REFUSED:
        reason = dice.pick(tuple(RefusalReason))
        values = {"state": MatchState.REFUSED, "answered_at": at, "refusal_reason": reason}
        yield Step(at=at, action=AuditAction.REFUSE, values=values, by_sponsor=True)
        return
    yield Step(
        at=at, action=AuditAction.ACCEPT, values={"state": MatchState.ACTIVE, "answered_at": at}, by_sponsor=True
    )
    yield from _later(card, proposal, at, dice)


def _later(card: Card, proposal: Proposal, active_at: datetime, dice: Dice) -> Iterator[Step]:
    """A rest, which a coordinator agreed on with a sponsor who pauses, and an end, as far as there are any."""
    end = min(_ends(card, proposal, active_at, dice), default=None)
    paused_at = proposal.sponsor.paused_at
    if paused_at and paused_at > active_at and (end is None or paused_at < end[0]):
        note = "They are away for a while: agreed on the telephone."
        resting: dict[str, Any] = {"state": MatchState.PAUSED, "coordinator_note": note}
        yield Step(at=paused_at, action=AuditAction.PAUSE, values=resting)
    if end is not None:
        at, reason = end
        values = {"state": MatchState.ENDED, "ended_at": at, "end_reason": reason}
        yield Step(at=at, action=AuditAction.END, values=values, by_sponsor=reason is EndReason.SPONSOR_LEFT)


def _ends(card: Card, proposal: Proposal, active_at: datetime, dice: Dice) -> Iterator[tuple[datetime, EndReason]]:
    """Everything by which the sponsor or the coordinator ends the match after it began, sooner or later."""
    sponsor = proposal.sponsor
    for day, reason in (
        (sponsor.available_until, EndReason.SPONSOR_LEFT),
        (sponsor.mandate_ends, EndReason.MANDATE_ENDED),
    ):
        end = datetime.combine(day, time(20), UTC) if day else active_at
        if end > active_at:
            yield end, reason
    if card is Card.GIVEN_UP:
        usual = (EndReason.COORDINATOR, EndReason.CONSENT_WITHDRAWN)
        yield active_at + dice.within(timedelta(days=30), timedelta(days=260)), dice.pick(usual)


def _decline(at: datetime, dice: Dice) -> Step:
    reason = dice.pick(tuple(DeclineReason))
    note = "They come from the same small town." if reason is DeclineReason.OTHER else None
    values = {"state": MatchState.DECLINED, "decided_at": at, "decline_reason": reason, "decline_note": note}
    return Step(at=at, action=AuditAction.DECLINE, values=values)
