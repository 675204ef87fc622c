"""Where things stand for a sponsor, in one word: what their home shows first."""

from collections.abc import Sequence
from enum import StrEnum

from app.clock import today
from app.models import Match, Sponsor
from app.queries.letters import today_in
from app.vocabulary import MatchState, VettingState


class Standing(StrEnum):
    """The one thing that matters now."""

    TURNED_AWAY = "turned_away"
    VETTING = "vetting"
    OFFER = "offer"
    SUPPORTING = "supporting"
    PAUSED = "paused"
    NOT_YET = "not_yet"
    NO_LONGER = "no_longer"
    WAITING = "waiting"


def standing(sponsor: Sponsor, mine: Sequence[Match]) -> Standing:
    """The first that holds, of what matters most; `mine` are the sponsor's live matches."""
    states = {match.state for match in mine}
    if sponsor.vetting_state is VettingState.REJECTED:
        return Standing.TURNED_AWAY
    if sponsor.vetting_state is VettingState.PENDING:
        return Standing.VETTING
    if MatchState.APPROVED in states:
        return Standing.OFFER
    if sponsor.takes_pause(today_in(sponsor.account.time_zone)):
        return Standing.PAUSED
    return Standing.SUPPORTING if states else _without_match(sponsor)


def _without_match(sponsor: Sponsor) -> Standing:
    if sponsor.available_from is not None and sponsor.available_from > today():
        return Standing.NOT_YET
    if sponsor.available_until is not None and sponsor.available_until < today():
        return Standing.NO_LONGER
    return Standing.WAITING
