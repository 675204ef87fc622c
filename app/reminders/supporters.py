"""Everything that falls due for one sponsor: on their matches, and for themselves. Pure."""

from collections.abc import Iterator
from datetime import date

from app.reminders.facts import Supporter
from app.reminders.hindrances import hindrance, sponsor_hindrance, why_not
from app.reminders.keeping import of_sponsor
from app.reminders.occasions import ABOUT_SPONSOR, Occasion
from app.reminders.rhythm import standing


def due(supporter: Supporter, on: date) -> Iterator[tuple[Occasion, str | None]]:
    """Each occasion that stands on the day and is not stale, with what holds it back (None: nothing)."""
    for match in supporter.matches:
        for occasion in standing(match, on):
            yield occasion, hindrance(occasion.kind, match, on=on)
    for occasion in of_sponsor(supporter, on):
        if occasion.is_alive(on):
            yield occasion, sponsor_hindrance(occasion.kind, supporter.sponsor, on=on)


def why_not_to(supporter: Supporter, occasion: Occasion, *, on: date) -> str | None:
    """Why a reminder of the occasion must not go to the sponsor on that day, or None; words as `why_not`'s."""
    if occasion.kind not in ABOUT_SPONSOR:
        match = supporter.match(occasion.about)
        return why_not(occasion, match, on=on) if match else "no_longer_due"
    if occasion.is_stale(on):
        return "stale"
    if not occasion.is_alive(on) or occasion.first not in of_sponsor(supporter, on):
        return "no_longer_due"
    return sponsor_hindrance(occasion.kind, supporter.sponsor, on=on)
