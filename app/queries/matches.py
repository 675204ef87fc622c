"""Matches as their people see them: the coordinator's proposals, the sponsor's own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import contains_eager, load_only, selectinload

from app.clock import now
from app.database import session
from app.models import Facility, Match, OutgoingMail, Prisoner, PrisonerFact, Sponsor
from app.permissions import Viewer
from app.queries.paging import Page, page_of, some_of
from app.queries.scope import prisoners_of, sponsors_of
from app.vocabulary import LIVE_STATES, MatchState, OutgoingState, Publicity, SupportKind

PROPOSALS_ON_A_PAGE = 50


@dataclass(frozen=True)
class ProposalFilter:
    """What a coordinator narrows the list to; no tiers and no kind leave it open."""

    tiers: tuple[int, ...] = ()
    kind: SupportKind | None = None


@dataclass(frozen=True)
class TakenUp:
    """What a sponsor said yes to: when the first time, also where that match has ended (None: never yet), how many of
    their matches a coordinator lets rest, and whether it was their office that said it the first time.
    """

    first_at: datetime | None
    resting: int
    by_office: bool


def in_scope(match: Match, viewer: Viewer) -> bool:
    """Whether both sides of the match are the coordinator's."""
    query = select(Match.id).join(Match.sponsor).join(Match.prisoner)
    found = query.where(Match.id == match.id, sponsors_of(viewer), prisoners_of(viewer))
    return session().scalar(found) is not None


def _of_coordinator(viewer: Viewer) -> Select[Match]:
    return select(Match).join(Match.sponsor).join(Match.prisoner).where(sponsors_of(viewer), prisoners_of(viewer))


_PRISONER, _SPONSOR = contains_eager(Match.prisoner), contains_eager(Match.sponsor)
_WHOLE = (_PRISONER.joinedload(Prisoner.facility), _PRISONER.selectinload(Prisoner.facts), _SPONSOR)
# A long list reads what its lines show; to ask a line for anything else is an error.
_IN_A_LINE = (
    load_only(
        Match.id, Match.prisoner_id, Match.sponsor_id, Match.kind, Match.run_id, Match.tier, Match.terms, Match.version,
        raiseload=True,
    ),
    _PRISONER.load_only(Prisoner.name, Prisoner.name_latin, raiseload=True),
    _PRISONER.joinedload(Prisoner.facility).load_only(Facility.title, Facility.city, raiseload=True),
    _PRISONER.selectinload(Prisoner.facts).load_only(PrisonerFact.fact_sealed, raiseload=True),
    _SPONSOR.load_only(Sponsor.name, Sponsor.role, Sponsor.country, Sponsor.capacity, raiseload=True),
)  # fmt: skip


def proposals(viewer: Viewer, narrowed: ProposalFilter, *, number: int) -> Page[Match]:
    """Undecided proposals of the coordinator's people: the most urgent tier first, then the best fit."""
    query = _undecided(viewer)
    if narrowed.tiers:
        query = query.where(Match.tier.in_(narrowed.tiers))
    if narrowed.kind is not None:
        query = query.where(Match.kind == narrowed.kind)
    return page_of(query, Match.id, number=number, size=PROPOSALS_ON_A_PAGE)


def most_urgent(viewer: Viewer, *, count: int) -> list[Match]:
    """The first `count` of them all."""
    return list(session().scalars(some_of(_undecided(viewer), Match.id, count=count)))


def _undecided(viewer: Viewer) -> Select[Match]:
    proposed = _of_coordinator(viewer).where(Match.state == MatchState.PROPOSED).options(*_IN_A_LINE)
    return proposed.order_by(Match.tier, Match.fit.desc(), Match.id)


def for_coordinator(viewer: Viewer, match_id: str) -> Match | None:
    """One match of the coordinator's people, in whatever state."""
    return session().scalar(_of_coordinator(viewer).where(Match.id == match_id).options(*_WHOLE))


def carried_by(sponsor_id: str) -> int:
    """How many live matches the sponsor has."""
    query = select(func.count()).where(Match.sponsor_id == sponsor_id, Match.state.in_(LIVE_STATES))
    return session().scalar(query) or 0


