"""What happened lately to the people a sponsor stands by or stood by, for the sponsor's home. No address, no story."""

from dataclasses import dataclass

from app.models import PrisonerEvent
from app.partial_date import PartialDate
from app.permissions import Viewer
from app.queries import events
from app.vocabulary import EndReason, EventType


@dataclass(frozen=True, kw_only=True)
class News:
    """One thing that happened: `what` is released, died, moved, in_transfer or returned; `day` is as far as known."""

    what: str
    name: str
    day: PartialDate | None


def news(viewer: Viewer) -> list[News]:
    """The last month's, what ended first."""
    ended = [
        News(
            what=str(match.end_reason),
            name=match.prisoner.shown_name,
            day=match.prisoner.died_on if match.end_reason is EndReason.DIED else match.prisoner.released_on,
        )
        for match in events.ended_lately(viewer)
    ]
    return ended + [_moved(event) for event in events.moved_lately(viewer)]


def _moved(event: PrisonerEvent) -> News:
    prisoner = event.prisoner
    what = "returned" if event.type is EventType.RETURN else "moved" if event.facility_id else "in_transfer"
    return News(what=what, name=prisoner.shown_name, day=PartialDate.of(event.happened_on))
