"""Events of prisoners, and what recording one has to look at."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.clock import now
from app.database import session
from app.models import Facility, Match, OutgoingMail, Prisoner, PrisonerEvent
from app.permissions import Viewer
from app.queries.scope import prisoners_of
from app.vocabulary import (
    GONE_OR_GOING,
    LIVE_STATES,
    NO_LONGER_HELD,
    UNSENT,
    DetentionStatus,
    EndReason,
    EventType,
    MatchState,
    VettingState,
)

ENDED = frozenset({MatchState.ENDED})
GOES_ON = frozenset({MatchState.ACTIVE})
"""Of a match that rests nothing is told but that it does (Z4)."""
HELD = frozenset(DetentionStatus) - NO_LONGER_HELD
NEWS_DAYS = 30
"""For so long a sponsor's home says what happened."""


def prisoner_in_scope(viewer: Viewer, prisoner_id: str) -> Prisoner | None:
    """The prisoner, if they are of the viewer's caseload."""
    return session().scalar(select(Prisoner).where(Prisoner.id == prisoner_id, prisoners_of(viewer)))


def of_prisoner(viewer: Viewer, prisoner_id: str) -> list[PrisonerEvent]:
    """Everything that was recorded of one prisoner of the viewer's caseload, the newest first."""
    query = select(PrisonerEvent).join(Prisoner, Prisoner.id == PrisonerEvent.prisoner_id)
    query = query.where(PrisonerEvent.prisoner_id == prisoner_id, prisoners_of(viewer))
    newest = query.order_by(PrisonerEvent.happened_on.desc(), PrisonerEvent.recorded_at.desc())
    return list(session().scalars(newest.options(joinedload(PrisonerEvent.facility))))


def facilities(country: str) -> list[Facility]:
    """Where somebody held by the country can be moved to, by name."""
    return list(session().scalars(select(Facility).where(Facility.country == country).order_by(Facility.title)))


def facility(facility_id: str, *, country: str) -> Facility | None:
    """One facility of the country."""
    return session().scalar(select(Facility).where(Facility.id == facility_id, Facility.country == country))


def is_recorded(prisoner_id: str, event: EventType, day: date) -> bool:
    """Whether this very event stands in the record."""
    same = select(PrisonerEvent.id).where(
        PrisonerEvent.prisoner_id == prisoner_id, PrisonerEvent.type == event, PrisonerEvent.happened_on == day
    )
    return session().scalar(same.limit(1)) is not None


def last_day(prisoner_id: str, kinds: Collection[EventType]) -> date | None:
    """The newest day on which one of these happened to the prisoner."""
    newest = select(func.max(PrisonerEvent.happened_on))
    return session().scalar(newest.where(PrisonerEvent.prisoner_id == prisoner_id, PrisonerEvent.type.in_(kinds)))


def concerned(prisoner_ids: Collection[str]) -> Select[Match]:
    """The matches that an event can mean something to: proposals, live ones, and those that a release ended.

    In the order of their ids, which is the order of locking.
    """
    ended = and_(Match.state == MatchState.ENDED, Match.end_reason == EndReason.RELEASED)
    open_or_live = Match.state.in_([MatchState.PROPOSED, *LIVE_STATES])
    theirs = select(Match).where(Match.prisoner_id.in_(prisoner_ids), or_(open_or_live, ended))
    return theirs.order_by(Match.id).options(selectinload(Match.sponsor))


def offers_gone(match_ids: Collection[str]) -> set[str]:
    """The matches whose offer reached the sponsor, or may have."""
    gone = OutgoingMail.message == "offer", OutgoingMail.state.in_(GONE_OR_GOING)
    return set(session().scalars(select(OutgoingMail.match_id).where(OutgoingMail.match_id.in_(match_ids), *gone)))


def last_returns(prisoner_ids: Collection[str]) -> dict[str, datetime]:
    """When each prisoner's newest return to custody was recorded; whoever never returned is missing."""
    newest = select(PrisonerEvent.prisoner_id, func.max(PrisonerEvent.recorded_at))
    of_type = newest.where(PrisonerEvent.prisoner_id.in_(prisoner_ids), PrisonerEvent.type == EventType.RETURN)
    return {prisoner: moment for prisoner, moment in session().execute(of_type.group_by(PrisonerEvent.prisoner_id))}


def unsent_about(match_ids: Collection[str]) -> int:
    """How many mails about these matches have not gone yet."""
    waiting = OutgoingMail.match_id.in_(match_ids), OutgoingMail.state.in_(UNSENT)
    return session().scalar(select(func.count()).select_from(OutgoingMail).where(*waiting)) or 0


def has_undecided(match: Match) -> bool:
    """Whether the pair of an ended match has a proposal, which bars it from going on."""
    same_pair = Match.prisoner_id == match.prisoner_id, Match.sponsor_id == match.sponsor_id
    return session().scalar(select(Match.id).where(*same_pair, Match.state == MatchState.PROPOSED)) is not None


def ended_lately(viewer: Viewer) -> list[Match]:
    """The viewer's own matches that a release or a death ended in the last days, the newest first.

    Nobody is among them whose release no longer holds.
    """
    still = or_(
        and_(Match.end_reason == EndReason.RELEASED, Prisoner.detention_status == DetentionStatus.RELEASED),
        and_(Match.end_reason == EndReason.DIED, Prisoner.detention_status == DetentionStatus.DIED_IN_CUSTODY),
    )
    since = now() - timedelta(days=NEWS_DAYS)
    query = select(Match).join(Match.prisoner).where(Match.sponsor_id == viewer.sponsor_id, still)
    lately = query.where(Match.state == MatchState.ENDED, Match.ended_at >= since)
    return list(session().scalars(lately.order_by(Match.ended_at.desc(), Match.id).options(joinedload(Match.prisoner))))


def moved_lately(viewer: Viewer) -> list[PrisonerEvent]:
    """The newest transfer or return, of the last days, of each prisoner whom the viewer stands by."""
    mine = select(Match.prisoner_id).where(Match.sponsor_id == viewer.sponsor_id, Match.state.in_(GOES_ON))
    query = select(PrisonerEvent).where(
        PrisonerEvent.prisoner_id.in_(mine),
        PrisonerEvent.type.in_([EventType.TRANSFER, EventType.RETURN]),
        PrisonerEvent.recorded_at >= now() - timedelta(days=NEWS_DAYS),
    )
    in_order = query.order_by(PrisonerEvent.happened_on, PrisonerEvent.recorded_at)
    both = joinedload(PrisonerEvent.prisoner), joinedload(PrisonerEvent.facility)
    newest = {event.prisoner_id: event for event in session().scalars(in_order.options(*both))}
    return list(newest.values())


def why_not_notice(
    mail: OutgoingMail, *, states: Collection[MatchState], status: Collection[DetentionStatus]
) -> str | None:
    """Why a notice must not go now, or None: only while the match and the prisoner stand as it tells (M3).

    A sponsor who takes a pause is told all the same; whoever was turned away since is told nothing.
    """
    match = session().get(Match, mail.match_id) if mail.match_id else None
    if match is None or match.state not in states:
        return "match_changed"
    if match.prisoner.detention_status not in status:
        return "event_overtaken"
    if mail.account.email_confirmed_at is None:
        return "address_unconfirmed"
    return "vetting_changed" if match.sponsor.vetting_state is VettingState.REJECTED else None