def supporters_of(prisoner_id: str, kind: SupportKind) -> int:
    """How many live matches of the kind the prisoner has."""
    query = select(func.count()).where(
        Match.prisoner_id == prisoner_id, Match.kind == kind, Match.state.in_(LIVE_STATES)
    )
    return session().scalar(query) or 0


def carried_by_each(sponsor_ids: list[str]) -> dict[str, int]:
    """How many live matches each of the sponsors has; sponsors without one are missing."""
    query = (
        select(Match.sponsor_id, func.count())
        .where(Match.sponsor_id.in_(sponsor_ids), Match.state.in_(LIVE_STATES))
        .group_by(Match.sponsor_id)
    )
    return {sponsor_id: count for sponsor_id, count in session().execute(query)}


def live_of_prisoner(viewer: Viewer, prisoner_id: str) -> list[Match]:
    """Every live match of a prisoner of the coordinator's caseload, for the page about them."""
    query = (
        select(Match)
        .join(Match.prisoner)
        .where(Match.prisoner_id == prisoner_id, prisoners_of(viewer), Match.state.in_(LIVE_STATES))
        .options(selectinload(Match.sponsor))
        .order_by(Match.kind, Match.decided_at)
    )
    return list(session().scalars(query))


def _shown_to_sponsor() -> ColumnElement[bool]:
    """To the sponsor a match exists from the offer on, and while it is live and does not rest.

    A coordinator lets a match rest so that the sponsor sees nothing of it (Z4). An offer is not there while its mail is
    held back, since it may still be taken back; nor when its case is one that sponsors may not know any more. Whoever
    has accepted knows it, until a coordinator ends the match.
    """
    known = Prisoner.publicity != Publicity.COORDINATORS_ONLY
    held_back = exists().where(
        OutgoingMail.match_id == Match.id,
        OutgoingMail.message == "offer",
        OutgoingMail.state == OutgoingState.QUEUED,
        OutgoingMail.due_at > now(),
    )
    return (Match.state == MatchState.ACTIVE) | ((Match.state == MatchState.APPROVED) & known & ~held_back)


def of_sponsor(viewer: Viewer) -> list[Match]:
    """The sponsor's own matches, open offers first, then the oldest."""
    query = (
        select(Match)
        .join(Match.prisoner)
        .where(Match.sponsor_id == viewer.sponsor_id, _shown_to_sponsor())
        .options(contains_eager(Match.prisoner).joinedload(Prisoner.facility))
    )
    return sorted(session().scalars(query), key=lambda m: (m.state is not MatchState.APPROVED, m.proposed_at))


def own(viewer: Viewer, match_id: str) -> Match | None:
    """One of the sponsor's own matches, while it is theirs to see: an ended or refused one is not."""
    query = (
        select(Match)
        .join(Match.prisoner)
        .where(Match.id == match_id, Match.sponsor_id == viewer.sponsor_id, _shown_to_sponsor())
        .options(contains_eager(Match.prisoner).joinedload(Prisoner.facility))
    )
    return session().scalar(query) if viewer.sponsor_id else None


def stands_by(viewer: Viewer, prisoner_id: str) -> bool:
    """Whether the sponsor was offered the prisoner, or stands by them, in a match that is theirs to see."""
    query = select(Match.id).join(Match.prisoner).where(Match.prisoner_id == prisoner_id, _shown_to_sponsor())
    return session().scalar(query.where(Match.sponsor_id == viewer.sponsor_id).limit(1)) is not None


def taken_up(viewer: Viewer) -> TakenUp:
    """What the sponsor took up, in one query."""
    states = Match.state.in_((MatchState.ACTIVE, MatchState.PAUSED, MatchState.ENDED))
    resting = func.count().filter(Match.state == MatchState.PAUSED)
    mine = Match.sponsor_id == viewer.sponsor_id, states
    first = select(Match.answered_by != Sponsor.account_id).join(Match.sponsor).where(*mine)
    in_order = first.where(Match.answered_at.is_not(None)).order_by(Match.answered_at, Match.id)
    by_office = in_order.limit(1).scalar_subquery()
    query = select(func.min(Match.answered_at), resting, by_office).where(*mine)
    first_at, number, was_office = session().execute(query).one()
    return TakenUp(first_at, number, by_office=bool(was_office))
