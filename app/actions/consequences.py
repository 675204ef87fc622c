"""What follows from an event for the prisoner's record, and for one match of theirs. Pure: values in, values out.

The rules are domain.md's, godparent 4 and letters 10. `app.actions.event_effects` carries them out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.audit_words import AuditAction
from app.partial_date import PartialDate
from app.vocabulary import LIVE_STATES, DetentionStatus, EndReason, EventType, FacilityKind, MatchState


class Notice(StrEnum):
    """The notices that an event can bring a sponsor, each under the name of its mail."""

    RELEASED = "released"
    CONDOLENCE = "condolence"
    MOVED = "moved"
    IN_TRANSFER = "in_transfer"
    RETURNED = "returned"
    OFFER_WITHDRAWN = "offer_withdrawn"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a match stands when the event is recorded.

    `offer_gone`: the offer's mail went, or may have. `ended_by_release`: by the last release, with no return since.
    `fits_again`: every rule, seat and place would let the two be matched now.
    """

    state: MatchState
    offer_gone: bool = False
    ended_by_release: bool = False
    fits_again: bool = False


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What becomes of a match, and what its sponsor is told. Whatever mail about it has not gone yet is stopped."""

    before: MatchState
    after: MatchState
    end_reason: EndReason | None = None
    notice: Notice | None = None

    @property
    def ends(self) -> bool:
        """Whether a sponsor who stood by the prisoner no longer does."""
        return self.after is MatchState.ENDED and self.before in LIVE_STATES

    @property
    def withdraws(self) -> bool:
        """Whether a proposal or an offer no longer holds."""
        return self.after is MatchState.WITHDRAWN

    @property
    def begins_again(self) -> bool:
        """Whether a match that had ended goes on."""
        return self.before is MatchState.ENDED and self.after is MatchState.ACTIVE

    @property
    def verb(self) -> AuditAction:
        """What the audit trail calls it."""
        if self.withdraws:
            return AuditAction.WITHDRAW
        return AuditAction.BEGIN_AGAIN if self.begins_again else AuditAction.END


def status_after(
    event: EventType, *, before: DetentionStatus, place: FacilityKind | None, sentenced: bool
) -> DetentionStatus:
    """How somebody is held once the event has happened; `place` is where a transfer led, None where nobody knows.

    Whoever returned to custody is known by that until the next release or death.
    """
    if event is not EventType.TRANSFER:
        return _STATUSES[event]
    if place is None:
        return DetentionStatus.IN_TRANSFER
    if place is FacilityKind.HOME:
        return DetentionStatus.HOME_CONFINEMENT
    if before is DetentionStatus.RETURNED_TO_CUSTODY:
        return DetentionStatus.RETURNED_TO_CUSTODY
    after_verdict = sentenced or place in (FacilityKind.COLONY, FacilityKind.OPEN_FACILITY)
    return DetentionStatus.CONVICTED if after_verdict else DetentionStatus.AWAITING_TRIAL


def columns_after(
    event: EventType, day: PartialDate, *, status: DetentionStatus, facility_id: str | None
) -> Mapping[str, Any]:
    """The columns of the prisoner that the event writes, changed or not.

    Mail stays behind (domain.md, letters 10), so an unknown place is kept as unknown and never as the old one.
    """
    if event is EventType.RELEASE:
        return {"detention_status": status, "released_on": day}
    if event is EventType.DEATH:
        return {"detention_status": status, "died_on": day}
    if event is EventType.RETURN:
        return {"detention_status": status, "released_on": None, "facility_id": facility_id}
    return {"detention_status": status, "facility_id": facility_id}


def field_of(column: str) -> str:
    """What the audit trail and the sources call a column of the prisoner."""
    return "facility" if column == "facility_id" else column


def follow(event: EventType, match: Standing, *, facility_id: str | None) -> Consequence | None:
    """What the event means for the match; None where it means nothing.

    `facility_id` is where a transfer led, None where that is not known.
    """
    if event is EventType.TRANSFER:
        return _on_transfer(match, Notice.MOVED if facility_id else Notice.IN_TRANSFER)
    return _FOLLOWS[event](match)


def _on_release(match: Standing) -> Consequence | None:
    return _no_longer_held(match, EndReason.RELEASED, Notice.RELEASED)


def _on_death(match: Standing) -> Consequence | None:
    """Whoever stood by them until a release that was recorded before learns of the death too."""
    if match.ended_by_release:
        return _becomes(match, MatchState.ENDED, end_reason=EndReason.DIED, notice=Notice.CONDOLENCE)
    return _no_longer_held(match, EndReason.DIED, Notice.CONDOLENCE)


def _no_longer_held(match: Standing, reason: EndReason, notice: Notice) -> Consequence | None:
    if match.state in (MatchState.ACTIVE, MatchState.PAUSED):
        return _becomes(match, MatchState.ENDED, end_reason=reason, notice=notice)
    if match.state is MatchState.APPROVED:
        # Who never heard of the offer is told nothing; who did is told only that it no longer holds.
        return _becomes(match, MatchState.WITHDRAWN, notice=Notice.OFFER_WITHDRAWN if match.offer_gone else None)
    if match.state is MatchState.PROPOSED:
        return _becomes(match, MatchState.WITHDRAWN)
    return None


def _on_transfer(match: Standing, notice: Notice) -> Consequence | None:
    """Whoever's match a coordinator lets rest is not told where the prisoner is now (Z4)."""
    if match.state is MatchState.ACTIVE:
        return _becomes(match, match.state, notice=notice)
    return None


def _on_return(match: Standing) -> Consequence | None:
    if not match.ended_by_release:
        return None
    if match.fits_again:
        return _becomes(match, MatchState.ACTIVE, notice=Notice.RETURNED)
    return _becomes(match, MatchState.ENDED, end_reason=EndReason.RELEASED)


def _becomes(
    match: Standing, after: MatchState, *, end_reason: EndReason | None = None, notice: Notice | None = None
) -> Consequence:
    return Consequence(before=match.state, after=after, end_reason=end_reason, notice=notice)


_STATUSES: Mapping[EventType, DetentionStatus] = {
    EventType.RELEASE: DetentionStatus.RELEASED,
    EventType.DEATH: DetentionStatus.DIED_IN_CUSTODY,
    EventType.RETURN: DetentionStatus.RETURNED_TO_CUSTODY,
}

_FOLLOWS: Mapping[EventType, Callable[[Standing], Consequence | None]] = {
    EventType.RELEASE: _on_release,
    EventType.DEATH: _on_death,
    EventType.RETURN: _on_return,
}
