"""Letters that went off."""

from typing import Any

from app.clock import now, today
from app.models import Letter
from app.vocabulary import LetterState, MatchState
from tests.factories.matches import make_match
from tests.factories.writing import add, writing


def make_letter(**changes: Any) -> Letter:
    """A letter of an active match, made unless given, that its sponsor says they posted today."""
    with writing():
        match = changes.pop("match", None) or make_match(state=MatchState.ACTIVE)
        values = {
            "match_id": match.id,
            "state": LetterState.SENT,
            "sent_on": today(),
            "recorded_at": now(),
            "recorded_by": match.sponsor.account_id,
        }
        return add(Letter(**values | changes))
