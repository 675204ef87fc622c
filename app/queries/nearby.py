"""What a sponsor's page says beside a person: the days that are coming up, and an idea of what to do."""

from dataclasses import dataclass
from datetime import date

from app.queries import reminders
from app.queries.letters import today_in
from app.reminders import ActionIdea, Holiday, coming_days, idea_of
from app.vocabulary import MatchState, SupportKind


@dataclass(frozen=True)
class Nearby:
    """Days that are coming up, the nearest first, and the idea of the day for a godparent (None for anybody else)."""

    days: list[tuple[Holiday, date]]
    idea: ActionIdea | None = None


def of_match(match_id: str, *, account_id: str) -> Nearby:
    """For one match of the account; nothing unless it is active."""
    supporter = reminders.of_account(account_id)
    match = supporter.match(match_id) if supporter else None
    if match is None or match.state is not MatchState.ACTIVE:
        return Nearby([])
    today = today_in(match.sponsor.time_zone)
    idea = idea_of(match, today) if match.kind is SupportKind.GODPARENT else None
    return Nearby(coming_days(match, today), idea)
