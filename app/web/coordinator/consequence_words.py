"""What an event would do, in sentences that a coordinator reads before they confirm."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.actions.event_effects import Effects
from app.actions.events import EventOrder
from app.permissions import Viewer
from app.vocabulary import EventType


def sentences(order: EventOrder, effects: Effects) -> list[str]:
    """One sentence for each thing that happens; what happens to nobody is not said."""
    said = [_of_the_prisoner(order), *_of_the_matches(effects), _of_the_sponsors(order.type, effects.told)]
    if effects.mails_stopped:
        said.append(
            ngettext(
                "One mail that has not gone yet is stopped.",
                "%(num)d mails that have not gone yet are stopped.",
                effects.mails_stopped,
            )
        )
    return [str(sentence) for sentence in said]


def whom(effects: Effects, viewer: Viewer) -> tuple[list[str], int]:
    """Who is told: the names of the sponsors of the coordinator's regions, and how many others there are."""
    sponsors = [match.sponsor for match, consequence in effects.consequences if consequence.notice is not None]
    mine = sorted({sponsor.name for sponsor in sponsors if viewer.covers_country(sponsor.country)})
    return mine, sum(not viewer.covers_country(sponsor.country) for sponsor in sponsors)


def _of_the_prisoner(order: EventOrder) -> Any:
    if order.type is EventType.RELEASE:
        return _("They stand in the record as released.")
    if order.type is EventType.DEATH:
        return _("Their death stands in the record, and nothing can be recorded after it.")
    if order.facility_id is None:
        return _("No address is shown any more, until somebody records where they are.")
    return _("The new address takes the place of the old one.")


def _of_the_matches(effects: Effects) -> Iterator[Any]:
    if effects.ended:
        yield ngettext("One match ends.", "%(num)d matches end.", effects.ended)
    if effects.begun_again:
        yield ngettext(
            "One match that the release ended goes on, if a seat, the sponsor's places and the rules still allow it.",
            "%(num)d matches that the release ended go on, as far as seats, the sponsors' places and the rules allow.",
            effects.begun_again,
        )
    if effects.withdrawn:
        yield ngettext(
            "One proposal or offer is withdrawn.", "%(num)d proposals and offers are withdrawn.", effects.withdrawn
        )


def _of_the_sponsors(event: EventType, count: int) -> Any:
    if not count:
        return _("Nobody is told: there is no sponsor to tell.")
    if event is EventType.DEATH:
        return ngettext(
            "One sponsor gets a condolence, and nothing else about them ever after.",
            "%(num)d sponsors get a condolence, and nothing else about them ever after.",
            count,
        )
    return ngettext("One sponsor is told by mail.", "%(num)d sponsors are told by mail.", count)
